# Nodes pass connections on.
# loses: local=40
oc expose deployment/$WEB --type NodePort
lab answer inside "$(oc get pod $CLIENT -o jsonpath='{.status.podIP}')"
