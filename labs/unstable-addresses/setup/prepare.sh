oc new-project addresses --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n addresses >/dev/null
oc new-project podlab-notes --skip-config-write >/dev/null
oc create deployment {{app}} -n addresses --image registry.ocp4.example.com:8443/openshift/hello-openshift --port 8080
oc rollout status -n addresses deployment/{{app}}
first=$(oc get pods -n addresses -l app={{app}} -o jsonpath='{.items[0].status.podIP}')
oc create configmap first -n podlab-notes --from-literal address=$first
oc apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata: { name: reader, namespace: addresses }
spec:
  selector: { matchLabels: { app: reader } }
  template:
    metadata: { labels: { app: reader } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: reader
          image: registry.ocp4.example.com:8443/openshift4/network-tools-rhel8
          env: [{ name: SERVER, value: "$first" }]
          command: [bash, -c, 'while true; do curl -s -m 3 http://\$SERVER:8080/ || echo "no answer from \$SERVER"; sleep 10; done']
END
