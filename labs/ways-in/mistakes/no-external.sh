# The address is at no service.
# after: solution
# loses: external=25
oc patch service $WEB --type json -p '[{"op":"remove","path":"/spec/externalIPs"}]'
