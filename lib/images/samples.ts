// Applications of courses and tutorials: Red Hat's exercises, Google's guestbook, samples in Node, PHP and Python.
import { binary } from '../machine/machine';
import { type Files, image, ubi } from './base';
import type { Image } from './image';
import { debian, groupWritable, single } from './roots';
import { releases, words } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: 'TCP' as const }));

/** In the classroom's registry and on quay.io. */
const training = (...names: string[]): string[] =>
  ['registry.ocp4.example.com:8443', 'quay.io', 'docker.io'].flatMap((registry) =>
    names.map((name) => `${registry}/redhattraining/${name}`),
  );

/** A sample of Red Hat's courses: one program, user 1001, group 0 may write. */
const exercise = (
  names: string[],
  tags: string,
  program: string,
  ports: number[],
  more: { files?: Files; env?: Record<string, string>; mib?: number } = {},
): Image =>
  image({
    repositories: training(...names),
    tags: words(tags),
    files: ubi(8, [], { '/usr/local/bin/start': binary(program), '/opt/app-root/src': groupWritable(), ...more.files }),
    env: { PATH, container: 'oci', ...more.env },
    cmd: ['/usr/local/bin/start'],
    user: '1001',
    workdir: '/opt/app-root/src',
    ports: tcp(...ports),
    sizeBytes: (more.mib ?? 300) * MIB,
  });

const CERTIFICATES: Files = { '/usr/local/etc/ssl/certs': null };

export const famousQuotes = exercise(['famous-quotes'], 'latest 2.1 2-42 1.0', 'famous-quotes', [8000], {
  mib: 109,
});
export const todoSingle = exercise(
  ['todo-single', 'todo-backend', 'do180-todonodejs', 'do180-todonodejs-12', 'todonodejs'],
  'latest v1.0 release-46',
  'todo',
  [8080],
);
export const todoAngular = exercise(['todo-angular', 'todo-frontend'], 'latest v1.1', 'todo-angular', [8080]);
export const todoAngularTls = exercise(['todo-angular'], 'v1.2', 'todo-angular-tls', [8443], { files: CERTIFICATES });
export const phpHttp = exercise(['php-ssl'], 'v1.0', 'php-http', [8080]);
export const phpSsl = exercise(['php-ssl'], 'latest v1.1 1 1-222 1-234', 'php-ssl', [8080, 8443], {
  files: CERTIFICATES,
});
export const phpHello = exercise(['php-hello-dockerfile', 'hello-php'], 'latest v1.0', 'php-hello', [8080]);
export const scaling = exercise(['scaling'], 'latest v1.0 v1', 'scaling-server', [8080]);

export const redHatApps = [
  exercise(['versioned-hello'], 'v1.0', 'versioned-hello-1.0', [8080]),
  exercise(['versioned-hello'], 'v1.1 latest', 'versioned-hello-1.1', [8080]),
  exercise(['loadtest'], 'latest v1.0 v1', 'loadtest', [8080]),
  exercise(['long-load'], 'latest v1', 'long-load', [3000]),
];

export const nodeHello = image({
  repositories: [
    'gcr.io/google-samples/node-hello',
    'gcr.io/google_samples/node-hello',
    'us-docker.pkg.dev/google-samples/containers/gke/node-hello',
  ],
  tags: words('1.0 latest'),
  files: debian([], { '/usr/local/bin/node': binary('node-hello'), '/server.js': "require('http')\n" }),
  env: { PATH, NODE_VERSION: '4.4.2' },
  cmd: ['/usr/local/bin/node', 'server.js'],
  ports: tcp(8080),
  sizeBytes: 632 * MIB,
});

export const nodejsHelloWorld = image({
  repositories: ['docker.io/bmuschko/nodejs-hello-world', 'docker.io/bonomat/nodejs-hello-world'],
  tags: words('latest 1.0.0 1.1.0'),
  files: debian(['curl'], {
    '/usr/local/bin/node': binary('nodejs-hello-world'),
    '/app/index.js': "require('http')\n",
  }),
  env: { PATH, NODE_VERSION: '16.13.2' },
  cmd: ['node', 'index.js'],
  workdir: '/app',
  ports: tcp(3000),
  sizeBytes: 90 * MIB,
});

