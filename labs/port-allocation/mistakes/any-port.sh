# The API chose the port.
# after: solution
# loses: nodeport=20
oc delete service $WEB
oc create service nodeport $WEB --tcp 8080
