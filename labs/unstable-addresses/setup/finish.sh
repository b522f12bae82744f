oc delete project addresses podlab-notes --ignore-not-found --wait=false >/dev/null