export const hpaExample = image({
  repositories: ['registry.k8s.io/hpa-example', 'k8s.gcr.io/hpa-example', 'gcr.io/google_containers/hpa-example'],
  files: debian([], { '/usr/local/bin/apache2-foreground': binary('hpa-example'), '/var/www/html': null }),
  env: { PATH, PHP_VERSION: '5.6.16' },
  cmd: ['apache2-foreground'],
  workdir: '/var/www/html',
  ports: tcp(80),
  sizeBytes: 481 * MIB,
});

const google = (...names: string[]): string[] =>
  ['us-docker.pkg.dev/google-samples/containers/gke', 'gcr.io/google-samples', 'gcr.io/google_samples'].flatMap(
    (registry) => names.map((name) => `${registry}/${name}`),
  );

export const gbFrontend = image({
  repositories: google('gb-frontend'),
  tags: words('v1 v2 v3 v4 v5 v6 latest'),
  files: debian([], { '/usr/local/bin/apache2-foreground': binary('gb-frontend'), '/var/www/html': null }),
  env: { PATH, PHP_VERSION: '7.4.28' },
  cmd: ['apache2-foreground'],
  workdir: '/var/www/html',
  ports: tcp(80),
  sizeBytes: 475 * MIB,
});

export const gbRedisFollower = image({
  repositories: google('gb-redis-follower', 'gb-redisslave'),
  tags: words('v1 v2 v3 latest'),
  files: debian([], { '/run.sh': binary('gb-redis-follower'), '/usr/local/bin/redis-cli': binary('redis-cli') }),
  env: { PATH, REDIS_VERSION: '6.0.5' },
  cmd: ['/run.sh'],
  ports: tcp(6379),
  sizeBytes: 104 * MIB,
});

export const helloWorld = image({
  repositories: ['docker.io/library/hello-world', 'quay.io/podman/hello'],
  tags: words('latest linux'),
  files: single('/hello', 'hello-world'),
  env: { PATH },
  cmd: ['/hello'],
  sizeBytes: 13_256,
});

const bootcamp = (version: 1 | 2): Image =>
  image({
    repositories: [
      'gcr.io/google-samples/kubernetes-bootcamp',
      'docker.io/jocatalin/kubernetes-bootcamp',
      'docker.io/gcr.io/google-samples/kubernetes-bootcamp',
    ],
    tags: words(version === 1 ? 'v1 latest' : 'v2'),
    files: debian(['curl'], {
      '/usr/local/bin/node': binary(`bootcamp-${version}`),
      '/server.js': "require('http')\n",
    }),
    env: { PATH, NODE_VERSION: '6.3.1' },
    cmd: ['/usr/local/bin/node', 'server.js'],
    ports: tcp(8080),
    sizeBytes: 211 * MIB,
  });
export const bootcamps = [bootcamp(1), bootcamp(2)];

export const perlImage = image({
  repositories: ['docker.io/library/perl'],
  tags: releases({
    lines: '5.42.0 5.40.3 5.38.5 5.36.3 5.34.3 5.32.1 5.30.3 5.28.3 5.26.3 5.24.4 5.22.4 5.20.3',
    variants: 'slim threaded slim-threaded bookworm slim-bookworm bullseye slim-bullseye buster slim-buster',
    names: 'latest stable devel',
  }),
  files: debian([], { '/usr/local/bin/perl': binary('perl') }),
  env: { PATH },
  cmd: ['perl', '-v'],
  sizeBytes: 890 * MIB,
});

export const simpleapp = image({
  repositories: ['docker.io/dgkanatsios/simpleapp'],
  tags: words('latest v1 v2'),
  files: debian([], { '/usr/local/bin/node': binary('simpleapp'), '/usr/src/app/server.js': "require('http')\n" }),
  env: { PATH, NODE_VERSION: '10.15.0' },
  cmd: ['node', 'server.js'],
  workdir: '/usr/src/app',
  ports: tcp(8080),
  sizeBytes: 70 * MIB,
});
