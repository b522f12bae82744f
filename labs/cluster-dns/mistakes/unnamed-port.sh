# The port has no name, so no record names it.
# after: solution
# loses: srv=15
oc delete service $PEERS
oc expose deployment/$DB --name $PEERS --port 8080 --cluster-ip None
