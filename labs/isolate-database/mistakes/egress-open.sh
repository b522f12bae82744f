# Nobody thought of the way out.
# after: solution
# loses: egress=20
oc patch networkpolicy database --type json -p '[{"op":"replace","path":"/spec/policyTypes","value":["Ingress"]}]'
