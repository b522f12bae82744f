lab answer plugin "$(oc get network.operator/cluster -o jsonpath='{.spec.defaultNetwork.type}')"
oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: shut }
spec: { podSelector: { matchLabels: { app: $DB } }, policyTypes: [Ingress, Egress], ingress: [] }
END
lab answer mtu $(oc exec deployment/$DB -- ip link show eth0 | sed -n 's/.*mtu \([0-9]*\).*/\1/p')
lab answer policy {{enforces}}
