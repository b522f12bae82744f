# The change was not undone.
# after: solution
# loses: pods=0, healthy=20
oc patch network.config/cluster --type merge -p "{\"spec\":{\"networkType\":\"$WISH\"}}"
