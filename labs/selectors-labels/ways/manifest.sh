oc apply -f - <<END
apiVersion: v1
kind: Service
metadata: { name: all }
spec: { selector: { app: $SHOP }, ports: [{ port: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: $SHOP }
spec: { selector: { app: $SHOP, track: $TRACK }, ports: [{ port: 8080 }] }
END
