# The service has the deployment's name, not the one that was agreed.
# loses: leads=30, client=40
lab answer before "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
oc delete pod -l app=$APP
lab answer after "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
oc expose deployment/$APP --port 8080
oc set env deployment/reader SERVER=$APP
