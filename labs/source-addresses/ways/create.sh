oc create service nodeport $WEB --tcp 8080
oc patch service $WEB --type json -p '[{"op":"replace","path":"/spec/externalTrafficPolicy","value":"Local"}]'
lab answer inside $(oc get pod $CLIENT -o wide --no-headers | awk '{print $6}')
