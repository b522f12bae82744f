set -e
oc get project deploy-services >/dev/null 2>&1 || oc new-project deploy-services --skip-config-write >/dev/null
oc apply -f - >/dev/null <<'END'
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: admin-developer, namespace: deploy-services }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin }
subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: developer }]
END
