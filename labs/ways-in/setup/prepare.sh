oc new-project doors --skip-config-write >/dev/null
oc create deployment {{web}} -n doors --image registry.ocp4.example.com:8443/openshift/hello-openshift --port 8080
oc rollout status deployment/{{web}} -n doors
