lab answer range "30000 - 32767"
oc apply -f - <<END
apiVersion: v1
kind: Service
metadata: { name: entry }
spec: { type: NodePort, selector: { app: $WEB }, ports: [{ port: 8080, nodePort: $NODEPORT }] }
---
apiVersion: v1
kind: Service
metadata: { name: fixed }
spec: { clusterIP: 172.30.78.$LAST, selector: { app: $WEB }, ports: [{ port: 80, targetPort: 8080 }] }
END
lab answer holder "$(oc get services -o jsonpath="{.items[?(@.spec.clusterIP==\"172.30.77.$LAST\")].metadata.name}")"
oc patch deployment edge -p '{"spec":{"replicas":2}}'
