oc apply -f - <<END
apiVersion: v1
kind: Service
metadata: { name: $WEB }
spec: { type: NodePort, externalTrafficPolicy: Local, selector: { app: $WEB }, ports: [{ port: 8080 }] }
END
lab answer inside "$(oc get pod $CLIENT -o jsonpath='{.status.podIP}')"
