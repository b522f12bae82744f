# The variables can be set by hand as well.
oc expose deployment/stock --name stock-db --port $PORT --target-port 8080
oc set env deployment/orders STOCK_DB_SERVICE_HOST=stock-db STOCK_DB_SERVICE_PORT=$PORT
lab answer variable STOCK_DB_PORT_${PORT}_TCP_ADDR
