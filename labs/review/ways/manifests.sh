oc new-project review-front
oc new-project review-data
oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: all, namespace: review-data }
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress: [{ ports: [{ port: 3306 }], from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: review-front } } }] }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: mysql, namespace: review-data }
spec:
  serviceName: $DATA
  selector: { matchLabels: { app: mysql } }
  template:
    metadata: { labels: { app: mysql } }
    spec:
      containers:
        - name: mysql
          image: registry.ocp4.example.com:8443/rhel8/mysql-80
          env: [{ name: MYSQL_USER, value: $USER_NAME }, { name: MYSQL_PASSWORD, value: $PASSWORD }, { name: MYSQL_DATABASE, value: $DATABASE }]
          ports: [{ containerPort: 3306 }]
---
apiVersion: v1
kind: Service
metadata: { name: $DATA, namespace: review-data }
spec: { selector: { app: mysql }, ports: [{ port: 3306 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: review-front }
spec:
  replicas: 3
  selector: { matchLabels: { app: $FRONT } }
  template:
    metadata: { labels: { app: $FRONT } }
    spec: { containers: [{ name: web, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port=8080] }] }
---
apiVersion: v1
kind: Service
metadata: { name: $FRONT, namespace: review-front }
spec: { type: NodePort, selector: { app: $FRONT }, ports: [{ port: 8080, nodePort: $NODEPORT }] }
END
oc rollout status -n review-data statefulset/mysql
sleep 20
oc run fill -n review-front -i --rm --restart Never --image registry.ocp4.example.com:8443/redhattraining/do180-dbinit:v1 -- bash -c "mysql -u$USER_NAME -p$PASSWORD -h $DATA.review-data.svc.cluster.local $DATABASE </tmp/db-init.sql"
