# The route has the name that it is given by itself.
# after: solution
# loses: route=30
oc delete route --all
oc expose service/$WEB
