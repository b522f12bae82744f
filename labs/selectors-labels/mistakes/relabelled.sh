# The pods of the old version were given the new label instead of changing the service.
# loses: all=30, stable=40, answers=20, follows=10
oc label pods -l track=blue track=$TRACK --overwrite
oc create service clusterip all --tcp 8080
