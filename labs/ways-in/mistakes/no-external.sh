# The address is at no service.
# after: solution
# loses: external=20
oc delete service $WEB
oc expose deployment/$WEB --port 8080
