# Two pods made by hand: they do not come back.
# after: solution
# loses: mended=70
oc scale deployment/front --replicas 0
for i in 1 2; do oc run front-$i --image registry.ocp4.example.com:8443/shop/front:v1 --labels app=front --env STORE_NAME="Corner Store"; done
sleep 60
