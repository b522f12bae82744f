# The policy selects every pod of the project, and binds what goes out of it.
# after: solution
# loses: matrix=25, egress=20, others=15, late=15
oc patch networkpolicy database --type json -p '[{"op":"replace","path":"/spec/podSelector","value":{}}]'
