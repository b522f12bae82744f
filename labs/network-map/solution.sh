lab answer node "$(oc get pod $WEB -o jsonpath='{.spec.nodeName}')"
lab answer machine "$(oc get pod $WEB -o jsonpath='{.status.hostIP}')"
lab answer pod "$(oc get pod $WEB -o jsonpath='{.status.podIP}')"
lab answer outside no
oc apply -f - <<END
apiVersion: v1
kind: Pod
metadata: { name: $AGENT, labels: { host: $AGENT } }
spec:
  hostNetwork: true
  containers: [{ name: agent, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "$PORT", --udp-port, "-1"] }]
END
oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed }
spec: { podSelector: {}, policyTypes: [Ingress] }
END
