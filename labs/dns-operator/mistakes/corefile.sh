# The server's configuration is edited by hand: the operator puts it back.
# loses: forward=40, wiki=15, healthy=15
lab answer address 172.30.0.10
lab answer pods 3
oc patch configmap -n openshift-dns dns-default --type merge -p "{\"data\":{\"Corefile\":\"$ZONE.test:5353 {\\n  forward . 192.168.50.53\\n}\\n\"}}"
lab answer wiki 192.168.50.$LAST
