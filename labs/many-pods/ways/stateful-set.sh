oc apply -f - <<END
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: $WEB }
spec:
  replicas: $COUNT
  serviceName: $WEB
  podManagementPolicy: Parallel
  selector: { matchLabels: { app: $WEB } }
  template:
    metadata: { labels: { app: $WEB } }
    spec:
      containers: [{ name: web, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "8080"] }]
---
apiVersion: v1
kind: Service
metadata: { name: $WEB }
spec: { selector: { app: $WEB }, ports: [{ port: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: $KEPT }
spec: { selector: { app: $WEB }, sessionAffinity: ClientIP, ports: [{ port: 8080 }] }
END
