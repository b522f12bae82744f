lab answer services "$(oc get network.config/cluster -o jsonpath='{.spec.serviceNetwork[0]}')"
lab answer pods "$(oc get network.config/cluster -o jsonpath='{.spec.clusterNetwork[0].cidr}')"
lab answer node 32
oc delete service -l use=none
oc create service clusterip $SVC --tcp 8080
oc scale deployment/crowd --replicas 10
sleep 120 # wait
