# Every pod of the project is counted, not only those of the server.
# after: solution
# loses: pods=15
lab answer pods "$(oc get pods -n openshift-dns --no-headers | wc -l)"
