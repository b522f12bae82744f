// The manifests that pages of the Kubernetes documentation apply by URL, by path below https://k8s.io/examples/. Written
// anew from what they hold: names, labels, images, ports.

import { ADMINISTRATION_EXAMPLES } from './manifests-administration';
import { DATABASE_EXAMPLES } from './manifests-databases';
import { TASK_EXAMPLES } from './manifests-tasks';
import { WORKLOAD_EXAMPLES } from './manifests-workloads';

type Labels = Record<string, string>;
type Manifest = Record<string, unknown>;

interface Containers {
  image: string;
  port?: number;
  env?: Record<string, string>;
  command?: string[];
  args?: string[];
  requests?: Labels;
  more?: Manifest;
}

const container = (name: string, { image, port, env, command, args, requests, more }: Containers): Manifest => ({
  name,
  image,
  ...(command && { command }),
  ...(args && { args }),
  ...(env && { env: Object.entries(env).map(([key, value]) => ({ name: key, value })) }),
  ...(port && { ports: [{ containerPort: port }] }),
  ...(requests && { resources: { requests } }),
  ...more,
});

const pod = (name: string, spec: Manifest, metadata: Manifest = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec,
});

const onePod = (name: string, what: Containers & { container?: string; labels?: Labels }, spec: Manifest = {}) =>
  pod(
    name,
    { containers: [container(what.container ?? name, what)], ...spec },
    what.labels ? { labels: what.labels } : {},
  );

const workload = (
  kind: 'Deployment' | 'ReplicaSet',
  name: string,
  labels: Labels,
  replicas: number,
  what: Containers & { container?: string; own?: Labels },
): Manifest => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, ...(what.own && { labels: what.own }) },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [container(what.container ?? name, what)] } },
  },
});

const service = (name: string, selector: Labels, port: Manifest, spec: Manifest = {}, labels?: Labels): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, ...(labels && { labels }) },
  spec: { ...spec, ports: [port], selector },
});

const policy = (name: string, spec: Manifest): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name },
  spec,
});

const ingress = (name: string, spec: Manifest): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name },
  spec,
});

const to = (name: string, number: number): Manifest => ({ service: { name, port: { number } } });
const path = (at: string, backend: Manifest): Manifest => ({ path: at, pathType: 'Prefix', backend });

const MY_NGINX = { run: 'my-nginx' };
const nginx = (image: string, replicas: number) =>
  workload('Deployment', 'nginx-deployment', { app: 'nginx' }, replicas, { container: 'nginx', image, port: 80 });

const REDIS = { app: 'redis', tier: 'backend' };
const guestbook = (role: string, image: string): Manifest =>
  workload('Deployment', `redis-${role}`, { ...REDIS, role }, role === 'leader' ? 1 : 2, {
    container: role,
    image,
    port: 6379,
    requests: { cpu: '100m', memory: '100Mi' },
    own: { ...REDIS, role },
  });
const GUESTBOOK = { app: 'guestbook', tier: 'frontend' };
const HELLO = { app: 'hello', tier: 'backend', track: 'stable' };
const HELLO_FRONT = { app: 'hello', tier: 'frontend', track: 'stable' };
const EXAMPLE = { 'app.kubernetes.io/name': 'load-balancer-example' };

const liveness = (probe: Manifest) => ({ livenessProbe: { ...probe, initialDelaySeconds: 3, periodSeconds: 3 } });

