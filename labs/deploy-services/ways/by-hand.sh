# A bare pod, a service from it, the rows typed in by hand.
lab start deploy-services
oc login -u developer -p developer https://api.ocp4.example.com:6443
oc run db-pod --image registry.ocp4.example.com:8443/rhel8/mysql-80 --port 3306 --env MYSQL_USER=$DATABASE_USER --env MYSQL_PASSWORD=$DATABASE_PASSWORD --env MYSQL_DATABASE=$DATABASE_NAME
oc wait --for=condition=Ready pod/db-pod
oc expose pod/db-pod
sleep 20
oc exec -i db-pod -- mysql -u$DATABASE_USER -p$DATABASE_PASSWORD -h 127.0.0.1 $DATABASE_NAME <<'END'
CREATE TABLE Item (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, description VARCHAR(255), done BIT(1));
INSERT INTO Item (description, done) VALUES ('Pick up newspaper', 0), ('Buy groceries', 1);
END
oc new-project deploy-services-2
