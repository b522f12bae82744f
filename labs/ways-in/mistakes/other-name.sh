# The route has the name that is chosen when none is given.
# after: solution
# loses: named=30
oc delete route $WEB
oc create route edge --service $WEB
