oc expose deployment/$WEB
oc wait --for=condition=Ready pod/$CLIENT # wait
lab answer inside "$(oc exec $CLIENT -- curl -s http://$WEB:8080/clientip | cut -d: -f1)"
oc patch service $WEB -p '{"spec":{"type":"NodePort"}}'
oc patch service $WEB -p '{"spec":{"externalTrafficPolicy":"Local"}}'
