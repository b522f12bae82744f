# Both conditions in one entry: only labelled pods of the other project get in.
# after: solution
# loses: matrix=50, egress=20, others=15, late=15
oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: database }
spec:
  podSelector: { matchLabels: { app: $DB } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector: { matchLabels: { role: $ROLE } }
          namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: vault-$MONITOR } }
END
