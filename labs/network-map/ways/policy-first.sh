oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
apiVersion: v1
kind: Pod
metadata: { name: $AGENT, labels: { host: $AGENT, app: agent } }
spec: { hostNetwork: true, containers: [{ name: a, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", command: [/agnhost, netexec, "--http-port=$PORT", "--udp-port=-1"] }] }
END
lab answer outside no
lab answer pod "$(oc get pod $WEB -o jsonpath='{.status.podIP}')"
lab answer machine "$(oc get pod $WEB -o jsonpath='{.status.hostIP}')"
lab answer node "$(oc get pod $WEB -o jsonpath='{.spec.nodeName}')"
