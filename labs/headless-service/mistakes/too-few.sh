# One pod too few.
# loses: serve=10
# after: solution
oc scale statefulset/$PEERS --replicas $((COUNT - 1))
sleep 60
