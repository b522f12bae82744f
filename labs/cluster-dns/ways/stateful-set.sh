lab answer reverse $DB.names.svc.cluster.local
lab answer fqdn $DB.names.svc.cluster.local
oc apply -f - <<END
apiVersion: v1
kind: Service
metadata: { name: $PEERS }
spec: { clusterIP: None, selector: { app: peers }, ports: [{ name: peer, port: 8080 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: peers }
spec:
  serviceName: $PEERS
  replicas: 2
  selector: { matchLabels: { app: peers } }
  template:
    metadata: { labels: { app: peers } }
    spec: { containers: [{ name: c, image: "registry.ocp4.example.com:8443/openshift/hello-openshift", ports: [{ name: peer, containerPort: 8080 }] }] }
END
oc apply -f - <<END
apiVersion: v1
kind: Pod
metadata: { name: $TEAM, namespace: names-$TEAM }
spec:
  dnsConfig: { searches: [names.svc.cluster.local] }
  containers: [{ name: c, image: "registry.ocp4.example.com:8443/openshift4/network-tools-rhel8", command: [sleep, infinity] }]
END
