oc create service nodeport $WEB --tcp 8080 --node-port $NODEPORT
lab answer range 30000-32767
lab answer holder "$(oc get services -o wide | grep "172.30.77.$LAST " | awk '{print $1}')"
oc create service clusterip fixed --tcp 8080 --clusterip 172.30.78.$LAST
oc scale deployment/edge --replicas 2
