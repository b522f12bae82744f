// Manifests of the task pages of the Kubernetes documentation: configuration, secrets, resources, probes, storage.
// Written anew from what they hold: names, labels, images, ports.

import { type Manifest, object as objectOf, pod } from './builders';

const TEST_BUSYBOX = 'registry.k8s.io/busybox:1.27.2';

const object = (kind: string, name: string, rest: Manifest, metadata: Manifest = {}): Manifest =>
  objectOf('v1', kind, name, rest, metadata);

const configMap = (name: string, data: Record<string, string>): Manifest =>
  object('ConfigMap', name, { data }, { namespace: 'default' });

const reference = (source: 'configMapKeyRef' | 'secretKeyRef', name: string, from: string, key: string): Manifest => ({
  name,
  valueFrom: { [source]: { name: from, key } },
});

const field = (name: string, fieldPath: string): Manifest => ({ name, valueFrom: { fieldRef: { fieldPath } } });

/** A pod of busybox that runs one command with settings of config maps. */
const configured = (command: string[], container: Manifest, spec: Manifest = {}): Manifest =>
  pod(
    'dapi-test-pod',
    { name: 'test-container', image: TEST_BUSYBOX, command, ...container },
    {
      restartPolicy: 'Never',
      ...spec,
    },
  );

const ENV = ['/bin/sh', '-c', 'env'];
const shell = (line: string): string[] => ['/bin/sh', '-c', line];

const configVolume = (items?: Manifest[]): Manifest => ({
  volumes: [{ name: 'config-volume', configMap: { name: 'special-config', ...(items && { items }) } }],
});
const CONFIG_MOUNT = { volumeMounts: [{ name: 'config-volume', mountPath: '/etc/config' }] };

const secretEnv = (env: Manifest[]): Manifest =>
  pod('secret-envars-test-pod', { name: 'envars-test-container', image: 'nginx', env });
const envvars = (...names: [name: string, from: string, key: string][]): Manifest[] =>
  names.map(([name, from, key]) => reference('secretKeyRef', name, from, key));

