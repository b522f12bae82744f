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
END
oc create route edge front --service $WEB --port http --hostname $SHOP.apps.ocp4.example.com
