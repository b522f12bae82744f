# The deployment was made smaller than it should be.
# loses: running=35
oc delete service -l use=none
oc create service clusterip $SVC --tcp 8080
oc scale deployment/$WEB --replicas 0
lab answer services 172.31.8.0/27
lab answer pods 10.44.0.0/22
lab answer node 32
