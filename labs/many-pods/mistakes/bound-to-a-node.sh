# All pods are bound to one node.
# loses: pods=20, drain=20
oc create deployment $WEB --image registry.k8s.io/e2e-test-images/agnhost:2.43 --replicas 0 --port 8080 -- /agnhost netexec --http-port 8080
oc patch deployment $WEB -p '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"worker01"}}}}}'
oc scale deployment/$WEB --replicas $COUNT
oc expose deployment/$WEB
oc expose deployment/$WEB --name $KEPT --session-affinity ClientIP
