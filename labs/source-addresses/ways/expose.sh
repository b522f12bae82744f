lab answer inside "$(oc get pod $CLIENT -o jsonpath='{.status.podIP}')"
oc scale deployment/$WEB --replicas 2
oc expose deployment/$WEB --type NodePort
oc get service $WEB -o yaml | sed 's/externalTrafficPolicy: Cluster/externalTrafficPolicy: Local/' | oc replace -f -
