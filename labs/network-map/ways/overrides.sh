oc run $AGENT --image registry.k8s.io/e2e-test-images/agnhost:2.43 --labels host=$AGENT --overrides '{"spec":{"hostNetwork":true}}' -- netexec --http-port $PORT --udp-port -1
oc create -f - <<END
{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"own"},"spec":{"podSelector":{},"ingress":[{"from":[{"podSelector":{}}]}]}}
END
node=$(oc get pod $WEB -o jsonpath='{.spec.nodeName}')
lab answer node $node
lab answer machine "$(oc get node $node -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')"
lab answer pod "$(oc get pod $WEB -o wide --no-headers | awk '{print $6}')"
lab answer outside No
