oc delete project extra extra-other --ignore-not-found --wait=false >/dev/null
