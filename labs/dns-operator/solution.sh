lab answer address "$(oc get dns.operator/default -o jsonpath='{.status.clusterIP}')"
lab answer pods "$(oc get pods -n openshift-dns -l dns.operator.openshift.io/daemonset-dns=default --no-headers | wc -l)"
oc patch dns.operator/default --type merge -p "{\"spec\":{\"servers\":[{\"name\":\"company\",\"zones\":[\"$ZONE.test\"],\"forwardPlugin\":{\"upstreams\":[\"192.168.50.53\"]}}]}}"
lab answer wiki 192.168.50.$LAST
