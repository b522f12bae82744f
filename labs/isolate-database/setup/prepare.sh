oc new-project vault --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n vault >/dev/null
oc new-project vault-{{monitor}} --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n vault-{{monitor}} >/dev/null
oc new-project vault-other --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n vault-other >/dev/null
oc create deployment {{db}} -n vault --image registry.k8s.io/e2e-test-images/agnhost:2.43 --port 8080 -- /agnhost netexec --http-port 8080
oc create deployment front -n vault --image registry.k8s.io/e2e-test-images/agnhost:2.43 --port 8080 -- /agnhost netexec --http-port 8080
oc rollout status deployment/{{db}} -n vault
oc rollout status deployment/front -n vault
