oc new-project shared --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n shared >/dev/null
oc apply -f - <<END
apiVersion: v1
kind: Pod
metadata: { name: twins, namespace: shared }
spec:
  containers:
    - { name: first, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "8080"] }
    - { name: second, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "8080"] }
END
