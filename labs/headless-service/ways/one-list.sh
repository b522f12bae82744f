# Everything in one file, the pods all at once, names given before the pods are ready.
cat > peers.yaml <<END
apiVersion: v1
kind: List
items:
  - apiVersion: apps/v1
    kind: StatefulSet
    metadata: { name: $PEERS, labels: { tier: peers } }
    spec:
      serviceName: $PEERS
      podManagementPolicy: Parallel
      replicas: $COUNT
      selector: { matchLabels: { tier: peers } }
      template:
        metadata: { labels: { tier: peers, app: other } }
        spec:
          containers:
            - name: web
              image: registry.ocp4.example.com:8443/openshift/hello-openshift
              ports: [{ name: web, containerPort: 8080 }]
              readinessProbe: { httpGet: { path: /, port: web } }
  - apiVersion: v1
    kind: Service
    metadata: { name: $PEERS }
    spec:
      clusterIP: None
      publishNotReadyAddresses: true
      selector: { tier: peers }
      ports: [{ name: http, port: 80, targetPort: web }]
END
oc create -f peers.yaml
oc rollout status statefulset/$PEERS
lab answer port 8080
