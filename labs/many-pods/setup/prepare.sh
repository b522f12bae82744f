oc new-project spread --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n spread >/dev/null
oc new-project spread-client --skip-config-write >/dev/null
