# A crash-looping container gets the new environment at its next start.
oc create service clusterip stock-db --tcp $PORT:8080
oc set selector service/stock-db app=stock
sleep 400
lab answer variable STOCK_DB_SERVICE_HOST
