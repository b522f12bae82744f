# The names are written into pods by hand, and die with them.
# loses: lasts=15
oc create service clusterip $PEERS --clusterip None --tcp 80:8080
oc patch service $PEERS --type json -p '[{"op":"replace","path":"/spec/ports/0/name","value":"http"}]'
for i in $(seq 0 $((COUNT - 1))); do oc apply -f - <<END
apiVersion: v1
kind: Pod
metadata: { name: $PEERS-$i, labels: { app: $PEERS } }
spec:
  hostname: $PEERS-$i
  subdomain: $PEERS
  containers: [{ name: web, image: registry.ocp4.example.com:8443/openshift/hello-openshift }]
END
done
oc wait --for=condition=Ready pod -l app=$PEERS
lab answer port 8080
