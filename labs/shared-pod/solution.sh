oc apply -f - <<END
apiVersion: v1
kind: Pod
metadata: { name: $POD, labels: { duo: "yes" } }
spec:
  containers:
    - { name: web, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "$PORT"] }
    - { name: cache, image: "registry.ocp4.example.com:8443/shop/cache" }
END
lab answer clash "address already in use"
