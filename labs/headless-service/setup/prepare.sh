oc new-project headless-service --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n headless-service >/dev/null
