oc new-project deploy-services --skip-config-write >/dev/null
oc policy add-role-to-user admin developer -n deploy-services >/dev/null
