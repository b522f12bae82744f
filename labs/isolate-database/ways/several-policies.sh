# One policy a rule.
oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed }
spec: { podSelector: { matchLabels: { app: $DB } }, policyTypes: [Ingress, Egress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: application }
spec:
  podSelector: { matchLabels: { app: $DB } }
  ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: role, operator: In, values: [$ROLE] }] } }] }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: monitor }
spec:
  podSelector: { matchLabels: { app: $DB } }
  ingress: [{ from: [{ namespaceSelector: { matchExpressions: [{ key: kubernetes.io/metadata.name, operator: In, values: [vault-$MONITOR] }] }, podSelector: {} }] }]
END
