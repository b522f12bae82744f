lab answer cause {{fault}}
case {{fault}} in
selector) oc set selector service/front app=front ;;
target-port) oc patch service front --type json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":8080}]' ;;
readiness) oc set probe deployment/front --readiness --get-url http://:8080/ ;;
project) oc expose deployment/front --port 80 --target-port 8080 ;;
policy) oc delete networkpolicy tidy ;;
dns-suffix) oc set env -n shop-desk deployment/desk SERVER=front.shop.svc.cluster.local ;;
quota) oc delete quota pods; sleep 120 ;;
host-port) oc patch deployment front --type json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/ports"}]' ;;
variables) oc set env deployment/front STORE_NAME="Corner Store" ;;
probe-port) oc set probe deployment/front --remove --liveness ;;
headless) oc delete service front; oc expose deployment/front --port 80 --target-port 8080 ;;
affinity) oc patch service front -p '{"spec":{"sessionAffinity":"None"}}' ;;
image) oc set image deployment/front front=registry.ocp4.example.com:8443/shop/front:v1 ;;
scaled) oc scale deployment/front --replicas 2 ;;
egress) oc delete networkpolicy -n shop-desk tidy ;;
esac
