# The agent lives in the pod network like any other pod.
# after: solution
# loses: host=25, untouched=20
oc delete pod $AGENT
oc run $AGENT --image registry.k8s.io/e2e-test-images/agnhost:2.43 --labels host=$AGENT -- netexec --http-port $PORT
