lab answer fqdn $DB.names.svc.cluster.local
lab answer reverse "$(oc run look -i --rm -q --restart Never --image registry.ocp4.example.com:8443/openshift4/network-tools-rhel8 -- dig +short -x $(oc get service $DB -o jsonpath='{.spec.clusterIP}') | head -1)"
oc apply -f - <<END
apiVersion: v1
kind: Service
metadata: { name: $PEERS }
spec:
  clusterIP: None
  selector: { app: $DB }
  ports: [{ name: peer, port: 8080 }]
END
oc run $TEAM -n names-$TEAM --image registry.ocp4.example.com:8443/openshift4/network-tools-rhel8 --overrides '{"spec":{"dnsConfig":{"searches":["names.svc.cluster.local"]}}}' --command -- sleep infinity
