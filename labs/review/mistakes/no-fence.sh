# Everybody reaches the database.
# after: solution
# loses: policy=20
oc delete networkpolicy fence -n review-data
