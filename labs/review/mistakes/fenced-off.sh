# Nobody reaches the database, not even the shop.
# after: solution
# loses: rows=20, policy=20
oc patch networkpolicy fence -n review-data --type json -p '[{"op":"remove","path":"/spec/ingress"}]'
