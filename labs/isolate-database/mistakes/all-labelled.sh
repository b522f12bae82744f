# Pods with the label get in from everywhere.
# after: solution
# loses: matrix=16.67, egress=20, others=15, late=15
oc patch networkpolicy database --type json -p "[{\"op\":\"add\",\"path\":\"/spec/ingress/0/from/-\",\"value\":{\"namespaceSelector\":{},\"podSelector\":{\"matchLabels\":{\"role\":\"$ROLE\"}}}}]"
