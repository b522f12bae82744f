oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: out }
spec: { podSelector: { matchExpressions: [{ key: app, operator: In, values: [$DB] }] }, policyTypes: [Egress], egress: [] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: in }
spec:
  podSelector: { matchLabels: { app: $DB } }
  ingress:
    - { ports: [{ port: 8080, protocol: TCP }], from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: vault } }, podSelector: { matchLabels: { role: $ROLE } } }] }
    - { ports: [{ port: 8000, endPort: 8100 }], from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: vault-$MONITOR } } }] }
END
