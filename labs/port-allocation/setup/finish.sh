oc delete project ports --ignore-not-found --wait=false >/dev/null
