oc expose deployment/$WEB --port 8080 --type LoadBalancer
oc patch service $WEB --type json -p "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/nodePort\",\"value\":$NODEPORT},{\"op\":\"add\",\"path\":\"/spec/externalIPs\",\"value\":[\"192.168.50.$LAST\"]}]"
oc apply -f - <<END
apiVersion: route.openshift.io/v1
kind: Route
metadata: { name: front }
spec:
  host: $SHOP.apps.ocp4.example.com
  to: { kind: Service, name: $WEB }
  port: { targetPort: 8080 }
  tls: { termination: edge, insecureEdgeTerminationPolicy: Redirect }
END
