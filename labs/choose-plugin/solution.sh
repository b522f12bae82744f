lab answer plugin "$(oc get network.config/cluster -o jsonpath='{.status.networkType}')"
lab answer mtu "$(oc exec client -n plug-other -- ip link show eth0 | grep -o 'mtu [0-9]*' | cut -d' ' -f2)"
oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed }
spec: { podSelector: { matchLabels: { app: $DB } }, policyTypes: [Ingress] }
END
lab answer policy $(oc exec client -n plug-other -- nc -z -w 3 $(oc get pods -l app=$DB -o jsonpath='{.items[0].status.podIP}') 8080 && echo no || echo yes)
