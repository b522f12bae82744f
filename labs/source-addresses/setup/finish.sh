oc delete project source --ignore-not-found --wait=false >/dev/null
