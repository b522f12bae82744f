# The service has another name, and so have the variables.
# loses: service=30, orders=50
oc expose deployment/stock --port $PORT --target-port 8080
oc rollout restart deployment/orders
lab answer variable STOCK_DB_SERVICE_HOST
