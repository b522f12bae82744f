# Everything stands, and nobody has filled the database.
# loses: data=30
lab start deploy-services
oc login -u developer -p developer https://api.ocp4.example.com:6443
oc create deployment db-pod --port 3306 --image registry.ocp4.example.com:8443/rhel8/mysql-80
oc set env deployment/db-pod MYSQL_USER="$DATABASE_USER" MYSQL_PASSWORD="$DATABASE_PASSWORD" MYSQL_DATABASE="$DATABASE_NAME"
oc expose deployment/db-pod
oc new-project deploy-services-2
