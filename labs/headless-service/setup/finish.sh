oc delete project headless-service --ignore-not-found --wait=false >/dev/null
