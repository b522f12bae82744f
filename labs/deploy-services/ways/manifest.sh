# Everything from one manifest; the data go in from a pod's shell.
lab start deploy-services
oc login -u developer -p developer https://api.ocp4.example.com:6443
oc new-project deploy-services-2
oc apply -n deploy-services -f - <<END
apiVersion: v1
kind: Secret
metadata: { name: db }
stringData: { MYSQL_USER: $DATABASE_USER, MYSQL_PASSWORD: $DATABASE_PASSWORD, MYSQL_DATABASE: $DATABASE_NAME }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: database }
spec:
  selector: { matchLabels: { app: db-pod } }
  template:
    metadata: { labels: { app: db-pod, tier: data } }
    spec:
      containers:
        - name: mysql
          image: registry.ocp4.example.com:8443/rhel8/mysql-80
          envFrom: [{ secretRef: { name: db } }]
          ports: [{ name: mysql, containerPort: 3306 }]
          readinessProbe: { tcpSocket: { port: mysql } }
---
apiVersion: v1
kind: Service
metadata: { name: db-pod }
spec:
  selector: { tier: data }
  ports: [{ port: 3306, targetPort: mysql }]
END
oc rollout status -n deploy-services deployment/database
oc run fill -n deploy-services -i --rm --restart Never --image registry.ocp4.example.com:8443/redhattraining/do180-dbinit:v1 -- bash -c "mysql -u$DATABASE_USER -p$DATABASE_PASSWORD -h db-pod $DATABASE_NAME </tmp/db-init.sql"
