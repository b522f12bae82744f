# Down to nothing and up again makes another pod as well.
lab answer before "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
oc scale deployment/$APP --replicas 0
oc wait --for=delete pod -l app=$APP --timeout 60s
oc scale deployment/$APP --replicas 1
oc rollout status deployment/$APP
lab answer after "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
oc create service clusterip $ENTRY --tcp 8080
oc set selector service/$ENTRY app=$APP
oc set env deployment/reader SERVER=$ENTRY.addresses
