oc delete project shared --ignore-not-found --wait=false >/dev/null
