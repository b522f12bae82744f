// Images that demonstrations are made of: one small server each.
import { binary } from '../machine/machine';
import { image } from './base';
import { alpine, single, TOOLBOX } from './roots';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: 'TCP' as const }));

export const helloOpenshift = image({
  repositories: [
    'docker.io/openshift/hello-openshift',
    'quay.io/openshifttest/hello-openshift',
    'quay.io/openshift/origin-hello-openshift',
    'registry.ocp4.example.com:8443/openshift/hello-openshift',
  ],
  tags: ['latest', '1.2.0', 'openshift', 'multiarch'],
  files: single('/hello-openshift', 'hello-openshift'),
  env: { PATH },
  entrypoint: ['/hello-openshift'],
  cmd: [],
  user: '1001',
  ports: tcp(8080, 8888),
  sizeBytes: 6 * MIB,
});

export const agnhost = image({
  repositories: ['registry.k8s.io/e2e-test-images/agnhost', 'k8s.gcr.io/e2e-test-images/agnhost'],
  tags: ['latest', '2.9', '2.21', '2.32', '2.33', '2.36', '2.39', '2.40', '2.43', '2.45', '2.47', '2.52', '2.53'],
  files: alpine([...TOOLBOX], { '/agnhost': binary('agnhost'), '/uploads': null }),
  env: { PATH },
  entrypoint: ['/agnhost'],
  cmd: ['pause'],
  sizeBytes: 130 * MIB,
});

const helloApp = (version: string, program: string) =>
  image({
    repositories: ['gcr.io/google-samples/hello-app', 'us-docker.pkg.dev/google-samples/containers/gke/hello-app'],
    tags: [version],
    files: single('/hello-app', program),
    env: { PATH, PORT: '8080' },
    entrypoint: ['/hello-app'],
    cmd: [],
    user: '65532',
    ports: tcp(8080),
    sizeBytes: 12 * MIB,
  });
export const helloApp1 = helloApp('1.0', 'hello-app-1');
export const helloApp2 = helloApp('2.0', 'hello-app-2');

export const httpEcho = image({
  repositories: ['docker.io/hashicorp/http-echo'],
  tags: ['latest', '1.0', '1.0.0', '0.2.3'],
  files: single('/http-echo', 'http-echo'),
  env: { PATH },
  entrypoint: ['/http-echo'],
  cmd: [],
  user: '65532',
  ports: tcp(5678),
  sizeBytes: 7 * MIB,
});

export const whoami = image({
  repositories: ['docker.io/traefik/whoami', 'docker.io/containous/whoami'],
  tags: ['latest', 'v1.10', 'v1.10.3', 'v1.8'],
  files: single('/whoami', 'whoami-server'),
  env: { PATH },
  entrypoint: ['/whoami'],
  cmd: [],
  ports: tcp(80),
  sizeBytes: 6 * MIB,
});

export const echoserver = image({
  repositories: [
    'registry.k8s.io/echoserver',
    'k8s.gcr.io/echoserver',
    'gcr.io/google_containers/echoserver',
    'gcr.io/google-containers/echoserver',
    'gcr.io/kubernetes-e2e-test-images/echoserver',
  ],
  tags: ['latest', '1.10', '1.4', '1.8', '2.2'],
  files: single('/usr/local/bin/run.sh', 'echoserver'),
  env: { PATH },
  entrypoint: [],
  cmd: ['/usr/local/bin/run.sh'],
  ports: tcp(8080, 8443),
  sizeBytes: 95 * MIB,
});

export const serveHostname = image({
  repositories: [
    'registry.k8s.io/serve_hostname',
    'k8s.gcr.io/serve_hostname',
    'gcr.io/google_containers/serve_hostname',
    'gcr.io/kubernetes-e2e-test-images/serve-hostname',
  ],
  tags: ['latest', 'v1.4', '1.1'],
  files: single('/agnhost', 'agnhost'),
  env: { PATH },
  entrypoint: ['/agnhost', 'serve-hostname'],
  cmd: [],
  ports: tcp(9376),
  sizeBytes: 7 * MIB,
});
