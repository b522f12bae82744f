oc new-project map --skip-config-write >/dev/null
oc new-project map-other --skip-config-write >/dev/null
oc run {{web}} -n map --image registry.k8s.io/e2e-test-images/agnhost:2.43 --labels app={{web}} --port 8080 -- netexec --http-port 8080
oc expose -n map pod/{{web}}
oc wait -n map --for=condition=Ready pod/{{web}}
