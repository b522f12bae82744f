# The service is made anew, with the track alone as its selector.
oc delete service $SHOP
oc create service clusterip $SHOP --tcp 8080
oc patch service $SHOP --type json -p "[{\"op\":\"replace\",\"path\":\"/spec/selector\",\"value\":{\"track\":\"$TRACK\"}}]"
oc create -f - <<END
{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "all"}, "spec": {"selector": {"app": "$SHOP"}, "ports": [{"port": 8080}]}}
END
