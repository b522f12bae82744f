oc new-project crowded --skip-config-write >/dev/null
oc create deployment crowd -n crowded --image registry.k8s.io/e2e-test-images/agnhost:2.43 --replicas 29 -- /agnhost pause
sleep 60
oc create deployment {{web}} -n crowded --image registry.k8s.io/e2e-test-images/agnhost:2.43 --replicas 2 -- /agnhost pause
n=0
while oc create service clusterip old-$n -n crowded --tcp 80 2>/dev/null; do n=$((n + 1)); [ $n -lt 60 ] || exit 1; done
oc label service old-3 old-4 old-5 -n crowded use=none
