lab answer age 1/1
lab answer pods "$(oc get network.config/cluster -o jsonpath='{.spec.clusterNetwork[0].cidr}')"
lab answer services "$(oc get network.config/cluster -o jsonpath='{.spec.serviceNetwork[0]}')"
lab answer fits 256
echo "change the network to $WISH" > $ASK
lab answer refused Degraded