interface Amounts {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

const memoryDemo = (suffix: string, resources: Amounts, bytes: string): Manifest =>
  pod(
    `memory-demo${suffix}`,
    {
      name: `memory-demo${suffix}-ctr`,
      image: 'polinux/stress',
      resources,
      command: ['stress'],
      args: ['--vm', '1', '--vm-bytes', bytes, '--vm-hang', '1'],
    },
    {},
    { namespace: 'mem-example' },
  );

const cpuDemo = (suffix: string, resources: Amounts): Manifest =>
  pod(
    `cpu-demo${suffix}`,
    { name: `cpu-demo-ctr${suffix}`, image: 'vish/stress', resources, args: ['-cpus', '2'] },
    {},
    { namespace: 'cpu-example' },
  );

const qosDemo = (suffix: string, resources?: Amounts): Manifest =>
  pod(
    `qos-demo${suffix}`,
    { name: `qos-demo${suffix}-ctr`, image: 'nginx', ...(resources && { resources }) },
    {},
    { namespace: 'qos-example' },
  );

const quotaDemo = (suffix: string, image: string, resources: Amounts): Manifest =>
  pod(`quota-mem-cpu-demo${suffix}`, { name: `quota-mem-cpu-demo${suffix}-ctr`, image, resources });

const namespace = (name: string): Manifest => object('Namespace', name, {}, { labels: { name } });

const affinity = (nodeAffinity: Manifest): Manifest =>
  pod('nginx', { name: 'nginx', image: 'nginx', imagePullPolicy: 'IfNotPresent' }, { affinity: { nodeAffinity } });
const SSD = { matchExpressions: [{ key: 'disktype', operator: 'In', values: ['ssd'] }] };

const STORAGE = { accessModes: ['ReadWriteOnce'], storageClassName: 'manual' };
const DEVELOPMENT = [namespace('development')];
const PRODUCTION = [namespace('production')];

/** Objects by path. */
export const TASK_EXAMPLES: Readonly<Record<string, readonly Manifest[]>> = {
  'configmap/configmaps.yaml': [
    configMap('special-config', { 'special.how': 'very' }),
    configMap('env-config', { log_level: 'INFO' }),
  ],
  'configmap/configmap-multikeys.yaml': [configMap('special-config', { SPECIAL_LEVEL: 'very', SPECIAL_TYPE: 'charm' })],
  'pods/pod-single-configmap-env-variable.yaml': [
    configured(ENV, { env: [reference('configMapKeyRef', 'SPECIAL_LEVEL_KEY', 'special-config', 'special.how')] }),
  ],
  'pods/pod-multiple-configmap-env-variable.yaml': [
    configured(ENV, {
      env: [
        reference('configMapKeyRef', 'SPECIAL_LEVEL_KEY', 'special-config', 'special.how'),
        reference('configMapKeyRef', 'LOG_LEVEL', 'env-config', 'log_level'),
      ],
    }),
  ],
  'pods/pod-configmap-envFrom.yaml': [configured(ENV, { envFrom: [{ configMapRef: { name: 'special-config' } }] })],
  'pods/pod-configmap-env-var-valueFrom.yaml': [
    configured(['/bin/echo', '$(SPECIAL_LEVEL_KEY) $(SPECIAL_TYPE_KEY)'], {
      env: [
        reference('configMapKeyRef', 'SPECIAL_LEVEL_KEY', 'special-config', 'SPECIAL_LEVEL'),
        reference('configMapKeyRef', 'SPECIAL_TYPE_KEY', 'special-config', 'SPECIAL_TYPE'),
      ],
    }),
  ],
  'pods/pod-configmap-volume.yaml': [configured(shell('ls /etc/config/'), CONFIG_MOUNT, configVolume())],
  'pods/pod-configmap-volume-specific-key.yaml': [
    configured(shell('cat /etc/config/keys'), CONFIG_MOUNT, configVolume([{ key: 'SPECIAL_LEVEL', path: 'keys' }])),
  ],
  'pods/config/example-redis-config.yaml': [
    object('ConfigMap', 'example-redis-config', { data: { 'redis-config': '' } }),
  ],
  'pods/config/redis-pod.yaml': [
    pod(
      'redis',
      {
        name: 'redis',
        image: 'redis:5.0.4',
        command: ['redis-server', '/redis-master/redis.conf'],
        env: [{ name: 'MASTER', value: 'true' }],
        ports: [{ containerPort: 6379 }],
        resources: { limits: { cpu: '0.1' } },
        volumeMounts: [
          { mountPath: '/redis-master-data', name: 'data' },
          { mountPath: '/redis-master', name: 'config' },
        ],
      },
      {
        volumes: [
          { name: 'data', emptyDir: {} },
          {
            name: 'config',
            configMap: { name: 'example-redis-config', items: [{ key: 'redis-config', path: 'redis.conf' }] },
          },
        ],
      },
    ),
  ],
  'pods/inject/secret.yaml': [
    object('Secret', 'test-secret', { data: { username: 'bXktYXBw', password: 'Mzk1MjgkdmRnN0pi' } }),
  ],
  'pods/inject/secret-pod.yaml': [
    pod(
      'secret-test-pod',
      {
        name: 'test-container',
        image: 'nginx',
        volumeMounts: [{ name: 'secret-volume', mountPath: '/etc/secret-volume', readOnly: true }],
      },
      { volumes: [{ name: 'secret-volume', secret: { secretName: 'test-secret' } }] },
    ),
  ],
  'pods/inject/pod-single-secret-env-variable.yaml': [
    pod('env-single-secret', {
      name: 'envars-test-container',
      image: 'nginx',
      env: envvars(['SECRET_USERNAME', 'backend-user', 'backend-username']),
    }),
  ],
  'pods/inject/pod-multiple-secret-env-variable.yaml': [
    pod('envvars-multiple-secrets', {
      name: 'envars-test-container',
      image: 'nginx',
      env: envvars(['BACKEND_USERNAME', 'backend-user', 'backend-username'], ['DB_USERNAME', 'db-user', 'db-username']),
    }),
  ],
  'pods/inject/secret-envars-pod.yaml': [
    secretEnv(envvars(['SECRET_USERNAME', 'test-secret', 'username'], ['SECRET_PASSWORD', 'test-secret', 'password'])),
  ],
  'pods/inject/pod-secret-envFrom.yaml': [
    pod('envfrom-secret', {
      name: 'envars-test-container',
      image: 'nginx',
      envFrom: [{ secretRef: { name: 'test-secret' } }],
    }),
  ],
  'pods/inject/dapi-envars-pod.yaml': [
    pod(
      'dapi-envars-fieldref',
      {
        name: 'test-container',
        image: TEST_BUSYBOX,
        command: ['sh', '-c'],
        args: [
          "while true; do echo -en '\\n'; printenv MY_NODE_NAME MY_POD_NAME MY_POD_NAMESPACE; printenv MY_POD_IP MY_POD_SERVICE_ACCOUNT; sleep 10; done;",
        ],
        env: [
          field('MY_NODE_NAME', 'spec.nodeName'),
          field('MY_POD_NAME', 'metadata.name'),
          field('MY_POD_NAMESPACE', 'metadata.namespace'),
          field('MY_POD_IP', 'status.podIP'),
          field('MY_POD_SERVICE_ACCOUNT', 'spec.serviceAccountName'),
        ],
      },
      { restartPolicy: 'Never' },
    ),
  ],
  'pods/inject/dapi-volume.yaml': [
    pod(
      'kubernetes-downwardapi-volume-example',
      {
        name: 'client-container',
        image: TEST_BUSYBOX,
        command: ['sh', '-c'],
        args: [
          "while true; do if [[ -e /etc/podinfo/labels ]]; then echo -en '\\n\\n'; cat /etc/podinfo/labels; fi; if [[ -e /etc/podinfo/annotations ]]; then echo -en '\\n\\n'; cat /etc/podinfo/annotations; fi; sleep 5; done;",
        ],
        volumeMounts: [{ name: 'podinfo', mountPath: '/etc/podinfo' }],
      },
      {
        volumes: [
          {
            name: 'podinfo',
            downwardAPI: {
              items: ['labels', 'annotations'].map((path) => ({ path, fieldRef: { fieldPath: `metadata.${path}` } })),
            },
          },
        ],
      },
      {
        labels: { zone: 'us-est-coast', cluster: 'test-cluster1', rack: 'rack-22' },
        annotations: { build: 'two', builder: 'john-doe' },
      },
    ),
  ],
  'pods/inject/dependent-envars.yaml': [
    pod('dependent-envars-demo', {
      name: 'dependent-envars-demo',
      image: 'busybox:1.28',
      command: ['sh', '-c'],
      args: [
        "while true; do echo -en '\\n'; printf UNCHANGED_REFERENCE=$UNCHANGED_REFERENCE'\\n'; printf SERVICE_ADDRESS=$SERVICE_ADDRESS'\\n';printf ESCAPED_REFERENCE=$ESCAPED_REFERENCE'\\n'; sleep 30; done;",
      ],
      env: Object.entries({
        SERVICE_PORT: '80',
        SERVICE_IP: '172.17.0.1',
        UNCHANGED_REFERENCE: '$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)',
        PROTOCOL: 'https',
        SERVICE_ADDRESS: '$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)',
        ESCAPED_REFERENCE: '$$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)',
      }).map(([name, value]) => ({ name, value })),
    }),
  ],
  'pods/lifecycle-events.yaml': [
    pod('lifecycle-demo', {
      name: 'lifecycle-demo-container',
      image: 'nginx',
      lifecycle: {
        postStart: { exec: { command: shell('echo Hello from the postStart handler > /usr/share/message') } },
        preStop: { exec: { command: shell('nginx -s quit; while killall -0 nginx; do sleep 1; done') } },
      },
    }),
  ],
  'pods/share-process-namespace.yaml': [
    object('Pod', 'nginx', {
      spec: {
        shareProcessNamespace: true,
        containers: [
          { name: 'nginx', image: 'nginx' },
          {
            name: 'shell',
            image: 'busybox:1.28',
            command: ['sleep', '3600'],
            securityContext: { capabilities: { add: ['SYS_PTRACE'] } },
            stdin: true,
            tty: true,
          },
        ],
      },
    }),
  ],
  'debug/termination.yaml': [
    pod('termination-demo', {
      name: 'termination-demo-container',
      image: 'debian',
      command: ['/bin/sh'],
      args: ['-c', 'sleep 10 && echo Sleep expired > /dev/termination-log'],
    }),
  ],
  'pods/resource/memory-request-limit.yaml': [
    memoryDemo('', { requests: { memory: '100Mi' }, limits: { memory: '200Mi' } }, '150M'),
  ],
  'pods/resource/memory-request-limit-2.yaml': [
    memoryDemo('-2', { requests: { memory: '50Mi' }, limits: { memory: '100Mi' } }, '250M'),
  ],
  'pods/resource/memory-request-limit-3.yaml': [
    memoryDemo('-3', { requests: { memory: '1000Gi' }, limits: { memory: '1000Gi' } }, '150M'),
  ],
  'pods/resource/cpu-request-limit.yaml': [cpuDemo('', { limits: { cpu: '1' }, requests: { cpu: '0.5' } })],
  'pods/resource/cpu-request-limit-2.yaml': [cpuDemo('-2', { limits: { cpu: '100' }, requests: { cpu: '100' } })],
  'pods/qos/qos-pod.yaml': [
    qosDemo('', { limits: { memory: '200Mi', cpu: '700m' }, requests: { memory: '200Mi', cpu: '700m' } }),
  ],
  'pods/qos/qos-pod-2.yaml': [qosDemo('-2', { limits: { memory: '200Mi' }, requests: { memory: '100Mi' } })],
  'pods/qos/qos-pod-3.yaml': [qosDemo('-3')],
  'pods/qos/qos-pod-4.yaml': [
    object(
      'Pod',
      'qos-demo-4',
      {
        spec: {
          containers: [
            { name: 'qos-demo-4-ctr-1', image: 'nginx', resources: { requests: { memory: '200Mi' } } },
            { name: 'qos-demo-4-ctr-2', image: 'redis' },
          ],
        },
      },
      { namespace: 'qos-example' },
    ),
  ],
  'pods/security/security-context.yaml': [
    pod(
      'security-context-demo',
      {
        name: 'sec-ctx-demo',
        image: 'busybox:1.28',
        command: ['sh', '-c', 'sleep 1h'],
        volumeMounts: [{ name: 'sec-ctx-vol', mountPath: '/data/demo' }],
        securityContext: { allowPrivilegeEscalation: false },
      },
      {
        securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000] },
        volumes: [{ name: 'sec-ctx-vol', emptyDir: {} }],
      },
    ),
  ],
  'pods/security/security-context-2.yaml': [
    pod(
      'security-context-demo-2',
      {
        name: 'sec-ctx-demo-2',
        image: 'gcr.io/google-samples/hello-app:2.0',
        securityContext: { runAsUser: 2000, allowPrivilegeEscalation: false },
      },
      { securityContext: { runAsUser: 1000 } },
    ),
  ],
  'pods/storage/redis.yaml': [
    pod(
      'redis',
      { name: 'redis', image: 'redis', volumeMounts: [{ name: 'redis-storage', mountPath: '/data/redis' }] },
      { volumes: [{ name: 'redis-storage', emptyDir: {} }] },
    ),
  ],
  'pods/storage/pv-volume.yaml': [
    object(
      'PersistentVolume',
      'task-pv-volume',
      { spec: { ...STORAGE, capacity: { storage: '10Gi' }, hostPath: { path: '/mnt/data' } } },
      { labels: { type: 'local' } },
    ),
  ],
  'pods/storage/pv-claim.yaml': [
    object('PersistentVolumeClaim', 'task-pv-claim', {
      spec: { ...STORAGE, resources: { requests: { storage: '3Gi' } } },
    }),
  ],
  'pods/storage/pv-pod.yaml': [
    pod(
      'task-pv-pod',
      {
        name: 'task-pv-container',
        image: 'nginx',
        ports: [{ containerPort: 80, name: 'http-server' }],
        volumeMounts: [{ mountPath: '/usr/share/nginx/html', name: 'task-pv-storage' }],
      },
      { volumes: [{ name: 'task-pv-storage', persistentVolumeClaim: { claimName: 'task-pv-claim' } }] },
    ),
  ],
  'pods/storage/projected.yaml': [
    pod(
      'test-projected-volume',
      {
        name: 'test-projected-volume',
        image: 'busybox:1.28',
        args: ['sleep', '86400'],
        volumeMounts: [{ name: 'all-in-one', mountPath: '/projected-volume', readOnly: true }],
      },
      {
        volumes: [
          {
            name: 'all-in-one',
            projected: { sources: [{ secret: { name: 'user' } }, { secret: { name: 'pass' } }] },
          },
        ],
      },
    ),
  ],
  'pods/pod-nginx.yaml': [
    pod(
      'nginx',
      { name: 'nginx', image: 'nginx', imagePullPolicy: 'IfNotPresent' },
      { nodeSelector: { disktype: 'ssd' } },
      { labels: { env: 'test' } },
    ),
  ],
  'pods/pod-nginx-required-affinity.yaml': [
    affinity({ requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [SSD] } }),
  ],
  'pods/pod-nginx-preferred-affinity.yaml': [
    affinity({ preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: SSD }] }),
  ],
  'controllers/replication.yaml': [
    object('ReplicationController', 'nginx', {
      spec: {
        replicas: 3,
        selector: { app: 'nginx' },
        template: {
          metadata: { name: 'nginx', labels: { app: 'nginx' } },
          spec: { containers: [{ name: 'nginx', image: 'nginx', ports: [{ containerPort: 80 }] }] },
        },
      },
    }),
  ],
  'application/nginx-with-request.yaml': [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'nginx-deployment' },
      spec: {
        selector: { matchLabels: { app: 'nginx' } },
        replicas: 2,
        template: {
          metadata: { labels: { app: 'nginx' } },
          spec: {
            containers: [
              {
                name: 'nginx',
                image: 'nginx',
                resources: { limits: { memory: '128Mi', cpu: '500m' } },
                ports: [{ containerPort: 80 }],
              },
            ],
          },
        },
      },
    },
  ],
  'application/hpa/php-apache.yaml': [
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'php-apache' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'php-apache' },
        minReplicas: 1,
        maxReplicas: 10,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    },
  ],
  'service/pod-with-graceful-termination.yaml': [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'nginx-deployment', labels: { app: 'nginx' } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'nginx' } },
        template: {
          metadata: { labels: { app: 'nginx' } },
          spec: {
            terminationGracePeriodSeconds: 120,
            containers: [
              {
                name: 'nginx',
                image: 'nginx:latest',
                ports: [{ containerPort: 80 }],
                lifecycle: { preStop: { exec: { command: shell('sleep 180') } } },
              },
            ],
          },
        },
      },
    },
  ],
  'service/explore-graceful-termination-nginx.yaml': [
    object('Service', 'nginx-service', {
      spec: { selector: { app: 'nginx' }, ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }] },
    }),
  ],
  'admin/namespace-dev.yaml': DEVELOPMENT,
  'admin/namespace-dev.json': DEVELOPMENT,
  'admin/namespace-prod.yaml': PRODUCTION,
  'admin/namespace-prod.json': PRODUCTION,
  'admin/resource/quota-mem-cpu.yaml': [
    object('ResourceQuota', 'mem-cpu-demo', {
      spec: {
        hard: { 'requests.cpu': '1', 'requests.memory': '1Gi', 'limits.cpu': '2', 'limits.memory': '2Gi' },
      },
    }),
  ],
  'admin/resource/quota-mem-cpu-pod.yaml': [
    quotaDemo('', 'nginx', {
      limits: { memory: '800Mi', cpu: '800m' },
      requests: { memory: '600Mi', cpu: '400m' },
    }),
  ],
  'admin/resource/quota-mem-cpu-pod-2.yaml': [
    quotaDemo('-2', 'redis', {
      limits: { memory: '1Gi', cpu: '800m' },
      requests: { memory: '700Mi', cpu: '400m' },
    }),
  ],
  'admin/resource/quota-pod.yaml': [object('ResourceQuota', 'pod-demo', { spec: { hard: { pods: '2' } } })],
};
