// What `lab new` begins with: a small lab that passes its own tests, to be changed piece by piece.

/** The files of a new lab. */
export const template = (id: string): Record<string, string> => ({
  'lab.yaml': `# yaml-language-server: $schema=../lab.schema.json
title: A web server and its service
summary: Deploy a web server and put a service before it.
minutes: 15
objectives:
  - Deploy a web server.
  - Reach it through a service.
lesson: [L12, L20]
user: { name: developer, project: ${id} }
variables:
  app: { pattern: "web-[a-z]{4}" }
prepare: setup/prepare.sh
finish: setup/finish.sh
checks:
  - id: endpoints
    title: The service leads to a running server
    points: 60
    objective: 1
    lesson: [L20]
    grader: endpoints
    with: { namespace: ${id}, service: "{{app}}", port: 8080 }
    hints:
      - Compare the selector of the service with the labels of the pod.
      - { text: The pod listens on a port that the service has to send to., price: 5 }
  - id: reachable
    title: A client reaches the server by the name of the service
    points: 40
    objective: 2
    lesson: [L12]
    needs: [endpoints]
    grader: reachability
    with: { from: ${id}, to: { host: "{{app}}" }, port: 8080 }
`,
  'README.md': `# A web server and its service

In this lab you deploy a web server named \`{{app}}\` (\`$APP\` on the workstation) and put a service before it.

## Deploy the server

\`\`\`
oc create deployment $APP --image registry.ocp4.example.com:8443/openshift/hello-openshift --port 8080
oc rollout status deployment/$APP
\`\`\`

## Put a service before it

[check]: # (endpoints, reachable)

\`\`\`
oc expose deployment/$APP
oc get endpoints $APP
\`\`\`

The service has an address of its own, and sends what comes there to the pods that carry its label.
`,
  'solution.sh': `oc create deployment "$APP" --image registry.ocp4.example.com:8443/openshift/hello-openshift --port 8080
oc rollout status "deployment/$APP" # wait
oc expose "deployment/$APP"
`,
  'setup/prepare.sh': `oc new-project ${id} --skip-config-write >/dev/null
oc adm policy add-role-to-user admin developer -n ${id} >/dev/null
`,
  'setup/finish.sh': `oc delete project ${id} --ignore-not-found --wait=false >/dev/null
`,
  'mistakes/no-service.sh': `# The server runs, and nothing stands before it.
# loses: endpoints=60, reachable=40
oc create deployment "$APP" --image registry.ocp4.example.com:8443/openshift/hello-openshift --port 8080
`,
  'mistakes/wrong-port.sh': `# The service sends to a port that nobody listens on.
# loses: endpoints=60, reachable=40
oc create deployment "$APP" --image registry.ocp4.example.com:8443/openshift/hello-openshift --port 8080
oc expose "deployment/$APP" --target-port 8081
`,
  'ways/by-label.sh': `# A pod without a deployment serves as well.
oc run "$APP" --image registry.ocp4.example.com:8443/openshift/hello-openshift --port 8080
oc expose "pod/$APP"
oc wait --for=condition=Ready "pod/$APP" # wait
`,
  'ways/manifest.sh': `oc apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata: { name: $APP }
spec:
  selector: { matchLabels: { app: $APP } }
  template:
    metadata: { labels: { app: $APP } }
    spec:
      containers:
        - { name: web, image: registry.ocp4.example.com:8443/openshift/hello-openshift }
---
apiVersion: v1
kind: Service
metadata: { name: $APP }
spec:
  selector: { app: $APP }
  ports: [{ port: 8080 }]
END
`,
  'ways/service-first.sh': `oc create service clusterip "$APP" --tcp 8080
oc create deployment "$APP" --image registry.ocp4.example.com:8443/openshift/hello-openshift
`,
});
