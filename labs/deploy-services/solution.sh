lab start deploy-services
oc login -u developer -p developer https://api.ocp4.example.com:6443
oc create deployment db-pod --port 3306 --image registry.ocp4.example.com:8443/rhel8/mysql-80
oc set env deployment/db-pod MYSQL_USER="$DATABASE_USER" MYSQL_PASSWORD="$DATABASE_PASSWORD" MYSQL_DATABASE="$DATABASE_NAME"
oc rollout status deployment/db-pod # wait
oc expose deployment/db-pod
oc new-project deploy-services-2
oc run shell -it --rm --image registry.ocp4.example.com:8443/openshift4/network-tools-rhel8 --restart Never -- nc -z db-pod.deploy-services.svc.cluster.local 3306 && echo ok || echo failed # look
oc project deploy-services
oc create job mysql-init --image registry.ocp4.example.com:8443/redhattraining/do180-dbinit:v1 -- /bin/bash -c "mysql -u$DATABASE_USER -p$DATABASE_PASSWORD --protocol tcp -h db-pod -P3306 $DATABASE_NAME </tmp/db-init.sql"
oc wait --for=condition=complete job/mysql-init --timeout=60s # wait
