oc new-project review-data
oc new-app --name $DATA --image registry.ocp4.example.com:8443/rhel8/mysql-80 -e MYSQL_USER=$USER_NAME -e MYSQL_PASSWORD=$PASSWORD -e MYSQL_DATABASE=$DATABASE 2>/dev/null || { oc create deployment $DATA --image registry.ocp4.example.com:8443/rhel8/mysql-80 --port 3306; oc set env deployment/$DATA MYSQL_USER=$USER_NAME MYSQL_PASSWORD=$PASSWORD MYSQL_DATABASE=$DATABASE; oc expose deployment/$DATA; }
oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny }
spec: { podSelector: {}, policyTypes: [Ingress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow }
spec: { podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: review-front } }, podSelector: {} }] }] }
END
oc new-project review-front
oc rollout status deployment/$DATA -n review-data
sleep 20
oc create job init --image registry.ocp4.example.com:8443/redhattraining/do180-dbinit:v1 -- /bin/bash -c "mysql -u$USER_NAME -p$PASSWORD --protocol tcp -h $DATA.review-data -P3306 $DATABASE < /tmp/db-init.sql"
oc create deployment $FRONT --image registry.k8s.io/e2e-test-images/agnhost:2.43 --replicas 3 -- /agnhost netexec --http-port 8080
oc create service nodeport $FRONT --tcp 8080:8080 --node-port $NODEPORT
