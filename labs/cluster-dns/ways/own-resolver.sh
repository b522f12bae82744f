# The whole configuration by hand; the headless service by a command.
lab answer fqdn $DB.names.svc.cluster.local.
lab answer reverse $DB.names.svc.cluster.local.
oc create service clusterip $PEERS --clusterip None --tcp 8080
oc patch service $PEERS --type json -p "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/name\",\"value\":\"peer\"},{\"op\":\"replace\",\"path\":\"/spec/selector/app\",\"value\":\"$DB\"}]"
oc apply -n names-$TEAM -f - <<END
apiVersion: v1
kind: Pod
metadata: { name: $TEAM }
spec:
  dnsPolicy: None
  dnsConfig:
    nameservers: [172.30.0.10]
    searches: [names.svc.cluster.local, cluster.local]
    options: [{ name: ndots, value: "2" }]
  containers: [{ name: c, image: "registry.ocp4.example.com:8443/openshift4/network-tools-rhel8", command: [sleep, infinity] }]
END
