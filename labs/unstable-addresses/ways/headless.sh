# A headless service gives the pods' addresses themselves, but a name to ask for them.
lab answer before "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
oc create service clusterip $ENTRY --clusterip None --tcp 8080
oc set selector service/$ENTRY app=$APP
oc set env deployment/reader SERVER=$ENTRY
oc delete pod -l app=$APP
oc rollout status deployment/$APP
lab answer after "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
