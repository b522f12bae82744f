oc create service clusterip $WEB --tcp 8080
oc create service clusterip $KEPT --tcp 8080
oc set selector service/$KEPT app=$WEB
oc patch service $KEPT -p '{"spec":{"sessionAffinity":"ClientIP"}}'
oc create deployment $WEB --image registry.k8s.io/e2e-test-images/agnhost:2.43 -- /agnhost netexec --http-port 8080
oc scale deployment/$WEB --replicas $COUNT
