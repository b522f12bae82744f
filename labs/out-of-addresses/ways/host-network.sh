oc scale deployment/crowd --replicas 25
oc delete service old-5 old-3
oc create service clusterip $SVC --tcp 1234
lab answer node 32
lab answer services "$(oc get network.operator/cluster -o jsonpath='{.spec.serviceNetwork[0]}')"
lab answer pods "$(oc get network.operator/cluster -o jsonpath='{.spec.clusterNetwork[0].cidr}')"
