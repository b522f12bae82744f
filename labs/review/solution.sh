oc new-project review-data
oc new-project review-front
oc create deployment $DATA -n review-data --image registry.ocp4.example.com:8443/rhel8/mysql-80 --port 3306
oc set env deployment/$DATA -n review-data MYSQL_USER=$USER_NAME MYSQL_PASSWORD=$PASSWORD MYSQL_DATABASE=$DATABASE
oc expose deployment/$DATA -n review-data
oc rollout status deployment/$DATA -n review-data # wait
sleep 20 # wait
oc create job fill -n review-front --image registry.ocp4.example.com:8443/redhattraining/do180-dbinit:v1 -- bash -c "mysql -u$USER_NAME -p$PASSWORD -h $DATA.review-data $DATABASE </tmp/db-init.sql"
oc create deployment $FRONT -n review-front --image registry.k8s.io/e2e-test-images/agnhost:2.43 --replicas 3 --port 8080 -- /agnhost netexec --http-port 8080
oc create service nodeport $FRONT -n review-front --tcp 8080 --node-port $NODEPORT
oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: fence, namespace: review-data }
spec:
  podSelector: { matchLabels: { app: $DATA } }
  ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: review-front } } }] }]
END
