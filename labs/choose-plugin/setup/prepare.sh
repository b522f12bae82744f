oc new-project plug --skip-config-write >/dev/null
oc new-project plug-other --skip-config-write >/dev/null
oc create deployment {{db}} -n plug --image registry.k8s.io/e2e-test-images/agnhost:2.43 --port 8080 -- /agnhost netexec --http-port 8080
oc run client -n plug-other --image registry.ocp4.example.com:8443/openshift4/network-tools-rhel8 --command -- sleep infinity
oc rollout status deployment/{{db}} -n plug
oc wait --for=condition=Ready pod/client -n plug-other
