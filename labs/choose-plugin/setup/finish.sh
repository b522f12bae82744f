oc delete project plug plug-other --ignore-not-found --wait=false >/dev/null
