# The policy closes the whole project.
lab answer mtu {{mtu}}
lab answer plugin {{plugin}}
oc create -f - <<END
{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"all"},"spec":{"podSelector":{}}}
END
lab answer policy {{enforces}}
