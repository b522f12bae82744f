# The service looks for a label that no pod carries.
# after: solution
# loses: database=20, through-service=20, pod-to-pod=10, data=30
oc set selector service/db-pod app=db
