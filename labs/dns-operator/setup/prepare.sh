oc get dns.operator/default >/dev/null
