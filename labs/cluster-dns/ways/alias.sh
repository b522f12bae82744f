# An alias in the other project serves as well: a service of type ExternalName... or one of that name that leads there.
lab answer fqdn $DB.names.svc.cluster.local
lab answer reverse $DB.names.svc.cluster.local
oc expose deployment/$DB --name $PEERS --cluster-ip None --port 8080
oc patch service $PEERS --type json -p '[{"op":"add","path":"/spec/ports/0/name","value":"peer"}]'
oc run $TEAM -n names-$TEAM --image registry.ocp4.example.com:8443/openshift4/network-tools-rhel8 --command -- sleep infinity
oc create service externalname $DB -n names-$TEAM --external-name $DB.names.svc.cluster.local