/** Objects by path. */
export const EXAMPLES: Readonly<Record<string, readonly Manifest[]>> = {
  'admin/dns/dnsutils.yaml': [
    onePod(
      'dnsutils',
      { image: 'registry.k8s.io/e2e-test-images/agnhost:2.39', more: { imagePullPolicy: 'IfNotPresent' } },
      { restartPolicy: 'Always' },
    ),
  ],
  'service/networking/run-my-nginx.yaml': [
    workload('Deployment', 'my-nginx', MY_NGINX, 2, { image: 'nginx', port: 80 }),
  ],
  'service/networking/nginx-svc.yaml': [service('my-nginx', MY_NGINX, { port: 80, protocol: 'TCP' }, {}, MY_NGINX)],
  'service/networking/nginx-policy.yaml': [
    policy('access-nginx', {
      podSelector: { matchLabels: { app: 'nginx' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { access: 'true' } } }] }],
    }),
  ],
  'service/networking/networkpolicy.yaml': [
    policy('test-network-policy', {
      podSelector: { matchLabels: { role: 'db' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [
            { ipBlock: { cidr: '172.17.0.0/16', except: ['172.17.1.0/24'] } },
            { namespaceSelector: { matchLabels: { project: 'myproject' } } },
            { podSelector: { matchLabels: { role: 'frontend' } } },
          ],
          ports: [{ protocol: 'TCP', port: 6379 }],
        },
      ],
      egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/24' } }], ports: [{ protocol: 'TCP', port: 5978 }] }],
    }),
  ],
  'service/networking/network-policy-default-deny-ingress.yaml': [
    policy('default-deny-ingress', { podSelector: {}, policyTypes: ['Ingress'] }),
  ],
  'service/networking/network-policy-allow-all-ingress.yaml': [
    policy('allow-all-ingress', { podSelector: {}, ingress: [{}], policyTypes: ['Ingress'] }),
  ],
  'service/networking/network-policy-default-deny-egress.yaml': [
    policy('default-deny-egress', { podSelector: {}, policyTypes: ['Egress'] }),
  ],
  'service/networking/network-policy-allow-all-egress.yaml': [
    policy('allow-all-egress', { podSelector: {}, egress: [{}], policyTypes: ['Egress'] }),
  ],
  'service/networking/network-policy-default-deny-all.yaml': [
    policy('default-deny-all', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
  ],
  'service/networking/minimal-ingress.yaml': [
    ingress('minimal-ingress', {
      ingressClassName: 'nginx-example',
      rules: [{ http: { paths: [path('/testpath', to('test', 80))] } }],
    }),
  ],
  'service/networking/test-ingress.yaml': [ingress('test-ingress', { defaultBackend: to('test', 80) })],
  'service/networking/simple-fanout-example.yaml': [
    ingress('simple-fanout-example', {
      rules: [
        {
          host: 'foo.bar.com',
          http: { paths: [path('/foo', to('service1', 4200)), path('/bar', to('service2', 8080))] },
        },
      ],
    }),
  ],
  'service/networking/name-virtual-host-ingress.yaml': [
    ingress('name-virtual-host-ingress', {
      rules: [
        { host: 'foo.bar.com', http: { paths: [path('/', to('service1', 80))] } },
        { host: 'bar.foo.com', http: { paths: [path('/', to('service2', 80))] } },
      ],
    }),
  ],
  'service/networking/custom-dns.yaml': [
    pod(
      'dns-example',
      {
        containers: [{ name: 'test', image: 'nginx' }],
        dnsPolicy: 'None',
        dnsConfig: {
          nameservers: ['192.0.2.1'],
          searches: ['ns1.svc.cluster-domain.example', 'my.dns.search.suffix'],
          options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
        },
      },
      { namespace: 'default' },
    ),
  ],
  'service/load-balancer-example.yaml': [
    workload('Deployment', 'hello-world', EXAMPLE, 5, {
      image: 'gcr.io/google-samples/hello-app:2.0',
      port: 8080,
      own: EXAMPLE,
    }),
  ],
  'service/access/hello-application.yaml': [
    workload('Deployment', 'hello-world', { run: 'load-balancer-example' }, 2, {
      image: 'us-docker.pkg.dev/google-samples/containers/gke/hello-app:2.0',
      port: 8080,
    }),
  ],
  'service/access/backend-deployment.yaml': [
    workload('Deployment', 'backend', HELLO, 3, {
      container: 'hello',
      image: 'gcr.io/google-samples/hello-go-gke:1.0',
      more: { ports: [{ name: 'http', containerPort: 80 }] },
    }),
  ],
  'service/access/backend-service.yaml': [
    service('hello', { app: 'hello', tier: 'backend' }, { protocol: 'TCP', port: 80, targetPort: 'http' }),
  ],
  'service/access/frontend-deployment.yaml': [
    workload('Deployment', 'frontend', HELLO_FRONT, 1, {
      container: 'nginx',
      image: 'gcr.io/google-samples/hello-frontend:1.0',
    }),
  ],
  'service/access/frontend-service.yaml': [
    service(
      'frontend',
      { app: 'hello', tier: 'frontend' },
      { protocol: 'TCP', port: 80, targetPort: 80 },
      { type: 'LoadBalancer' },
    ),
  ],
  'application/deployment.yaml': [nginx('nginx:1.14.2', 2)],
  'application/deployment-update.yaml': [nginx('nginx:1.16.1', 2)],
  'application/deployment-scale.yaml': [nginx('nginx:1.14.2', 4)],
  'application/simple_deployment.yaml': [nginx('nginx:1.14.2', 2)],
  'application/update_deployment.yaml': [nginx('nginx:1.16.1', 2)],
  'controllers/nginx-deployment.yaml': [
    workload('Deployment', 'nginx-deployment', { app: 'nginx' }, 3, {
      container: 'nginx',
      image: 'nginx:1.14.2',
      port: 80,
      own: { app: 'nginx' },
    }),
  ],
  'application/nginx-app.yaml': [
    service('my-nginx-svc', { app: 'nginx' }, { port: 80 }, { type: 'LoadBalancer' }, { app: 'nginx' }),
    workload('Deployment', 'my-nginx', { app: 'nginx' }, 3, {
      container: 'nginx',
      image: 'nginx:1.14.2',
      port: 80,
      own: { app: 'nginx' },
    }),
  ],
  'application/shell-demo.yaml': [
    pod('shell-demo', {
      volumes: [{ name: 'shared-data', emptyDir: {} }],
      containers: [
        { name: 'nginx', image: 'nginx', volumeMounts: [{ name: 'shared-data', mountPath: '/usr/share/nginx/html' }] },
      ],
      hostNetwork: true,
      dnsPolicy: 'Default',
    }),
  ],
  'application/guestbook/redis-leader-deployment.yaml': [guestbook('leader', 'docker.io/redis:6.0.5')],
  'application/guestbook/redis-leader-service.yaml': [
    service(
      'redis-leader',
      { ...REDIS, role: 'leader' },
      { port: 6379, targetPort: 6379 },
      {},
      { ...REDIS, role: 'leader' },
    ),
  ],
  'application/guestbook/redis-follower-deployment.yaml': [
    guestbook('follower', 'us-docker.pkg.dev/google-samples/containers/gke/gb-redis-follower:v2'),
  ],
  'application/guestbook/redis-follower-service.yaml': [
    service('redis-follower', { ...REDIS, role: 'follower' }, { port: 6379 }, {}, { ...REDIS, role: 'follower' }),
  ],
  'application/guestbook/frontend-deployment.yaml': [
    workload('Deployment', 'frontend', GUESTBOOK, 3, {
      container: 'php-redis',
      image: 'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend:v5',
      env: { GET_HOSTS_FROM: 'dns' },
      port: 80,
      requests: { cpu: '100m', memory: '100Mi' },
    }),
  ],
  'application/guestbook/frontend-service.yaml': [service('frontend', GUESTBOOK, { port: 80 }, {}, GUESTBOOK)],
  'application/web/web.yaml': [
    service('nginx', { app: 'nginx' }, { port: 80, name: 'web' }, { clusterIP: 'None' }, { app: 'nginx' }),
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'web' },
      spec: {
        serviceName: 'nginx',
        replicas: 2,
        selector: { matchLabels: { app: 'nginx' } },
        template: {
          metadata: { labels: { app: 'nginx' } },
          spec: {
            containers: [
              {
                name: 'nginx',
                image: 'registry.k8s.io/nginx-slim:0.21',
                ports: [{ containerPort: 80, name: 'web' }],
                volumeMounts: [{ name: 'www', mountPath: '/usr/share/nginx/html' }],
              },
            ],
          },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: 'www' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    },
  ],
  'application/mongodb/mongo-deployment.yaml': [
    workload('Deployment', 'mongo', { app: 'mongo' }, 1, { image: 'mongo:4.4.6', port: 27017, own: { app: 'mongo' } }),
  ],
  'application/mongodb/mongo-service.yaml': [
    service('mongo', { app: 'mongo' }, { port: 27017, targetPort: 27017 }, {}, { app: 'mongo' }),
  ],
  'application/php-apache.yaml': [
    workload('Deployment', 'php-apache', { run: 'php-apache' }, 1, {
      image: 'registry.k8s.io/hpa-example',
      port: 80,
      more: { resources: { limits: { cpu: '500m' }, requests: { cpu: '200m' } } },
    }),
    service('php-apache', { run: 'php-apache' }, { port: 80 }, {}, { run: 'php-apache' }),
  ],
  'application/job/cronjob.yaml': [
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'hello' },
      spec: {
        schedule: '* * * * *',
        jobTemplate: {
          spec: {
            template: {
              spec: {
                containers: [
                  {
                    name: 'hello',
                    image: 'busybox:1.28',
                    imagePullPolicy: 'IfNotPresent',
                    command: ['/bin/sh', '-c', 'date; echo Hello from the Kubernetes cluster'],
                  },
                ],
                restartPolicy: 'OnFailure',
              },
            },
          },
        },
      },
    },
  ],
  'controllers/frontend.yaml': [
    workload('ReplicaSet', 'frontend', { tier: 'frontend' }, 3, {
      container: 'php-redis',
      image: 'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend:v5',
      own: GUESTBOOK,
    }),
  ],
  'controllers/job.yaml': [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'pi' },
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'pi', image: 'perl:5.34.0', command: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'] },
            ],
            restartPolicy: 'Never',
          },
        },
        backoffLimit: 4,
      },
    },
  ],
  'pods/simple-pod.yaml': [onePod('nginx', { image: 'nginx:1.14.2', port: 80 })],
  'pods/commands.yaml': [
    onePod(
      'command-demo',
      {
        container: 'command-demo-container',
        image: 'debian',
        command: ['printenv'],
        args: ['HOSTNAME', 'KUBERNETES_PORT'],
        labels: { purpose: 'demonstrate-command' },
      },
      { restartPolicy: 'OnFailure' },
    ),
  ],
  'pods/inject/envars.yaml': [
    onePod('envar-demo', {
      container: 'envar-demo-container',
      image: 'gcr.io/google-samples/hello-app:2.0',
      env: { DEMO_GREETING: 'Hello from the environment', DEMO_FAREWELL: 'Such a sweet sorrow' },
      labels: { purpose: 'demonstrate-envars' },
    }),
  ],
  'pods/init-containers.yaml': [
    pod('init-demo', {
      containers: [
        {
          name: 'nginx',
          image: 'nginx',
          ports: [{ containerPort: 80 }],
          volumeMounts: [{ name: 'workdir', mountPath: '/usr/share/nginx/html' }],
        },
      ],
      initContainers: [
        {
          name: 'install',
          image: 'busybox:1.28',
          command: ['wget', '-O', '/work-dir/index.html', 'http://info.cern.ch'],
          volumeMounts: [{ name: 'workdir', mountPath: '/work-dir' }],
        },
      ],
      dnsPolicy: 'Default',
      volumes: [{ name: 'workdir', emptyDir: {} }],
    }),
  ],
  'pods/two-container-pod.yaml': [
    pod('two-containers', {
      restartPolicy: 'Never',
      volumes: [{ name: 'shared-data', emptyDir: {} }],
      containers: [
        {
          name: 'nginx-container',
          image: 'nginx',
          volumeMounts: [{ name: 'shared-data', mountPath: '/usr/share/nginx/html' }],
        },
        {
          name: 'debian-container',
          image: 'debian',
          volumeMounts: [{ name: 'shared-data', mountPath: '/pod-data' }],
          command: ['/bin/sh'],
          args: ['-c', 'echo Hello from the debian container > /pod-data/index.html'],
        },
      ],
    }),
  ],
  'pods/probe/exec-liveness.yaml': [
    onePod('liveness-exec', {
      container: 'liveness',
      image: 'registry.k8s.io/busybox:1.27.2',
      args: ['/bin/sh', '-c', 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600'],
      labels: { test: 'liveness' },
      more: {
        livenessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, periodSeconds: 5 },
      },
    }),
  ],
  'pods/probe/http-liveness.yaml': [
    onePod('liveness-http', {
      container: 'liveness',
      image: 'registry.k8s.io/e2e-test-images/agnhost:2.40',
      args: ['liveness'],
      labels: { test: 'liveness' },
      more: liveness({
        httpGet: { path: '/healthz', port: 8080, httpHeaders: [{ name: 'Custom-Header', value: 'Awesome' }] },
      }),
    }),
  ],
  'debug/counter-pod.yaml': [
    onePod('counter', {
      container: 'count',
      image: 'busybox:1.28',
      args: ['/bin/sh', '-c', 'i=0; while true; do echo "$i: $(date)"; i=$((i+1)); sleep 1; done'],
    }),
  ],
  ...TASK_EXAMPLES,
  ...ADMINISTRATION_EXAMPLES,
  ...WORKLOAD_EXAMPLES,
  ...DATABASE_EXAMPLES,
};
