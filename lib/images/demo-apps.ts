// Applications that courses and tutorials deploy: KodeKloud's, echo servers, kuard, podinfo, httpbin, greetings.
import { binary } from '../machine/machine';
import { RELEASE_FILE } from '../programs/release';
import { type Files, image } from './base';
import type { Image } from './image';
import { alpine, debian, releasedFiles, single } from './roots';
import { releases, type Tags, words } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: 'TCP' as const }));

/** An application in Alpine: its interpreter's command line is one program here. */
const app = (
  repositories: string[],
  tags: Tags,
  program: string,
  ports: number[],
  more: Partial<Image> & { command?: string[]; own?: Files; users?: string } = {},
): Image => {
  const { command = ['/app/start'], own = {}, users = '', ...rest } = more;
  return image({
    repositories,
    tags,
    files: alpine(['curl'], { [command[0] ?? '']: binary(program), ...own }, users),
    env: { PATH },
    entrypoint: [],
    cmd: command,
    libc: 'musl',
    ports: tcp(...ports),
    sizeBytes: 80 * MIB,
    ...rest,
  });
};

/** A Go program alone. */
const alone = (
  repositories: string[],
  tags: Tags,
  program: string,
  path: string,
  ports: number[],
  more: Partial<Image> & { own?: Files } = {},
): Image => {
  const { own = {}, ...rest } = more;
  return image({
    repositories,
    tags,
    files: single(path, program, own),
    env: { PATH },
    entrypoint: [path],
    cmd: [],
    ports: tcp(...ports),
    sizeBytes: 12 * MIB,
    ...rest,
  });
};

const PYTHON_APP = {
  command: ['/usr/local/bin/python', 'app.py'],
  workdir: '/opt',
  own: { '/opt/app.py': '# Flask\n' },
};
const flask = (repositories: string[], tags: string, program: string, ports: number[]): Image =>
  app(repositories, words(tags), program, ports, {
    ...PYTHON_APP,
    entrypoint: ['/usr/local/bin/python', 'app.py'],
    cmd: [],
    env: { PATH, LANG: 'C.UTF-8', PYTHON_VERSION: '3.11.2' },
  });

const NODE_USER = 'node:x:1000:1000:Linux User,,,:/home/node:/bin/sh\n';
const node = { command: ['/usr/local/bin/node', './index.js'], workdir: '/app', users: NODE_USER };

const kodekloud: Image[] = [
  flask(['docker.io/kodekloud/webapp-color', 'docker.io/mmumshad/webapp-color'], 'latest v1', 'webapp-color-1', [8080]),
  flask(['docker.io/kodekloud/webapp-color', 'docker.io/mmumshad/webapp-color'], 'v2', 'webapp-color-2', [8080]),
  flask(['docker.io/kodekloud/webapp-color', 'docker.io/mmumshad/webapp-color'], 'v3', 'webapp-color-3', [8080]),
  flask(
    ['docker.io/kodekloud/simple-webapp', 'docker.io/mmumshad/simple-webapp-flask'],
    'latest',
    'simple-webapp',
    [8080],
  ),
  flask(['docker.io/kodekloud/event-simulator'], 'latest', 'event-simulator', []),
];

const echoes: Image[] = [
  app(
    ['docker.io/mendhak/http-https-echo', 'ghcr.io/mendhak/http-https-echo'],
    releases({ lines: '37 1', names: 'latest' }),
    'http-https-echo',
    [8080, 8443],
    { ...node, user: 'node', env: { PATH, HTTP_PORT: '8080', HTTPS_PORT: '8443' } },
  ),
  app(
    ['docker.io/ealen/echo-server', 'ghcr.io/ealenn/echo-server'],
    releases({ lines: '0.9.2 0.8.12 0.7.0 0.6.0 0.5.1 0.4.2' }),
    'ealen-echo',
    [80],
    {
      ...node,
      command: ['/usr/local/bin/node', 'webserver'],
    },
  ),
  alone(
    ['docker.io/jmalloc/echo-server', 'ghcr.io/jmalloc/echo-server'],
    releases({
      lines: '0.3.7 0.2.0 0.1.0',
      prefix: 'v',
      names: 'latest 0.3.7 0.3.6 0.3.5 0.3.4 0.3.3 0.3.2 0.3.1 0.3.0 0.2.0 0.1.0',
    }),
    'jmalloc-echo',
    '/bin/echo-server',
    [8080],
  ),
];

/** A sample of Red Hat Developer's, as both of its homes have it. */
const developers = (name: string, tags: string, port: number, command: string, own: Files = {}): Image =>
  app([`quay.io/rhdevelopers/${name}`, `quay.io/burrsutter/${name}`], words(tags), name, [port], {
    command: [command],
    own,
  });
