oc delete project doors --ignore-not-found --wait=false >/dev/null
