# Both containers want one port.
# loses: two=20, cache=25
oc apply -f - <<END
apiVersion: v1
kind: Pod
metadata: { name: $POD, labels: { duo: "yes" } }
spec:
  containers:
    - { name: web, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "$PORT"] }
    - { name: cache, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "$PORT"] }
END
lab answer clash "address already in use"