const polyglots: Image[] = [
  developers('quarkus-demo', 'v1 v2 1.0.0 latest', 8080, '/work/application'),
  ...['v1', 'v2', 'v3', 'v4'].map((tag) =>
    developers('myboot', tag, 8080, '/usr/lib/jvm/run-java.sh', { [RELEASE_FILE]: tag }),
  ),
  developers('mynode', 'v1', 8000, '/usr/bin/node'),
  developers('mypython', 'v1', 8000, '/usr/bin/python'),
  developers('mygo', 'v1', 8000, '/usr/local/bin/myrest'),
];

const helloKubernetes = app(
  ['docker.io/paulbouwer/hello-kubernetes'],
  releases({ lines: '1.10.1 1.9', names: 'latest=1.8' }),
  'hello-kubernetes',
  [8080],
  {
    command: ['/usr/local/bin/npm', 'start'],
    workdir: '/usr/src/app',
    users: NODE_USER,
    user: 'node',
  },
);

const kuard = alone(
  ['gcr.io/kuar-demo/kuard-amd64'],
  words(
    'blue=blue green=green purple=purple 1=blue 2=green 3=purple v0.7-blue=blue v0.8-blue=blue v0.9-blue=blue v0.10.0-blue=blue v0.10.0-green=green v0.10.0-purple=purple',
  ),
  'kuard',
  '/kuard',
  [8080],
  {
    files: alpine([], { '/kuard': binary('kuard') }),
    entrypoint: [],
    cmd: ['/kuard'],
    user: 'nobody',
    libc: 'musl',
    sizeBytes: 23 * MIB,
  },
);

const podinfo = app(
  ['docker.io/stefanprodan/podinfo', 'ghcr.io/stefanprodan/podinfo', 'quay.io/stefanprodan/podinfo'],
  releases({
    lines:
      '6.9.2 6.8.0 6.7.1 6.6.3 6.5.4 6.4.1 6.3.6 6.2.3 6.1.8 6.0.4 5.2.1 5.1.4 5.0.3 4.0.6 3.3.1 3.2.4 3.1.5 3.0.0 2.1.3 2.0.2 1.7.1 1.4.2',
  }),
  'podinfo',
  [9898],
  {
    command: ['/home/app/podinfo'],
    own: { '/home/app': null },
    cmd: ['./podinfo'],
    workdir: '/home/app',
    users: 'app:x:100:101:Linux User,,,:/home/app:/sbin/nologin\n',
    user: 'app',
  },
);

const httpbin = image({
  repositories: ['docker.io/kennethreitz/httpbin', 'docker.io/citizenstig/httpbin'],
  tags: words('latest'),
  files: debian([], { '/usr/local/bin/gunicorn': binary('httpbin') }),
  env: { PATH, LANG: 'C.UTF-8' },
  cmd: ['gunicorn', '-b', '0.0.0.0:80', 'httpbin:app', '-k', 'gevent'],
  ports: tcp(80),
  sizeBytes: 509 * MIB,
});

const greetings: Image[] = [
  alone(['docker.io/rancher/hello-world'], words('latest v0.1.0 v0.1.1 v0.1.2'), 'rancher-hello', '/web-test', [80]),
  app(['docker.io/tutum/hello-world'], words('latest'), 'tutum-hello', [80], { command: ['/run.sh'] }),
  alone(
    [
      'registry.k8s.io/defaultbackend',
      'registry.k8s.io/defaultbackend-amd64',
      'gcr.io/google_containers/defaultbackend',
    ],
    releases({ lines: '1.5', names: '' }),
    'default-backend',
    '/server',
    [8080],
    { user: '65534' },
  ),
  alone(['registry.k8s.io/goproxy'], words('0.1'), 'goproxy', '/goproxy', [8080], {
    entrypoint: [],
    cmd: ['/goproxy'],
  }),
  alone(
    ['registry.k8s.io/test-webserver', 'registry.k8s.io/e2e-test-images/test-webserver'],
    words('latest 1.0 1.1 e2e'),
    'agnhost',
    '/agnhost',
    [80],
    { entrypoint: ['/agnhost', 'test-webserver'] },
  ),
  alone(
    ['registry.k8s.io/liveness', 'registry.k8s.io/e2e-test-images/liveness'],
    words('latest e2e 1.0 1.1'),
    'liveness',
    '/server',
    [8080],
    {
      entrypoint: [],
      cmd: ['/server'],
    },
  ),
  app(
    ['mcr.microsoft.com/azuredocs/aks-helloworld', 'docker.io/neilpeterson/aks-helloworld'],
    words('latest v1'),
    'aks-helloworld',
    [80],
  ),
];

/** Its release is written down where the program looks for it. */
const released = (made: Image): Image => {
  const told = (release: string) => ({ files: releasedFiles(made.files, release) });
  return { ...made, ...told(made.tags.latest), perRelease: told };
};

export const demoApps: Image[] = [
  ...polyglots,
  ...kodekloud,
  ...echoes,
  released(helloKubernetes),
  released(kuard),
  released(podinfo),
  httpbin,
  ...greetings,
];
