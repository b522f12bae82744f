# Another zone is forwarded.
# loses: forward=40, wiki=15, healthy=15
lab answer address 172.30.0.10
lab answer pods 3
oc patch dns.operator/default --type merge -p "{\"spec\":{\"servers\":[{\"name\":\"company\",\"zones\":[\"$ZONE.example\"],\"forwardPlugin\":{\"upstreams\":[\"192.168.50.53\"]}}]}}"
lab answer wiki 192.168.50.$LAST
