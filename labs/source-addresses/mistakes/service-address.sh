# The service's address is taken for the client's.
# after: solution
# loses: inside=25
lab answer inside "$(oc get service $WEB -o jsonpath='{.spec.clusterIP}')"
