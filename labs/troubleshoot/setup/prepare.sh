set -e
oc new-project shop --skip-config-write >/dev/null
oc new-project shop-desk --skip-config-write >/dev/null
fault={{fault}}
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
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: desk, namespace: shop-desk }
spec:
  selector: { matchLabels: { app: desk } }
  template:
    metadata: { labels: { app: desk } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: desk
          image: registry.ocp4.example.com:8443/shop/desk:v1
          env: [{ name: SERVER, value: front.shop.svc.cluster.local }]
END
oc expose -n shop-desk deployment/desk --port 8080 >/dev/null
oc rollout status -n shop-desk deployment/desk >/dev/null
front() { oc patch deployment front -n shop "$@" >/dev/null; }
service() { oc patch service front -n shop "$@" >/dev/null; }
replace() { printf '[{"op":"replace","path":"%s","value":%s}]' "$1" "$2"; }
case $fault in
selector) service -p '{"spec":{"selector":{"app":"fornt"}}}' ;;
target-port) service --type json -p "$(replace /spec/ports/0/targetPort 8081)" ;;
readiness) front --type json -p "$(replace /spec/template/spec/containers/0/readinessProbe/httpGet/path '"/healthy"')" ;;
project)
  oc get service front -n shop -o yaml | sed -e 's/namespace: shop/namespace: shop-old/' -e '/clusterIP/d' -e '/^  - 172/d' -e '/uid:/d' -e '/resourceVersion:/d' >/tmp/front.yaml
  oc new-project shop-old --skip-config-write >/dev/null
  oc delete service front -n shop >/dev/null
  oc apply -f /tmp/front.yaml >/dev/null ;;
policy) oc apply -f - >/dev/null <<'END'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: tidy, namespace: shop }
spec: { podSelector: { matchLabels: { app: front } }, ingress: [{ from: [{ podSelector: {} }] }] }
END
  ;;
dns-suffix) oc set env deployment/desk -n shop-desk SERVER=front.shop.svc.cluster.lan >/dev/null ;;
quota)
  oc create quota pods -n shop --hard pods=0 >/dev/null
  oc delete pods -n shop -l app=front --wait=false >/dev/null ;;
host-port)
  for project in shop shop-desk; do oc adm policy add-scc-to-user privileged -z default -n $project >/dev/null; done
  oc apply -f - >/dev/null <<'END'
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: shop-desk }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      containers: [{ name: agent, image: "registry.k8s.io/e2e-test-images/agnhost:2.43", args: [netexec, --http-port, "8080"], ports: [{ containerPort: 8080, hostPort: 9443 }] }]
END
  oc rollout status -n shop-desk daemonset/agent >/dev/null
  front -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null},"template":{"spec":{"containers":[{"name":"front","ports":[{"containerPort":8080,"hostPort":9443}]}]}}}}' ;;
variables) front -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'; oc set env deployment/front -n shop STORE_NAME- >/dev/null ;;
probe-port) front --type json -p '[{"op":"add","path":"/spec/template/spec/containers/0/livenessProbe","value":{"tcpSocket":{"port":8088},"periodSeconds":2,"failureThreshold":1}},{"op":"remove","path":"/spec/template/spec/containers/0/readinessProbe"}]' ;;
headless)
  oc delete service front -n shop >/dev/null
  oc create service clusterip front -n shop --clusterip None --tcp 80:8080 >/dev/null ;;
affinity) service -p '{"spec":{"sessionAffinity":"ClientIP"}}' ;;
image) front --type json -p "$(replace /spec/template/spec/containers/0/image '"registry.ocp4.example.com:8443/shop/front:v11"')" ;;
scaled) oc scale deployment/front -n shop --replicas 0 >/dev/null ;;
egress) oc apply -f - >/dev/null <<'END'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: tidy, namespace: shop-desk }
spec: { podSelector: { matchLabels: { app: desk } }, policyTypes: [Egress], egress: [{ to: [{ podSelector: {} }] }] }
END
  ;;
esac
# what was changed takes all pods, not only the new ones
case $fault in readiness | probe-port | image) oc delete replicaset -n shop -l app=front --wait=false >/dev/null ;; esac
sleep 20
