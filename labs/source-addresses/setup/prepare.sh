oc new-project source --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n source >/dev/null
oc create deployment {{web}} -n source --image registry.k8s.io/e2e-test-images/agnhost:2.43 --port 8080 -- /agnhost netexec --http-port 8080
oc run {{client}} -n source --image registry.ocp4.example.com:8443/openshift4/network-tools-rhel8 --command -- sleep infinity
oc rollout status deployment/{{web}} -n source
