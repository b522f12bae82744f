oc new-project names --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n names >/dev/null
oc new-project names-{{team}} --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n names-{{team}} >/dev/null
oc create deployment {{db}} -n names --image registry.ocp4.example.com:8443/openshift/hello-openshift --replicas 2 --port 8080
oc expose deployment/{{db}} -n names
oc rollout status deployment/{{db}} -n names
