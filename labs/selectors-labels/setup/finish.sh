oc delete project versions --ignore-not-found --wait=false >/dev/null
