oc new-project versions --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n versions >/dev/null
for v in current:blue:v1 next:{{track}}:v2; do
set -- $(echo $v | tr : ' ')
oc apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata: { name: $1, namespace: versions }
spec:
  replicas: 2
  selector: { matchLabels: { app: {{shop}}, track: $2 } }
  template:
    metadata: { labels: { app: {{shop}}, track: $2 } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: front
          image: registry.ocp4.example.com:8443/shop/front:$3
          env: [{ name: TRACK, value: $2 }]
END
done
oc apply -f - <<END
apiVersion: v1
kind: Service
metadata: { name: {{shop}}, namespace: versions }
spec: { selector: { app: {{shop}}, track: blue }, ports: [{ port: 8080 }] }
END
oc rollout status -n versions deployment/next
