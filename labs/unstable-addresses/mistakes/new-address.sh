# The reader is given the new pod's address: it works until the next replacement.
# loses: client=20
lab answer before "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
oc delete pod -l app=$APP
lab answer after "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
oc expose deployment/$APP --name $ENTRY --port 8080
oc set env deployment/reader SERVER=$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')
