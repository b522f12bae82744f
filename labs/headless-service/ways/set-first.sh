# The set first, with one pod, then scaled; the service by a command, its port named afterwards.
oc apply -f - <<END
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: $PEERS }
spec:
  serviceName: $PEERS
  selector: { matchLabels: { app: $PEERS } }
  template:
    metadata: { labels: { app: $PEERS } }
    spec:
      containers: [{ name: web, image: registry.ocp4.example.com:8443/openshift/hello-openshift }]
END
oc scale statefulset/$PEERS --replicas $COUNT
oc create service clusterip $PEERS --clusterip None --tcp 80:8080
oc patch service $PEERS --type json -p '[{"op":"replace","path":"/spec/ports/0/name","value":"http"}]'
oc rollout status statefulset/$PEERS
lab answer port 8080
