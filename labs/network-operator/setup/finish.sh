oc patch network.config/cluster --type merge -p '{"spec":{"networkType":"OVNKubernetes"}}' >/dev/null
