# The name leads in, but nothing is encrypted.
# after: solution
# loses: named=30
oc delete route $WEB
oc expose service/$WEB --hostname $SHOP.apps.ocp4.example.com
