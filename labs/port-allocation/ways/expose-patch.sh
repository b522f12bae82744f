oc expose deployment/$WEB --type NodePort --port 8080
oc patch service $WEB --type json -p "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/nodePort\",\"value\":$NODEPORT}]"
oc expose deployment/$WEB --name fixed --port 8080 --cluster-ip 172.30.78.$LAST
lab answer range 30000-32767
lab answer holder keeper-$LAST
oc scale deployment edge --replicas=2
