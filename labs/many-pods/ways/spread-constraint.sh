oc apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata: { name: front }
spec:
  replicas: $COUNT
  selector: { matchLabels: { app: $WEB } }
  template:
    metadata: { labels: { app: $WEB } }
    spec:
      topologySpreadConstraints:
        - { maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: $WEB } } }
      containers: [{ name: web, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "8080"] }]
END
oc expose deployment/front --name $WEB --port 8080
oc expose deployment/front --name $KEPT --port 8080 --session-affinity ClientIP
