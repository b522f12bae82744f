# A stateful set behind the service; the service is made first.
lab start deploy-services
oc login -u developer -p developer https://api.ocp4.example.com:6443
oc create service clusterip db-pod --tcp 3306 -n deploy-services
oc apply -n deploy-services -f - <<END
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db-pod
  selector: { matchLabels: { app: db-pod } }
  template:
    metadata: { labels: { app: db-pod } }
    spec:
      containers:
        - name: mysql
          image: registry.ocp4.example.com:8443/rhel8/mysql-80
          env:
            - { name: MYSQL_USER, value: $DATABASE_USER }
            - { name: MYSQL_PASSWORD, value: $DATABASE_PASSWORD }
            - { name: MYSQL_DATABASE, value: $DATABASE_NAME }
END
oc rollout status -n deploy-services statefulset/db
oc create job load -n deploy-services --image registry.ocp4.example.com:8443/redhattraining/do180-dbinit:v1 -- bash -c "mysql -u$DATABASE_USER -p$DATABASE_PASSWORD -h db-pod.deploy-services.svc.cluster.local $DATABASE_NAME </tmp/db-init.sql"
oc wait -n deploy-services --for=condition=complete job/load
oc new-project deploy-services-2
