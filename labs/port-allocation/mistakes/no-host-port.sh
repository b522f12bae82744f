# The host port was taken away instead.
# after: solution
# loses: hostport=30
oc patch deployment edge --type json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/ports"}]'
oc rollout status deployment/edge
