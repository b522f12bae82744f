lab answer plugin "$(echo {{plugin}} | tr A-Z a-z)"
lab answer mtu " {{mtu}} "
oc apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p }
spec: { podSelector: { matchLabels: { app: $DB } } }
END
lab answer policy $(echo {{enforces}} | tr a-z A-Z)
