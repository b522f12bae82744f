oc expose deployment/$WEB --port 8080
oc create service nodeport $WEB-door --tcp 8080 --node-port $NODEPORT
oc set selector service/$WEB-door app=$WEB
oc patch service $WEB -p "{\"spec\":{\"externalIPs\":[\"192.168.50.$LAST\"]}}"
oc create route edge --service $WEB --hostname $SHOP.apps.ocp4.example.com
