oc delete project names names-{{team}} --ignore-not-found --wait=false >/dev/null
