// Images that demonstrations are made of: one small server each.
import type { ImageFiles } from '../machine/fs';
import { binary } from '../machine/machine';
import { image } from './base';
import { alpine, single, TOOLBOX } from './roots';
import { releases, words } from './tags';

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
  tags: words('latest v1.0.6 v1.1 v1.2.0 1.2.0 v3.0.0 v3.9.0 v3.10.0 v3.11.0 v3.11 openshift multiarch'),
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
  tags: releases({ lines: '2.57 2.9', names: 'latest 2.0 1.0' }),
  files: alpine([...TOOLBOX], { '/agnhost': binary('agnhost'), '/uploads': null }),
  env: { PATH },
  entrypoint: ['/agnhost'],
  cmd: ['pause'],
  sizeBytes: 130 * MIB,
});

/** The older home has it on Alpine, the newer one on distroless. */
const helloApp = (repository: string, version: string, files: ImageFiles, user: string) =>
  image({
    repositories: [repository],
    tags: words(version),
    files,
    env: { PATH, PORT: '8080' },
    entrypoint: ['/hello-app'],
    cmd: [],
    user,
    ports: tcp(8080),
    sizeBytes: 12 * MIB,
  });
const GOOGLE_SAMPLES = 'gcr.io/google-samples/hello-app';
const GKE_SAMPLES = 'us-docker.pkg.dev/google-samples/containers/gke/hello-app';
export const helloApps = (['1.0', '2.0'] as const).flatMap((version) => {
  const program = `hello-app-${version[0]}`;
  return [
    helloApp(GOOGLE_SAMPLES, version, alpine([], { '/hello-app': binary(program) }), ''),
    helloApp(GKE_SAMPLES, version, single('/hello-app', program), '65532'),
  ];
});

export const httpEcho = image({
  repositories: ['docker.io/hashicorp/http-echo'],
  tags: releases({ lines: '1.0.0 0.2.3 0.1.0', names: 'latest alpine' }),
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
  tags: releases({ lines: '1.11.0 1.10.4 1.9.0 1.8.7 1.7.1 1.6.1 1.5.0', prefix: 'v' }),
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
  tags: releases({ lines: '2.5 1.10', names: 'latest' }),
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
  tags: releases({ lines: '1.4', prefix: 'v', names: 'latest 1.1 1.2 1.3' }),
  files: single('/agnhost', 'agnhost'),
  env: { PATH },
  entrypoint: ['/agnhost', 'serve-hostname'],
  cmd: [],
  ports: tcp(9376),
  sizeBytes: 7 * MIB,
});
