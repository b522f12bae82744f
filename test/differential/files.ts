// Files that the command lines of the differential test read; both sides have them in their working directory.

const deployment = (name: string, image: string, replicas = 1) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
      - name: ${name}
        image: ${image}
        ports: [{containerPort: 80}]
`;

const service = (name: string) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  selector: {app: ${name}}
  ports:
  - port: 80
    targetPort: 80
`;

const configMap = (name: string, value: string, labels = '') => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
${labels ? `  labels: {${labels}}\n` : ''}data:
  key: ${value}
`;

/** Content by path below the working directory. */
export const FILES: Record<string, string> = {
  'web.yaml': `${deployment('web', 'nginx:1.25', 2)}---\n${service('web')}`,
  'web-scaled.yaml': deployment('web', 'nginx:1.25', 3),
  'web-image.yaml': deployment('web', 'nginx:1.26', 2),
  'cm.yaml': configMap('settings', 'one', 'group: settings'),
  'cm2.yaml': configMap('settings', 'two', 'group: settings'),
  'cm.json': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'from-json' }, data: { a: '1' } }),
  'dir/a.yaml': configMap('in-dir-a', 'a'),
  'dir/b.yml': configMap('in-dir-b', 'b'),
  'dir/deep/c.json': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'in-dir-c' } }),
  'dir/notes.txt': 'not a manifest\n',
  'bad.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n data: {\n',
  'empty.yaml': '',
  'nokind.yaml': 'apiVersion: v1\nmetadata: {name: x}\n',
  'unknown-kind.yaml': 'apiVersion: v1\nkind: Sandwich\nmetadata: {name: x}\n',
  'unknown-group.yaml': 'apiVersion: food.example.com/v1\nkind: Sandwich\nmetadata: {name: x}\n',
  'unknown-field.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: odd}\nspec:\n  containerz: []\n  containers: [{name: a, image: nginx, imagee: x}]\n',
  'invalid.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: {name: Bad_Name}\nspec:\n  ports: [{port: 99999}]\n  type: Sometimes\n',
  'noname.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n',
  'prune-1.yaml': `${configMap('keep', 'x', 'set: pruned')}---\n${configMap('drop', 'x', 'set: pruned')}`,
  'prune-2.yaml': configMap('keep', 'x', 'set: pruned'),
  'list.yaml': `apiVersion: v1\nkind: List\nitems:\n${['l1', 'l2'].map((n) => `- {apiVersion: v1, kind: ConfigMap, metadata: {name: ${n}}}`).join('\n')}\n`,
  'pod.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: lone, labels: {run: lone}}\nspec:\n  containers:\n  - {name: lone, image: busybox, command: [sh, -c, "echo started; sleep 3600"]}\n',
  'two.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: two, annotations: {kubectl.kubernetes.io/default-container: second}}\nspec:\n  containers:\n  - {name: first, image: busybox, command: [sh, -c, "echo one; sleep 3600"]}\n  - {name: second, image: busybox, command: [sh, -c, "echo two; echo three >&2; sleep 3600"]}\n',
  'duo.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: duo, labels: {app: duo}}\nspec:\n  initContainers:\n  - {name: prepare, image: busybox, command: [sh, -c, "echo prepared"]}\n  containers:\n  - {name: a, image: busybox, command: [sh, -c, "echo from a; sleep 3600"]}\n  - {name: b, image: busybox, command: [sh, -c, "echo from b; sleep 3600"]}\n',
  'app.env': 'COLOR=blue\nSIZE=large\n# a comment\n',
  'app.properties': 'color=blue\nsize=large\n',
  'patch.yaml': 'spec:\n  replicas: 1\n',
  'patch.json': '[{"op":"replace","path":"/spec/replicas","value":2}]',
  'columns.txt': 'NAME          KEY\nmetadata.name data.key\n',
  'jsonpath.txt': '{.items[*].metadata.name}',
  'template.txt': '{{range .items}}{{.metadata.name}};{{end}}',
  'kustom/kustomization.yaml':
    'namePrefix: dev-\nlabels:\n- pairs: {team: blue}\nresources:\n- cm.yaml\nconfigMapGenerator:\n- name: made\n  literals: [a=b]\ngeneratorOptions:\n  disableNameSuffixHash: true\n',
  'kustom/cm.yaml': configMap('base', 'x'),
  'role.yaml':
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reader, namespace: default}\nrules:\n- {apiGroups: [""], resources: [pods], verbs: [get]}\n',
  'policy.yaml':
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: access-nginx}\nspec:\n  podSelector: {matchLabels: {app: web}}\n  policyTypes: [Ingress, Egress]\n  ingress:\n  - from:\n    - podSelector: {matchLabels: {access: "true"}}\n    - namespaceSelector: {}\n    - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}\n    ports: [{port: 80}, {port: 53, protocol: UDP}]\n',
  'workloads.yaml': `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store}
spec:
  serviceName: store
  replicas: 2
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec: {containers: [{name: store, image: "nginx:1.25", ports: [{containerPort: 80, name: web}]}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: agent, image: busybox, command: [sleep, "3600"]}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: once, image: busybox, command: [echo, done]}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec: {restartPolicy: OnFailure, containers: [{name: nightly, image: busybox, command: [date]}]}
`,
  'objects.yaml': `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: disk}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota}
spec: {hard: {configmaps: "50", services: "20"}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: limits}
spec: {limits: [{type: Container, max: {cpu: "2"}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
  tls: [{hosts: [a.example.com], secretName: cert}]
  rules:
  - {host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: budget}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
---
apiVersion: v1
kind: Secret
metadata: {name: hidden}
type: Opaque
stringData: {password: secret}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot}
`,
  'rich.yaml': `apiVersion: v1
kind: Pod
metadata: {name: rich, labels: {app: rich}, annotations: {note: hello}}
spec:
  terminationGracePeriodSeconds: 0
  nodeSelector: {kubernetes.io/os: linux}
  tolerations: [{key: a, operator: Equal, value: b, effect: NoSchedule}]
  volumes:
  - {name: scratch, emptyDir: {}}
  - {name: conf, configMap: {name: settings, optional: true}}
  - {name: sec, secret: {secretName: hidden, optional: true}}
  containers:
  - name: rich
    image: nginx:1.25
    ports: [{containerPort: 80, name: http}, {containerPort: 443}]
    env:
    - {name: PLAIN, value: x}
    - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
    - {name: KEY, valueFrom: {configMapKeyRef: {name: settings, key: key, optional: true}}}
    envFrom: [{configMapRef: {name: settings, optional: true}}]
    resources: {limits: {cpu: 500m, memory: 128Mi}, requests: {cpu: 100m}}
    livenessProbe: {httpGet: {path: /, port: 80}, initialDelaySeconds: 5}
    readinessProbe: {tcpSocket: {port: http}}
    volumeMounts: [{name: scratch, mountPath: /scratch}, {name: conf, mountPath: /conf, readOnly: true}]
`,
  'csr.yaml':
    'apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\nmetadata: {name: jane}\nspec:\n  signerName: example.com/serving\n  usages: [client auth]\n  request: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIVE1Ic0NBUUF3R1RFWE1CVUdBMVVFQXd3T2FtRnVaVzlsZUdGdGNHeGxNRmt3RXdZSEtvWkl6ajBDQVFZSQpLb1pJemowREFRY0RRZ0FFCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=\n',
};
