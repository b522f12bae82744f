oc delete project spread spread-client --ignore-not-found --wait=false >/dev/null
