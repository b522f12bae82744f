oc expose deployment/$WEB --port 8080
oc expose deployment/$WEB --name ext --port 8080 --external-ip 192.168.50.$LAST
oc create service nodeport np --tcp 8080:8080 --node-port $NODEPORT
oc set selector service/np app=$WEB
oc expose service/$WEB --hostname $SHOP.apps.ocp4.example.com
oc patch route $WEB -p '{"spec":{"tls":{"termination":"edge"}}}'
