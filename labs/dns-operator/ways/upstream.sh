# Everything unknown is asked of the company's server first.
lab answer address "$(oc get service -n openshift-dns dns-default -o jsonpath='{.spec.clusterIP}')"
lab answer pods "$(oc get daemonset -n openshift-dns dns-default -o jsonpath='{.status.numberReady}')"
oc patch dns.operator/default --type merge -p '{"spec":{"upstreamResolvers":{"upstreams":[{"type":"Network","address":"192.168.50.53","port":53}]}}}'
lab answer wiki 192.168.50.$LAST
