oc new-project ports --skip-config-write >/dev/null
oc apply -n ports -f - >/dev/null <<'END'
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: privileged }
rules: [{ apiGroups: [security.openshift.io], resources: [securitycontextconstraints], resourceNames: [privileged], verbs: [use] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: privileged }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: privileged }
subjects: [{ kind: ServiceAccount, name: default, namespace: ports }]
END
oc create deployment {{web}} -n ports --image registry.k8s.io/e2e-test-images/agnhost:2.43 --port 8080 -- /agnhost netexec --http-port 8080
oc create service clusterip keeper-{{last}} -n ports --tcp 80 --clusterip 172.30.77.{{last}}
oc label service keeper-{{last}} -n ports keeps=address
oc apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata: { name: edge, namespace: ports }
spec:
  replicas: 3
  selector: { matchLabels: { app: edge } }
  template:
    metadata: { labels: { app: edge } }
    spec:
      containers:
        - name: edge
          image: registry.k8s.io/e2e-test-images/agnhost:2.43
          args: [netexec, --http-port, "8080"]
          ports: [{ containerPort: 8080, hostPort: {{hostport}} }]
END
oc rollout status -n ports deployment/{{web}}
