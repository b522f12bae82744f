# Bare pods do not come back.
# loses: drain=6.67
for i in $(seq $COUNT); do oc run $WEB-$i --image registry.k8s.io/e2e-test-images/agnhost:2.43 --labels app=$WEB --port 8080 -- netexec --http-port 8080; done
oc create service clusterip $WEB --tcp 8080
oc create service clusterip $KEPT --tcp 8080
oc set selector service/$KEPT app=$WEB
oc patch service $KEPT -p '{"spec":{"sessionAffinity":"ClientIP"}}'
