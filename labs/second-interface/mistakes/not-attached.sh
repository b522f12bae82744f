# The pod vault is on the cluster network alone.
# after: solution
# loses: attached=40, policy=25
oc delete pod vault
oc run vault --image registry.k8s.io/e2e-test-images/agnhost:2.43 --labels app=vault -- netexec --http-port 8080
