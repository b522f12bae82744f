# The database never gets its variables, so its pod crash-loops.
# loses: database=20, through-service=20, pod-to-pod=10, data=30
lab start deploy-services
oc login -u developer -p developer https://api.ocp4.example.com:6443
oc create deployment db-pod --port 3306 --image registry.ocp4.example.com:8443/rhel8/mysql-80
oc expose deployment/db-pod
oc new-project deploy-services-2
