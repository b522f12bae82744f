# One pod instead of three.
# after: solution
# loses: front=10, spread=5, outside=10, lasts=10
oc scale deployment/$FRONT -n review-front --replicas 1
