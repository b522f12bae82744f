lab answer variable STOCK_DB_SERVICE_HOST
oc expose deployment/stock --name stock-db --port $PORT --target-port 8080
oc rollout restart deployment/orders # wait
