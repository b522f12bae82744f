# The service is not reached from outside.
# loses: outside=20, local=40
oc expose deployment/$WEB
lab answer inside "$(oc get pod $CLIENT -o jsonpath='{.status.podIP}')"
