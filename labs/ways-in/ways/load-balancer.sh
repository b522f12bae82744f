oc expose deployment/$WEB --port 8080 --type LoadBalancer
oc patch service $WEB --type json -p "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/nodePort\",\"value\":$NODEPORT},{\"op\":\"add\",\"path\":\"/spec/externalIPs\",\"value\":[\"192.168.50.$LAST\"]}]"
