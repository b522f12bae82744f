oc delete project map map-other --ignore-not-found --wait=false >/dev/null
