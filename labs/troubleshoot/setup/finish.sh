oc delete project shop shop-desk shop-old --ignore-not-found --wait=false >/dev/null
