oc new-project extra --skip-config-write >/dev/null
oc new-project extra-other --skip-config-write >/dev/null
