# The pod has the resolver that every pod of its project has.
# after: solution
# loses: search=25
oc delete pod $TEAM -n names-$TEAM
oc run $TEAM -n names-$TEAM --image registry.ocp4.example.com:8443/openshift4/network-tools-rhel8 --command -- sleep infinity
