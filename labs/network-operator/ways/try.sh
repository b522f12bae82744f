oc patch network.config/cluster --type merge -p "{\"spec\":{\"networkType\":\"$WISH\"}}"
sleep 60
echo $WISH >> $ASK
oc patch network.config/cluster --type merge -p '{"spec":{"networkType":"OVNKubernetes"}}'
sleep 60
lab answer refused degraded
lab answer age "1 of 1"
lab answer pods 10.52.0.0/16
lab answer services 172.29.0.0/18
lab answer fits 256
