# The port has no name, so that nothing can be asked for it; and the client believes the port of the service.
# loses: srv=15, port=10
# after: solution
oc patch service $PEERS --type json -p '[{"op":"remove","path":"/spec/ports/0/name"}]'
lab answer port 80
