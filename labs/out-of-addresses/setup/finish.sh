oc delete project crowded --ignore-not-found --wait=false >/dev/null
