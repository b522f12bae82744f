lab answer interface net1
oc create -f - <<END
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: { name: $NET }
spec: { config: '{"cniVersion":"0.3.1","name":"$NET","type":"macvlan","master":"ens4","ipam":{"type":"whereabouts", "range":"10.$RANGE.0.0/24"}}' }
END
for p in vault disk; do oc run $p --image registry.k8s.io/e2e-test-images/agnhost:2.43 --labels app=$p --annotations k8s.v1.cni.cncf.io/networks=extra/$NET -- netexec --http-port 8080; done
oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: vault }
spec: { podSelector: { matchLabels: { app: vault } }, ingress: [] }
END
