oc get network.config/cluster >/dev/null
