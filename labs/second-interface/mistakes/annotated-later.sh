# The annotation came when the pod was running already.
# loses: attached=40, policy=25
oc apply -f - <<END
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: { name: $NET }
spec: { config: '{"cniVersion":"0.3.1","name":"$NET","type":"macvlan","master":"ens4","ipam":{"type":"whereabouts","range":"10.$RANGE.0.0/24"}}' }
---
apiVersion: v1
kind: Pod
metadata: { name: disk, labels: { app: disk }, annotations: { k8s.v1.cni.cncf.io/networks: $NET } }
spec: { containers: [{ name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "8080"] }] }
END
oc run vault --image registry.k8s.io/e2e-test-images/agnhost:2.43 --labels app=vault -- netexec --http-port 8080
oc wait --for=condition=Ready pod/vault
oc annotate pod vault k8s.v1.cni.cncf.io/networks=$NET
lab answer interface net1
oc create -f - <<END
{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"all"},"spec":{"podSelector":{}}}
END
