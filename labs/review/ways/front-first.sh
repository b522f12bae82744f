oc new-project review-front
oc create deployment $FRONT --image registry.k8s.io/e2e-test-images/agnhost:2.43 --port 8080 -- /agnhost netexec --http-port 8080
oc scale deployment/$FRONT --replicas 4
oc expose deployment/$FRONT --type NodePort
oc patch service $FRONT --type json -p "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/nodePort\",\"value\":$NODEPORT}]"
oc new-project review-data
oc run $DATA --image registry.ocp4.example.com:8443/rhel8/mysql-80 --port 3306 --env MYSQL_USER=$USER_NAME --env MYSQL_PASSWORD=$PASSWORD --env MYSQL_DATABASE=$DATABASE
oc expose pod/$DATA
oc wait --for=condition=Ready pod/$DATA
sleep 20
oc exec -i $DATA -- mysql -u$USER_NAME -p$PASSWORD -h127.0.0.1 $DATABASE <<'END'
create table Item (id int primary key, description varchar(99));
insert into Item values (1, 'one'), (2, 'two');
END
oc create -f - <<END
{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"n"},"spec":{"podSelector":{"matchLabels":{"run":"$DATA"}},"ingress":[{"from":[{"namespaceSelector":{"matchExpressions":[{"key":"kubernetes.io/metadata.name","operator":"In","values":["review-front"]}]}}]}]}}
END
