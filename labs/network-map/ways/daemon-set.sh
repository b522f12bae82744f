oc apply -f - <<END
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: map-privileged }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: default, namespace: map }]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: $AGENT }
spec:
  selector: { matchLabels: { host: $AGENT } }
  template:
    metadata: { labels: { host: $AGENT } }
    spec: { hostNetwork: true, containers: [{ name: agent, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "$PORT", --udp-port, "-1"] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web }
spec: { podSelector: { matchLabels: { app: $WEB } } }
END
lab answer node "$(oc get pod $WEB -o jsonpath='{.spec.nodeName}')"
lab answer machine "$(oc get pod $WEB -o jsonpath='{.status.hostIP}')"
lab answer pod "$(oc get endpoints $WEB -o jsonpath='{.subsets[0].addresses[0].ip}')"
lab answer outside no
