lab answer holder keeper-$LAST
lab answer range 30000-32767
oc scale --current-replicas 3 --replicas 2 deployment/edge
oc create -f - <<END
{"apiVersion":"v1","kind":"List","items":[
 {"apiVersion":"v1","kind":"Service","metadata":{"name":"fixed"},"spec":{"clusterIP":"172.30.78.$LAST","ports":[{"port":1}]}},
 {"apiVersion":"v1","kind":"Service","metadata":{"name":"$WEB"},"spec":{"type":"NodePort","selector":{"app":"$WEB"},"ports":[{"port":8080,"nodePort":$NODEPORT}]}}]}
END
