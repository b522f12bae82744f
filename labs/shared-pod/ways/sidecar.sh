# The cache first, and both with a probe.
oc apply -f - <<END
apiVersion: v1
kind: Pod
metadata: { name: $POD, labels: { duo: "yes" } }
spec:
  containers:
    - { name: cache, image: "registry.ocp4.example.com:8443/shop/cache", readinessProbe: { httpGet: { port: 7070, path: / } } }
    - { name: web, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "$PORT"], readinessProbe: { tcpSocket: { port: $PORT } } }
END
oc wait --for=condition=Ready pod/$POD
lab answer clash address already in use
