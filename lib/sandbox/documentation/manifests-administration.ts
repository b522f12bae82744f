// Manifests of the Kubernetes documentation about limits, quotas, controllers and access. Written anew from what they hold: names,
// labels, images, ports.

import {
  type Amounts,
  asking,
  claim,
  labelled,
  type Manifest,
  NGINX,
  nginx,
  object,
  pod,
  spec,
  workload,
} from './builders';

const limitRange = (name: string, limit: Manifest, type = 'Container'): Manifest =>
  spec('v1', 'LimitRange', name, { limits: [{ ...limit, type }] });
const quota = (name: string, what: Manifest): Manifest => spec('v1', 'ResourceQuota', name, what);
/** Containers of busybox that each say who they are. */
const greeter = (n: number, resources?: { requests?: Amounts; limits?: Amounts }): Manifest => ({
  name: `busybox-cnt0${n}`,
  image: 'busybox:1.28',
  command: ['/bin/sh'],
  args: ['-c', `while true; do echo hello from cnt0${n}; sleep 10;done`],
  ...(resources && { resources }),
});
const SOME = { memory: '100Mi', cpu: '100m' };
const MORE = { memory: '200Mi', cpu: '500m' };
const greeters = (name: string): Manifest =>
  spec('v1', 'Pod', name, {
    containers: [
      greeter(1, { requests: SOME, limits: MORE }),
      greeter(2, { requests: SOME }),
      greeter(3, { limits: MORE }),
      greeter(4),
    ],
  });

const COUNT = `i=0;
while true;
do
  echo "$i: $(date)" >> /var/log/1.log;
  echo "$(date) INFO $i" >> /var/log/2.log;
  i=$((i+1));
  sleep 1;
done
`;
const VAR_LOG = [{ name: 'varlog', mountPath: '/var/log' }];
const logging = (name: string, script: string): Manifest => ({
  name,
  image: 'busybox:1.28',
  args: ['/bin/sh', '-c', script],
  volumeMounts: VAR_LOG,
});
const counter = (...others: Manifest[]): Manifest =>
  spec('v1', 'Pod', 'counter', {
    containers: [logging('count', COUNT), ...others],
    volumes: [{ name: 'varlog', emptyDir: {} }],
  });

const FLUENTD = { name: 'fluentd-elasticsearch' };
const fluentd = (resources: Manifest, more: Manifest): Manifest =>
  labelled(
    workload('DaemonSet', 'fluentd-elasticsearch', FLUENTD, more, {
      tolerations: ['control-plane', 'master'].map((role) => ({
        key: `node-role.kubernetes.io/${role}`,
        operator: 'Exists',
        effect: 'NoSchedule',
      })),
      containers: [
        {
          name: 'fluentd-elasticsearch',
          image: 'quay.io/fluentd_elasticsearch/fluentd:v5.0.1',
          ...resources,
          volumeMounts: VAR_LOG,
        },
      ],
      terminationGracePeriodSeconds: 30,
      volumes: [{ name: 'varlog', hostPath: { path: '/var/log' } }],
    }),
    { 'k8s-app': 'fluentd-logging' },
    { namespace: 'kube-system' },
  );
const FLUENTD_RESOURCES = { resources: { limits: { memory: '200Mi' }, requests: { cpu: '100m', memory: '200Mi' } } };
const ONE_AT_A_TIME = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } } };

const PAUSE = 'registry.k8s.io/pause:2.0';
const scheduled = (name: string, container: string, more: Manifest = {}): Manifest =>
  pod(name, { name: `pod-with-${container}-container`, image: PAUSE }, more, {
    labels: { name: 'multischeduler-example' },
  });

const clusterRole = (
  name: string,
  ...rules: [group: string, resource: string, verbs: string, of?: string][]
): Manifest =>
  object('rbac.authorization.k8s.io/v1', 'ClusterRole', name, {
    rules: rules.map(([group, resource, verbs, of]) => ({
      apiGroups: [group],
      resources: [resource],
      ...(of && { resourceNames: [of] }),
      verbs: verbs.split(' '),
    })),
  });
