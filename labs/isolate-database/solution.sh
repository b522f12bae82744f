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
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: vault-$MONITOR } }
      ports: [{ port: 8080 }]
END
