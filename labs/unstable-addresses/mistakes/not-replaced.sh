# The same address is noted twice, since nothing was replaced.
# loses: after=10
lab answer before "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
lab answer after "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
oc expose deployment/$APP --name $ENTRY --port 8080
oc set env deployment/reader SERVER=$ENTRY
