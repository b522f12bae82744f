oc delete project vault vault-{{monitor}} vault-other --ignore-not-found --wait=false >/dev/null
