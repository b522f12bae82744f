# The service was made without an address, which takes none.
# loses: service=35
oc create service clusterip $SVC --clusterip None --tcp 8080
oc scale deployment/crowd --replicas 10
lab answer services 172.31.8.0/27
lab answer pods 10.44.0.0/22
lab answer node 32
