printf '%s\n' "wanted: $WISH" > ~/$ASK
lab answer pods "$(oc get network.operator/cluster -o jsonpath='{.spec.clusterNetwork[0].cidr}')"
lab answer services "$(oc get network.operator/cluster -o jsonpath='{.spec.serviceNetwork[0]}')"
lab answer age 1/1
lab answer fits $((2 ** (24 - 16)))
lab answer refused DEGRADED
