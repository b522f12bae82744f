oc new-project discovery --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n discovery >/dev/null
oc create deployment stock -n discovery --image registry.k8s.io/e2e-test-images/agnhost:2.43 --port 8080 -- /agnhost netexec --http-port 8080
oc label deployment stock -n discovery batch={{tag}}
oc create deployment orders -n discovery --image registry.ocp4.example.com:8443/shop/orders
oc rollout status deployment/stock -n discovery
