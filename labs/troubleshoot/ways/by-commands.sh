# What is wrong is not looked for any longer: commands make all of it again.
lab answer cause {{fault}}
oc delete networkpolicy,quota --all
oc delete networkpolicy --all -n shop-desk
oc delete service front --ignore-not-found
oc delete deployment front
oc create deployment front --image registry.ocp4.example.com:8443/shop/front:v1 --replicas 2
oc set env deployment/front STORE_NAME="Corner Store"
oc set probe deployment/front --readiness --get-url http://:8080/
oc create service clusterip front --tcp 80:8080
oc set env -n shop-desk deployment/desk SERVER=front.shop.svc.cluster.local.
