# It was believed, not tried.
# loses: outside=15, host=25, untouched=20
lab answer outside yes
lab answer node "$(oc get pod $WEB -o jsonpath='{.spec.nodeName}')"
lab answer machine "$(oc get pod $WEB -o jsonpath='{.status.hostIP}')"
lab answer pod "$(oc get pod $WEB -o jsonpath='{.status.podIP}')"
