oc create deployment $WEB --image registry.k8s.io/e2e-test-images/agnhost:2.43 --replicas $COUNT --port 8080 -- /agnhost netexec --http-port 8080
oc rollout status deployment/$WEB # wait
oc expose deployment/$WEB
oc expose deployment/$WEB --name $KEPT --session-affinity ClientIP
