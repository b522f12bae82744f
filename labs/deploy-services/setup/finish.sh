oc delete project deploy-services deploy-services-2 --ignore-not-found --wait=false >/dev/null
