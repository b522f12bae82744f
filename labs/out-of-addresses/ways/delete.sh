lab answer services 172.31.8.0/27
lab answer pods 10.44.0.0/22
lab answer node $((2 ** (32 - $(oc get network.config/cluster -o jsonpath='{.spec.clusterNetwork[0].hostPrefix}'))))
oc delete service old-4
oc expose deployment/$WEB --name $SVC --port 80
oc delete deployment crowd
