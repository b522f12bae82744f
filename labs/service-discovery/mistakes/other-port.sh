# The service offers the port of the pods.
# loses: service=15, orders=50
oc expose deployment/stock --name stock-db --port 8080
oc rollout restart deployment/orders
lab answer variable STOCK_DB_SERVICE_HOST
