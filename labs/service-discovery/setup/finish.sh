oc delete project discovery --ignore-not-found --wait=false >/dev/null
