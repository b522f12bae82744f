// Manifests of the Kubernetes documentation about workloads, placement, the downward API and services. Written anew from what they
// hold: names, labels, images, ports.

import { asking, HEADLESS, labelled, type Manifest, NGINX, nginx, pod, service, spec, workload } from './builders';

const indexed = (podSpec: Manifest): Manifest =>
  spec('batch/v1', 'Job', 'indexed-job', {
    completions: 5,
    parallelism: 3,
    completionMode: 'Indexed',
    template: { spec: { restartPolicy: 'Never', ...podSpec } },
  });
const INPUT = [{ mountPath: '/input', name: 'input' }];
const REVERSER = {
  name: 'worker',
  image: 'docker.io/library/busybox',
  command: ['rev', '/input/data.txt'],
  volumeMounts: INPUT,
};

const field = (name: string, resource: string): Manifest => ({
  name,
  valueFrom: { resourceFieldRef: { containerName: 'test-container', resource } },
});
const downward = (path: string, resource: string, divisor: string): Manifest => ({
  path,
  resourceFieldRef: { containerName: 'client-container', resource, divisor },
});
const TEST_BUSYBOX = 'registry.k8s.io/busybox:1.27.2';
const SMALL = { requests: { memory: '32Mi', cpu: '125m' }, limits: { memory: '64Mi', cpu: '250m' } };
const PODINFO = ['cpu_limit', 'cpu_request', 'mem_limit', 'mem_request'];

const spread = (...topologyKeys: string[]): Manifest => ({
  topologySpreadConstraints: topologyKeys.map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { foo: 'bar' } },
  })),
});
const spreadPod = (more: Manifest): Manifest =>
  pod('mypod', { name: 'pause', image: 'registry.k8s.io/pause:3.1' }, more, { labels: { foo: 'bar' } });
const expression = (key: string, operator: string, ...values: string[]): Manifest => ({ key, operator, values });
const security = (value: string): Manifest => ({
  labelSelector: { matchExpressions: [expression('security', 'In', value)] },
  topologyKey: 'topology.kubernetes.io/zone',
});

const dual = (more: Manifest): Manifest =>
  labelled(service('my-service', { 'app.kubernetes.io/name': 'MyApp' }, { protocol: 'TCP', port: 80 }, more), {
    'app.kubernetes.io/name': 'MyApp',
  });

const ingress = (name: string, what: Manifest, metadata: Manifest = {}): Manifest =>
  spec('networking.k8s.io/v1', 'Ingress', name, what, metadata);
const rule = (host: string | undefined, path: string, name: string, port = 80): Manifest => ({
  ...(host && { host }),
  http: { paths: [{ pathType: 'Prefix', path, backend: { service: { name, port: { number: port } } } }] },
});
const bucket = (name: string): Manifest => ({
  resource: { apiGroup: 'k8s.example.com', kind: 'StorageBucket', name },
});
const externalClass = (more: Manifest): Manifest =>
  spec('networking.k8s.io/v1', 'IngressClass', 'external-lb', {
    controller: 'example.com/ingress-controller',
    parameters: { apiGroup: 'k8s.example.com', kind: 'IngressParameter', name: 'external-config', ...more },
  });

