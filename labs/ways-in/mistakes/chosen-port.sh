# The API chose the port.
# after: solution
# loses: nodeport=20
oc delete service $WEB-door
oc expose deployment/$WEB --name $WEB-door --type NodePort --port 8080
