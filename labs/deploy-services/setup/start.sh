set -e
oc new-project deploy-services --skip-config-write >/dev/null
oc create rolebinding admin-developer --clusterrole admin --user developer -n deploy-services >/dev/null
