# All doors at one service.
oc apply -f - <<END
apiVersion: v1
kind: Service
metadata: { name: $WEB }
spec:
  type: NodePort
  selector: { app: $WEB }
  externalIPs: ["192.168.50.$LAST"]
  ports: [{ name: http, port: 8080, nodePort: $NODEPORT }]
---
apiVersion: route.openshift.io/v1
kind: Route
metadata: { name: shop }
spec: { host: $HOST.apps.ocp4.example.com, to: { kind: Service, name: $WEB }, port: { targetPort: http } }
END
