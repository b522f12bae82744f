oc run $POD --image registry.k8s.io/e2e-test-images/agnhost:2.43 --labels duo=yes --overrides "{\"spec\":{\"containers\":[{\"name\":\"$POD\",\"image\":\"registry.k8s.io/e2e-test-images/agnhost:2.43\",\"args\":[\"netexec\",\"--http-port\",\"$PORT\"]},{\"name\":\"cache\",\"image\":\"registry.ocp4.example.com:8443/shop/cache\"}]}}"
lab answer clash "bind: address already in use"
