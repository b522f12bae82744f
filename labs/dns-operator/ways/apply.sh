lab answer address 172.30.0.10
lab answer pods 3
lab answer wiki "192.168.50.$LAST "
oc apply --server-side --force-conflicts -f - <<END
apiVersion: operator.openshift.io/v1
kind: DNS
metadata: { name: default }
spec:
  servers:
    - name: the-company
      zones: [$ZONE.test, example.test]
      forwardPlugin: { policy: RoundRobin, upstreams: ["192.168.50.53:53"] }
END
