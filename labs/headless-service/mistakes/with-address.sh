# The service has an address, and one name that hides the pods.
# loses: headless=15, members=15, names=20, srv=15, lasts=15
sed 's/clusterIP: None/type: ClusterIP/' > service.yaml <<END
apiVersion: v1
kind: Service
metadata: { name: $PEERS }
spec:
  clusterIP: None
  selector: { app: $PEERS }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
END
oc apply -f service.yaml
oc apply -f - <<END
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: $PEERS }
spec:
  serviceName: $PEERS
  replicas: $COUNT
  selector: { matchLabels: { app: $PEERS } }
  template:
    metadata: { labels: { app: $PEERS } }
    spec:
      containers: [{ name: web, image: registry.ocp4.example.com:8443/openshift/hello-openshift }]
END
oc rollout status statefulset/$PEERS
lab answer port 8080
