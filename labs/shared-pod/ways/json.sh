lab answer clash "Address already in use"
cat > pod.json <<END
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "$POD", "labels": {"duo": "yes"}}, "spec": {"containers": [
  {"name": "side", "image": "registry.ocp4.example.com:8443/shop/cache:latest"},
  {"name": "main", "image": "registry.k8s.io/e2e-test-images/agnhost:2.43", "command": ["/agnhost", "netexec", "--http-port=$PORT"], "ports": [{"containerPort": $PORT}]}]}}
END
oc create -f pod.json
