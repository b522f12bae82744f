# Everything is made anew, as it should be.
lab answer cause {{fault}}
oc delete networkpolicy --all
oc delete networkpolicy --all -n shop-desk
oc delete quota --all
oc delete service front --ignore-not-found
oc delete deployment front
oc apply -f - <<'END'
apiVersion: apps/v1
kind: Deployment
metadata: { name: front, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: front } }
  template:
    metadata: { labels: { app: front } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: front
          image: registry.ocp4.example.com:8443/shop/front:v1
          env: [{ name: STORE_NAME, value: "Corner Store" }]
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 5 }
---
apiVersion: v1
kind: Service
metadata: { name: front, namespace: shop }
spec: { selector: { app: front }, ports: [{ port: 80, targetPort: 8080 }] }
END
oc set env -n shop-desk deployment/desk SERVER=front.shop
