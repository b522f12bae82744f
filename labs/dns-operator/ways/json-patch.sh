lab answer pods 3
lab answer address 172.30.0.10
oc patch dns.operator default --type json -p "[{\"op\":\"add\",\"path\":\"/spec/servers\",\"value\":[{\"name\":\"c\",\"zones\":[\"test\"],\"forwardPlugin\":{\"upstreams\":[\"192.168.50.53\"]}}]}]"
lab answer wiki "$(sleep 60; oc run look -i --rm -q --restart Never --image registry.ocp4.example.com:8443/openshift4/network-tools-rhel8 -- dig +short $HOST.$ZONE.test | head -1)"
