echo "$WISH please" | tee $ASK
lab answer refused Degraded
lab answer fits 256
lab answer services 172.29.0.0/18
lab answer pods 10.52.0.0/16
lab answer age "$(oc get -n openshift-network-operator deployment/network-operator --no-headers | awk '{print $2}')"
