# The address was left to the cluster.
# after: solution
# loses: address=20
oc delete service fixed
oc create service clusterip fixed --tcp 8080
