# Two pods instead of two containers: there is no common localhost.
# loses: two=20, cache=25
oc run $POD --image registry.k8s.io/e2e-test-images/agnhost:2.43 --labels duo=yes -- netexec --http-port $PORT
oc run cache --image registry.ocp4.example.com:8443/shop/cache
lab answer clash "address already in use"
