# The service is made from the first pod; a client is asked before the question is answered.
oc apply -f - <<END
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: $PEERS }
spec:
  serviceName: $PEERS
  replicas: $COUNT
  selector: { matchLabels: { role: peer } }
  template:
    metadata: { labels: { role: peer } }
    spec:
      containers: [{ name: web, image: registry.ocp4.example.com:8443/openshift/hello-openshift }]
END
oc rollout status statefulset/$PEERS
oc expose pod/$PEERS-0 --name $PEERS --selector role=peer --cluster-ip None --port 80 --target-port 8080 --dry-run=client -o yaml | sed 's/^  - port: 80/  - name: http\n    port: 80/' | oc apply -f -
lab answer port "8080"
