# The policy selects every pod of the project.
# after: solution
# loses: others=15
oc patch networkpolicy database --type json -p '[{"op":"replace","path":"/spec/podSelector","value":{}}]'
