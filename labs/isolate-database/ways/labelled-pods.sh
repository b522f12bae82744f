# The pods get a label of their own which the policy selects.
oc patch deployment $DB -p '{"spec":{"template":{"metadata":{"labels":{"guarded":"yes"}}}}}'
oc rollout status deployment/$DB
oc create -f - <<END
{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"guard"},"spec":{"podSelector":{"matchLabels":{"guarded":"yes"}},"policyTypes":["Ingress","Egress"],
 "ingress":[{"from":[{"podSelector":{"matchLabels":{"role":"$ROLE"}}},{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"vault-$MONITOR"}}}]}]}}
END
sleep 40
