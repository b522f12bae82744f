# The service has an address of its own.
# after: solution
# loses: headless=25, no-address=10, srv=15
oc delete service $PEERS
oc expose deployment/$DB --name $PEERS --port 8080
