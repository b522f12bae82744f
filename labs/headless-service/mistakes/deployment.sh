# A Deployment's pods have no names in the DNS.
# loses: names=20, srv=15, lasts=15
oc create deployment $PEERS --image registry.ocp4.example.com:8443/openshift/hello-openshift --replicas $COUNT
oc expose deployment/$PEERS --cluster-ip None --port 80 --target-port 8080
oc rollout status deployment/$PEERS
lab answer port 8080
