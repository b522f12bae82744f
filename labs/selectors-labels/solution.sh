oc create service clusterip all --tcp 8080
oc set selector service/all app=$SHOP
oc set selector service/$SHOP app=$SHOP,track=$TRACK
