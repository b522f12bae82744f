oc apply -f - <<END
apiVersion: v1
kind: Service
metadata: { name: stock-db }
spec: { selector: { app: stock }, ports: [{ name: db, port: $PORT, targetPort: 8080 }] }
END
oc delete pod -l app=orders
lab answer variable '$STOCK_DB_SERVICE_HOST'