const CSR = 'certificates.k8s.io';
const SIGNER = 'example.com/my-signer-name';

const windows = (name: string, container: Manifest): Manifest =>
  pod(
    name,
    {
      name: 'run-as-username-demo',
      image: 'mcr.microsoft.com/windows/servercore:ltsc2019',
      command: ['ping', '-t', 'localhost'],
      ...container,
    },
    {
      securityContext: { windowsOptions: { runAsUserName: 'ContainerUser' } },
      nodeSelector: { 'kubernetes.io/os': 'windows' },
    },
  );

/** Objects by path. */
export const ADMINISTRATION_EXAMPLES: Readonly<Record<string, readonly Manifest[]>> = {
  'access/certificate-signing-request/clusterrole-create.yaml': [
    clusterRole('csr-creator', [CSR, 'certificatesigningrequests', 'create get list watch']),
  ],
  'access/certificate-signing-request/clusterrole-approve.yaml': [
    clusterRole(
      'csr-approver',
      [CSR, 'certificatesigningrequests', 'get list watch'],
      [CSR, 'certificatesigningrequests/approval', 'update'],
      [CSR, 'signers', 'approve', SIGNER],
    ),
  ],
  'access/certificate-signing-request/clusterrole-sign.yaml': [
    clusterRole(
      'csr-signer',
      [CSR, 'certificatesigningrequests', 'get list watch'],
      [CSR, 'certificatesigningrequests/status', 'update'],
      [CSR, 'signers', 'sign', SIGNER],
    ),
  ],
  'admin/dns/busybox.yaml': [
    pod(
      'busybox',
      { name: 'busybox', image: 'busybox:1.28', command: ['sleep', '3600'], imagePullPolicy: 'IfNotPresent' },
      { restartPolicy: 'Always' },
      { namespace: 'default' },
    ),
  ],
  'admin/logging/two-files-counter-pod.yaml': [counter()],
  'admin/logging/two-files-counter-pod-streaming-sidecar.yaml': [
    counter(
      logging('count-log-1', 'tail -n+1 -F /var/log/1.log'),
      logging('count-log-2', 'tail -n+1 -F /var/log/2.log'),
    ),
  ],
  'admin/resource/cpu-constraints.yaml': [
    limitRange('cpu-min-max-demo-lr', { max: { cpu: '800m' }, min: { cpu: '200m' } }),
  ],
  'admin/resource/cpu-constraints-pod.yaml': [
    asking('constraints-cpu-demo', 'nginx', { limits: { cpu: '800m' }, requests: { cpu: '500m' } }),
  ],
  'admin/resource/cpu-constraints-pod-2.yaml': [
    asking('constraints-cpu-demo-2', 'nginx', { limits: { cpu: '1.5' }, requests: { cpu: '500m' } }),
  ],
  'admin/resource/cpu-constraints-pod-3.yaml': [
    asking('constraints-cpu-demo-3', 'nginx', { limits: { cpu: '800m' }, requests: { cpu: '100m' } }),
  ],
  'admin/resource/cpu-constraints-pod-4.yaml': [asking('constraints-cpu-demo-4', 'vish/stress')],
  'admin/resource/cpu-defaults.yaml': [
    limitRange('cpu-limit-range', { default: { cpu: 1 }, defaultRequest: { cpu: 0.5 } }),
  ],
  'admin/resource/cpu-defaults-pod.yaml': [asking('default-cpu-demo', 'nginx')],
  'admin/resource/cpu-defaults-pod-2.yaml': [asking('default-cpu-demo-2', 'nginx', { limits: { cpu: '1' } })],
  'admin/resource/cpu-defaults-pod-3.yaml': [asking('default-cpu-demo-3', 'nginx', { requests: { cpu: '0.75' } })],
  'admin/resource/memory-constraints.yaml': [
    limitRange('mem-min-max-demo-lr', { max: { memory: '1Gi' }, min: { memory: '500Mi' } }),
  ],
  'admin/resource/memory-constraints-pod.yaml': [
    asking('constraints-mem-demo', 'nginx', { limits: { memory: '800Mi' }, requests: { memory: '600Mi' } }),
  ],
  'admin/resource/memory-constraints-pod-2.yaml': [
    asking('constraints-mem-demo-2', 'nginx', { limits: { memory: '1.5Gi' }, requests: { memory: '800Mi' } }),
  ],
  'admin/resource/memory-constraints-pod-3.yaml': [
    asking('constraints-mem-demo-3', 'nginx', { limits: { memory: '800Mi' }, requests: { memory: '100Mi' } }),
  ],
  'admin/resource/memory-constraints-pod-4.yaml': [asking('constraints-mem-demo-4', 'nginx')],
  'admin/resource/memory-defaults.yaml': [
    limitRange('mem-limit-range', { default: { memory: '512Mi' }, defaultRequest: { memory: '256Mi' } }),
  ],
  'admin/resource/memory-defaults-pod.yaml': [asking('default-mem-demo', 'nginx')],
  'admin/resource/memory-defaults-pod-2.yaml': [asking('default-mem-demo-2', 'nginx', { limits: { memory: '1Gi' } })],
  'admin/resource/memory-defaults-pod-3.yaml': [
    asking('default-mem-demo-3', 'nginx', { requests: { memory: '128Mi' } }),
  ],
  'admin/resource/limit-mem-cpu-container.yaml': [
    limitRange('limit-mem-cpu-per-container', {
      max: { cpu: '800m', memory: '1Gi' },
      min: { cpu: '100m', memory: '99Mi' },
      default: { cpu: '700m', memory: '900Mi' },
      defaultRequest: { cpu: '110m', memory: '111Mi' },
    }),
  ],
  'admin/resource/limit-mem-cpu-pod.yaml': [
    limitRange('limit-mem-cpu-per-pod', { max: { cpu: '2', memory: '2Gi' } }, 'Pod'),
  ],
  'admin/resource/limit-memory-ratio-pod.yaml': [
    limitRange('limit-memory-ratio-pod', { maxLimitRequestRatio: { memory: 2 } }, 'Pod'),
  ],
  'admin/resource/limit-range-pod-1.yaml': [greeters('busybox1')],
  'admin/resource/limit-range-pod-2.yaml': [greeters('busybox2')],
  'admin/resource/limit-range-pod-3.yaml': [
    pod('busybox3', {
      name: 'busybox-cnt01',
      image: 'busybox:1.28',
      resources: { limits: { memory: '300Mi' }, requests: { memory: '100Mi' } },
    }),
  ],
  'admin/resource/storagelimits.yaml': [
    limitRange('storagelimits', { max: { storage: '2Gi' }, min: { storage: '1Gi' } }, 'PersistentVolumeClaim'),
  ],
  'admin/resource/pvc-limit-lower.yaml': [claim('pvc-limit-lower', '500Mi')],
  'admin/resource/pvc-limit-greater.yaml': [claim('pvc-limit-greater', '5Gi')],
  'admin/resource/quota-objects.yaml': [
    quota('object-quota-demo', {
      hard: { persistentvolumeclaims: '1', 'services.loadbalancers': '2', 'services.nodeports': '0' },
    }),
  ],
  'admin/resource/quota-objects-pvc.yaml': [claim('pvc-quota-demo', '3Gi', { storageClassName: 'manual' })],
  'admin/resource/quota-objects-pvc-2.yaml': [claim('pvc-quota-demo-2', '4Gi', { storageClassName: 'manual' })],
  'admin/resource/quota-pod-deployment.yaml': [
    workload(
      'Deployment',
      'pod-quota-demo',
      { purpose: 'quota-demo' },
      { replicas: 3 },
      {
        containers: [{ name: 'pod-quota-demo', image: 'nginx' }],
      },
    ),
  ],
  'policy/priority-class-resourcequota.yaml': [
    quota('pods-cluster-services', {
      scopeSelector: {
        matchExpressions: [{ operator: 'In', scopeName: 'PriorityClass', values: ['cluster-services'] }],
      },
    }),
  ],
  'admin/sched/pod1.yaml': [scheduled('no-annotation', 'no-annotation')],
  'admin/sched/pod2.yaml': [
    scheduled('annotation-default-scheduler', 'default-annotation', { schedulerName: 'default-scheduler' }),
  ],
  'admin/sched/pod3.yaml': [
    scheduled('annotation-second-scheduler', 'second-annotation', { schedulerName: 'my-scheduler' }),
  ],
  'admin/snowflake-deployment.yaml': [
    labelled(
      workload(
        'Deployment',
        'snowflake',
        { app: 'snowflake' },
        { replicas: 2 },
        {
          containers: [{ image: 'registry.k8s.io/serve_hostname', imagePullPolicy: 'Always', name: 'snowflake' }],
        },
      ),
      { app: 'snowflake' },
    ),
  ],
  'controllers/daemonset.yaml': [fluentd(FLUENTD_RESOURCES, {})],
  'controllers/fluentd-daemonset.yaml': [fluentd({}, ONE_AT_A_TIME)],
  'controllers/fluentd-daemonset-update.yaml': [fluentd(FLUENTD_RESOURCES, ONE_AT_A_TIME)],
  'controllers/hpa-rs.yaml': [
    spec('autoscaling/v1', 'HorizontalPodAutoscaler', 'frontend-scaler', {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'frontend' },
      minReplicas: 3,
      maxReplicas: 10,
      targetCPUUtilizationPercentage: 50,
    }),
  ],
  'controllers/replicaset.yaml': [
    workload(
      'ReplicaSet',
      'my-repset',
      { 'pod-is-for': 'garbage-collection-example' },
      { replicas: 3 },
      {
        containers: [{ name: 'nginx', image: 'nginx' }],
      },
    ),
  ],
  'controllers/replication-nginx-1.14.2.yaml': [
    spec('v1', 'ReplicationController', 'my-nginx', {
      replicas: 5,
      template: { metadata: { labels: NGINX }, spec: { containers: [nginx('nginx:1.14.2')] } },
    }),
  ],
  'policy/zookeeper-pod-disruption-budget-maxunavailable.yaml': [
    spec('policy/v1', 'PodDisruptionBudget', 'zk-pdb', {
      maxUnavailable: 1,
      selector: { matchLabels: { app: 'zookeeper' } },
    }),
  ],
  'policy/zookeeper-pod-disruption-budget-minavailable.yaml': [
    spec('policy/v1', 'PodDisruptionBudget', 'zk-pdb', {
      minAvailable: 2,
      selector: { matchLabels: { app: 'zookeeper' } },
    }),
  ],
  'windows/run-as-username-pod.yaml': [windows('run-as-username-pod-demo', {})],
  'windows/run-as-username-container.yaml': [
    windows('run-as-username-container-demo', {
      securityContext: { windowsOptions: { runAsUserName: 'ContainerAdministrator' } },
    }),
  ],
  'application/ssa/nginx-deployment.yaml': [
    labelled(
      workload(
        'Deployment',
        'nginx-deployment',
        NGINX,
        { replicas: 3 },
        {
          containers: [{ name: 'nginx', image: 'nginx:1.14.2' }],
        },
      ),
      NGINX,
    ),
  ],
  'application/ssa/nginx-deployment-no-replicas.yaml': [
    labelled(
      workload('Deployment', 'nginx-deployment', NGINX, {}, { containers: [{ name: 'nginx', image: 'nginx:1.14.2' }] }),
      NGINX,
    ),
  ],
  'application/ssa/nginx-deployment-replicas-only.yaml': [
    spec('apps/v1', 'Deployment', 'nginx-deployment', { replicas: 3 }),
  ],
};