/** Objects by path. */
export const WORKLOAD_EXAMPLES: Readonly<Record<string, readonly Manifest[]>> = {
  'application/deployment-patch.yaml': [
    workload(
      'Deployment',
      'patch-demo',
      NGINX,
      { replicas: 2 },
      {
        containers: [{ name: 'patch-demo-ctr', image: 'nginx' }],
        tolerations: [{ effect: 'NoSchedule', key: 'dedicated', value: 'test-team' }],
      },
    ),
  ],
  'application/deployment-retainkeys.yaml': [
    workload(
      'Deployment',
      'retainkeys-demo',
      NGINX,
      { strategy: { rollingUpdate: { maxSurge: '30%' } } },
      {
        containers: [{ name: 'retainkeys-demo-ctr', image: 'nginx' }],
      },
    ),
  ],
  'application/nginx/nginx-deployment.yaml': [
    labelled(
      workload('Deployment', 'my-nginx', NGINX, { replicas: 3 }, { containers: [nginx('nginx:1.14.2')] }),
      NGINX,
    ),
  ],
  'application/nginx/nginx-svc.yaml': [
    labelled(service('my-nginx-svc', NGINX, { port: 80 }, { type: 'LoadBalancer' }), NGINX),
  ],
  'application/web/web-parallel.yaml': [
    labelled(service('nginx', NGINX, { port: 80, name: 'web' }, HEADLESS), NGINX),
    workload(
      'StatefulSet',
      'web',
      NGINX,
      {
        serviceName: 'nginx',
        podManagementPolicy: 'Parallel',
        replicas: 2,
        volumeClaimTemplates: [
          {
            metadata: { name: 'www' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
      {
        containers: [
          {
            name: 'nginx',
            image: 'registry.k8s.io/nginx-slim:0.24',
            ports: [{ containerPort: 80, name: 'web' }],
            volumeMounts: [{ name: 'www', mountPath: '/usr/share/nginx/html' }],
          },
        ],
      },
    ),
  ],
  'application/job/indexed-job.yaml': [
    indexed({
      initContainers: [
        {
          name: 'input',
          image: 'docker.io/library/bash',
          command: [
            'bash',
            '-c',
            `items=(foo bar baz qux xyz)\necho \${items[$JOB_COMPLETION_INDEX]} > /input/data.txt\n`,
          ],
          volumeMounts: INPUT,
        },
      ],
      containers: [REVERSER],
      volumes: [{ name: 'input', emptyDir: {} }],
    }),
  ],
  'application/job/indexed-job-vol.yaml': [
    indexed({
      containers: [REVERSER],
      volumes: [
        {
          name: 'input',
          downwardAPI: {
            items: [
              {
                path: 'data.txt',
                fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" },
              },
            ],
          },
        },
      ],
    }),
  ],
  'application/job/job-tmpl.yaml': [
    spec(
      'batch/v1',
      'Job',
      'process-item-$ITEM',
      {
        template: {
          metadata: { name: 'jobexample', labels: { jobgroup: 'jobexample' } },
          spec: {
            containers: [
              { name: 'c', image: 'busybox:1.28', command: ['sh', '-c', 'echo Processing item $ITEM && sleep 5'] },
            ],
            restartPolicy: 'Never',
          },
        },
      },
      { labels: { jobgroup: 'jobexample' } },
    ),
  ],
  'application/job/redis/redis-pod.yaml': [
    pod(
      'redis-master',
      { name: 'master', image: 'redis', env: [{ name: 'MASTER', value: 'true' }], ports: [{ containerPort: 6379 }] },
      {},
      { labels: { app: 'redis' } },
    ),
  ],
  'application/job/redis/redis-service.yaml': [service('redis', { app: 'redis' }, { port: 6379, targetPort: 6379 })],
  'pods/pod-rs.yaml': [1, 2].map((n) =>
    pod(
      `pod${n}`,
      { name: `hello${n}`, image: `gcr.io/google-samples/hello-app:${3 - n}.0` },
      {},
      { labels: { tier: 'frontend' } },
    ),
  ),
  'pods/inject/dapi-envars-container.yaml': [
    pod(
      'dapi-envars-resourcefieldref',
      {
        name: 'test-container',
        image: TEST_BUSYBOX,
        command: ['sh', '-c'],
        args: [
          "while true; do echo -en '\\n'; printenv MY_CPU_REQUEST MY_CPU_LIMIT; printenv MY_MEM_REQUEST MY_MEM_LIMIT; sleep 10; done;",
        ],
        resources: SMALL,
        env: [
          field('MY_CPU_REQUEST', 'requests.cpu'),
          field('MY_CPU_LIMIT', 'limits.cpu'),
          field('MY_MEM_REQUEST', 'requests.memory'),
          field('MY_MEM_LIMIT', 'limits.memory'),
        ],
      },
      { restartPolicy: 'Never' },
    ),
  ],
  'pods/inject/dapi-volume-resources.yaml': [
    pod(
      'kubernetes-downwardapi-volume-example-2',
      {
        name: 'client-container',
        image: TEST_BUSYBOX,
        command: ['sh', '-c'],
        args: [
          `while true; do echo -en '\\n'; ${PODINFO.map((file) => `if [[ -e /etc/podinfo/${file} ]]; then echo -en '\\n'; cat /etc/podinfo/${file}; fi; `).join('')}sleep 5; done;`,
        ],
        resources: SMALL,
        volumeMounts: [{ name: 'podinfo', mountPath: '/etc/podinfo' }],
      },
      {
        volumes: [
          {
            name: 'podinfo',
            downwardAPI: {
              items: [
                downward('cpu_limit', 'limits.cpu', '1m'),
                downward('cpu_request', 'requests.cpu', '1m'),
                downward('mem_limit', 'limits.memory', '1Mi'),
                downward('mem_request', 'requests.memory', '1Mi'),
              ],
            },
          },
        ],
      },
    ),
  ],
  'pods/pod-nginx-specific-node.yaml': [
    pod('nginx', { name: 'nginx', image: 'nginx', imagePullPolicy: 'IfNotPresent' }, { nodeName: 'foo-node' }),
  ],
  'pods/pod-projected-svc-token.yaml': [
    pod(
      'nginx',
      { image: 'nginx', name: 'nginx', volumeMounts: [{ mountPath: '/var/run/secrets/tokens', name: 'vault-token' }] },
      {
        serviceAccountName: 'build-robot',
        volumes: [
          {
            name: 'vault-token',
            projected: {
              sources: [{ serviceAccountToken: { path: 'vault-token', expirationSeconds: 7200, audience: 'vault' } }],
            },
          },
        ],
      },
    ),
  ],
  'pods/pod-with-node-affinity.yaml': [
    pod(
      'with-node-affinity',
      { name: 'with-node-affinity', image: 'registry.k8s.io/pause:3.8' },
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    expression('topology.kubernetes.io/zone', 'In', 'antarctica-east1', 'antarctica-west1'),
                  ],
                },
              ],
            },
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 1,
                preference: {
                  matchExpressions: [expression('another-node-label-key', 'In', 'another-node-label-value')],
                },
              },
            ],
          },
        },
      },
    ),
  ],
  'pods/pod-with-pod-affinity.yaml': [
    pod(
      'with-pod-affinity',
      { name: 'with-pod-affinity', image: 'registry.k8s.io/pause:3.8' },
      {
        affinity: {
          podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [security('S1')] },
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: security('S2') }],
          },
        },
      },
    ),
  ],
  'pods/pod-with-toleration.yaml': [
    pod(
      'nginx',
      { name: 'nginx', image: 'nginx', imagePullPolicy: 'IfNotPresent' },
      { tolerations: [{ key: 'example-key', operator: 'Exists', effect: 'NoSchedule' }] },
      { labels: { env: 'test' } },
    ),
  ],
  'pods/private-reg-pod.yaml': [
    pod(
      'private-reg',
      { name: 'private-reg-container', image: '<your-private-image>' },
      { imagePullSecrets: [{ name: 'regcred' }] },
    ),
  ],
  'pods/probe/pod-with-http-healthcheck.yaml': [
    pod('pod-with-http-healthcheck', {
      ...nginx('nginx'),
      livenessProbe: { httpGet: { path: '/_status/healthz', port: 80 }, initialDelaySeconds: 30, timeoutSeconds: 1 },
    }),
  ],
  'pods/probe/pod-with-tcp-socket-healthcheck.yaml': [
    pod('pod-with-tcp-socket-healthcheck', {
      name: 'redis',
      image: 'redis',
      livenessProbe: { tcpSocket: { port: 6379 }, initialDelaySeconds: 30, timeoutSeconds: 1 },
      ports: [{ containerPort: 6379 }],
    }),
  ],
  'pods/probe/tcp-liveness-readiness.yaml': [
    pod(
      'goproxy',
      {
        name: 'goproxy',
        image: 'registry.k8s.io/goproxy:0.1',
        ports: [{ containerPort: 8080 }],
        readinessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 15, periodSeconds: 10 },
        livenessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 15, periodSeconds: 10 },
      },
      {},
      { labels: { app: 'goproxy' } },
    ),
  ],
  'pods/resource/extended-resource-pod.yaml': [
    asking('extended-resource-demo', 'nginx', {
      requests: { 'example.com/dongle': 3 },
      limits: { 'example.com/dongle': 3 },
    }),
  ],
  'pods/resource/extended-resource-pod-2.yaml': [
    asking('extended-resource-demo-2', 'nginx', {
      requests: { 'example.com/dongle': 2 },
      limits: { 'example.com/dongle': 2 },
    }),
  ],
  'pods/security/security-context-3.yaml': [
    pod('security-context-demo-3', { name: 'sec-ctx-3', image: 'gcr.io/google-samples/hello-app:2.0' }),
  ],
  'pods/security/security-context-4.yaml': [
    pod('security-context-demo-4', {
      name: 'sec-ctx-4',
      image: 'gcr.io/google-samples/hello-app:2.0',
      securityContext: { capabilities: { add: ['NET_ADMIN', 'SYS_TIME'] } },
    }),
  ],
  'pods/topology-spread-constraints/one-constraint.yaml': [spreadPod(spread('zone'))],
  'pods/topology-spread-constraints/two-constraints.yaml': [spreadPod(spread('zone', 'node'))],
  'pods/topology-spread-constraints/one-constraint-with-nodeaffinity.yaml': [
    spreadPod({
      ...spread('zone'),
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [expression('zone', 'NotIn', 'zoneC')] }],
          },
        },
      },
    }),
  ],
  'service/networking/curlpod.yaml': [
    workload(
      'Deployment',
      'curl-deployment',
      { app: 'curlpod' },
      { replicas: 1 },
      {
        volumes: [{ name: 'secret-volume', secret: { secretName: 'nginxsecret' } }],
        containers: [
          {
            name: 'curlpod',
            command: ['sh', '-c', 'while true; do sleep 1; done'],
            image: 'radial/busyboxplus:curl',
            volumeMounts: [{ mountPath: '/etc/nginx/ssl', name: 'secret-volume' }],
          },
        ],
      },
    ),
  ],
  'service/networking/nginx-secure-app.yaml': [
    labelled(
      spec('v1', 'Service', 'my-nginx', {
        type: 'NodePort',
        ports: [
          { port: 8080, targetPort: 80, protocol: 'TCP', name: 'http' },
          { port: 443, protocol: 'TCP', name: 'https' },
        ],
        selector: { run: 'my-nginx' },
      }),
      { run: 'my-nginx' },
    ),
    workload(
      'Deployment',
      'my-nginx',
      { run: 'my-nginx' },
      { replicas: 1 },
      {
        volumes: [
          { name: 'secret-volume', secret: { secretName: 'nginxsecret' } },
          { name: 'configmap-volume', configMap: { name: 'nginxconfigmap' } },
        ],
        containers: [
          {
            name: 'nginxhttps',
            image: 'bprashanth/nginxhttps:1.0',
            ports: [{ containerPort: 443 }, { containerPort: 80 }],
            volumeMounts: [
              { mountPath: '/etc/nginx/ssl', name: 'secret-volume' },
              { mountPath: '/etc/nginx/conf.d', name: 'configmap-volume' },
            ],
          },
        ],
      },
    ),
  ],
  'service/networking/dual-stack-default-svc.yaml': [dual({})],
  'service/networking/dual-stack-ipfamilies-ipv6.yaml': [dual({ ipFamilies: ['IPv6'] })],
  'service/networking/dual-stack-preferred-svc.yaml': [dual({ ipFamilyPolicy: 'PreferDualStack' })],
  'service/networking/dual-stack-preferred-ipfamilies-svc.yaml': [
    dual({ ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv6', 'IPv4'] }),
  ],
  'service/networking/dual-stack-prefer-ipv6-lb-svc.yaml': [
    dual({ ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv6'], type: 'LoadBalancer' }),
  ],
  'service/networking/example-ingress.yaml': [
    ingress('example-ingress', { ingressClassName: 'nginx', rules: [rule('hello-world.example', '/', 'web', 8080)] }),
  ],
  'service/networking/external-lb.yaml': [externalClass({})],
  'service/networking/namespaced-params.yaml': [
    externalClass({ namespace: 'external-configuration', scope: 'Namespace' }),
  ],
  'service/networking/hostaliases-pod.yaml': [
    pod(
      'hostaliases-pod',
      { name: 'cat-hosts', image: 'busybox:1.28', command: ['cat'], args: ['/etc/hosts'] },
      {
        restartPolicy: 'Never',
        hostAliases: [
          { ip: '127.0.0.1', hostnames: ['foo.local', 'bar.local'] },
          { ip: '10.1.2.3', hostnames: ['foo.remote', 'bar.remote'] },
        ],
      },
    ),
  ],
  'service/networking/ingress-resource-backend.yaml': [
    ingress('ingress-resource-backend', {
      defaultBackend: bucket('static-assets'),
      rules: [
        {
          http: { paths: [{ path: '/icons', pathType: 'ImplementationSpecific', backend: bucket('icon-assets') }] },
        },
      ],
    }),
  ],
  'service/networking/ingress-wildcard-host.yaml': [
    ingress('ingress-wildcard-host', {
      rules: [rule('foo.bar.com', '/bar', 'service1'), rule('*.foo.com', '/foo', 'service2')],
    }),
  ],
  'service/networking/name-virtual-host-ingress-no-third-host.yaml': [
    ingress('name-virtual-host-ingress-no-third-host', {
      rules: [
        rule('first.bar.com', '/', 'service1'),
        rule('second.bar.com', '/', 'service2'),
        rule(undefined, '/', 'service3'),
      ],
    }),
  ],
  'service/networking/tls-example-ingress.yaml': [
    ingress('tls-example-ingress', {
      tls: [{ hosts: ['https-example.foo.com'], secretName: 'testsecret-tls' }],
      rules: [rule('https-example.foo.com', '/', 'service1')],
    }),
  ],
  'service/nginx-service.yaml': [service('nginx-service', NGINX, { port: 8000, targetPort: 80, protocol: 'TCP' })],
};
