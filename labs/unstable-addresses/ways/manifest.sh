lab answer before "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
oc apply -f - <<END
apiVersion: v1
kind: Service
metadata: { name: $ENTRY }
spec: { selector: { app: $APP }, ports: [{ port: 8080 }] }
END
oc patch deployment reader --type json -p "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/env/0/value\",\"value\":\"$ENTRY.addresses.svc.cluster.local\"}]"
oc rollout restart deployment/$APP
oc rollout status deployment/$APP
sleep 40
lab answer after "$(oc get pods -l app=$APP -o jsonpath='{.items[0].status.podIP}')"
