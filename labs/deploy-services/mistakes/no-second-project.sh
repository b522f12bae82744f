# There is nobody in a second project to find the database.
# after: solution
# loses: name=20, through-service=20
oc delete project deploy-services-2
sleep 60
