# Something listens behind the service, but it is no database.
# after: solution
# loses: data=30
oc scale deployment/db-pod --replicas 0
oc run fake --image registry.k8s.io/e2e-test-images/agnhost:2.43 --labels app=db-pod -- netexec --http-port 3306
sleep 60
