# Another kind of workload serves the same end.
lab answer cause {{fault}}
oc delete networkpolicy,quota --all
oc delete networkpolicy --all -n shop-desk
oc delete deployment front
oc delete service front --ignore-not-found
oc apply -f - <<'END'
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: front, namespace: shop }
spec:
  serviceName: front
  replicas: 2
  podManagementPolicy: Parallel
  selector: { matchLabels: { app: front } }
  template:
    metadata: { labels: { app: front } }
    spec:
      containers:
        - { name: front, image: "registry.ocp4.example.com:8443/shop/front:v1", env: [{ name: STORE_NAME, value: "Corner Store" }] }
---
apiVersion: v1
kind: Service
metadata: { name: front, namespace: shop }
spec: { selector: { app: front }, ports: [{ port: 80, targetPort: 8080 }] }
END
oc set env -n shop-desk deployment/desk SERVER=front.shop
