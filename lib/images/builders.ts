// Red Hat's language images, which source-to-image builds on, and the tools of a release. DIFFERS: nothing is built here, and the
// scripts that would build say so.
import { binary } from '../machine/machine';
import { type Files, image, NETWORK_COMMANDS, ubi } from './base';
import type { Image } from './image';
import { groupWritable } from './roots';
import { words } from './tags';

const MIB = 1024 * 1024;
const SCRIPTS = '/usr/libexec/s2i';

const script = (text: string) => ({ data: new TextEncoder().encode(`#!/bin/sh\n${text}\n`), mode: 0o755 });

interface Builder {
  /** `php`, as tags and scripts call it. */
  language: string;
  /** `PHP`, as pages call it. */
  title: string;
  version: string;
  /** Without registry: `ubi8/php-82`. */
  repositories: string[];
  tags?: string;
  files: Files;
  env: Record<string, string>;
  mib?: number;
}

/** Alone it says what it is for, and ends. */
function builder({ language, title, version, repositories, tags = 'latest 1', files, env, mib = 600 }: Builder): Image {
  const [family = ''] = repositories;
  const unsupported = script('echo "not supported: there are no builds here" >&2\nexit 1');
  return image({
    repositories: repositories.map((name) => `registry.access.redhat.com/${name}`),
    tags: words(tags),
    files: ubi(family.includes('9/') ? 9 : 8, [], {
      '/usr/bin/container-entrypoint': script('exec "$@"'),
      [`${SCRIPTS}/usage`]: script(
        `echo "This is the ${title} ${version} image of source-to-image. It runs an application that is built upon it, and nothing by itself."`,
      ),
      [`${SCRIPTS}/assemble`]: unsupported,
      [`${SCRIPTS}/run`]: unsupported,
      '/opt/app-root/src': groupWritable(),
      ...files,
    }),
    env: {
      PATH: '/opt/app-root/src/bin:/opt/app-root/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      container: 'oci',
      HOME: '/opt/app-root/src',
      STI_SCRIPTS_URL: `image://${SCRIPTS}`,
      STI_SCRIPTS_PATH: SCRIPTS,
      ...env,
    },
    entrypoint: ['container-entrypoint'],
    cmd: ['/bin/sh', '-c', '$STI_SCRIPTS_PATH/usage'],
    user: '1001',
    workdir: '/opt/app-root/src',
    ports: [{ port: 8080, protocol: 'TCP' }],
    labels: {
      'io.k8s.display-name': `${title} ${version}`,
      'io.openshift.expose-services': '8080:http',
      'io.openshift.s2i.scripts-url': `image://${SCRIPTS}`,
      'io.openshift.tags': `builder,${language},${language}${version.replace('.', '')}`,
    },
    sizeBytes: mib * MIB,
  });
}

/** One image a release, in the families that have it: `{ '8.2': 'ubi8 ubi9' }`. */
function line(
  of: Omit<Builder, 'version' | 'repositories' | 'env'> & { env(version: string): Record<string, string> },
  versions: Record<string, string>,
): Image[] {
  return Object.entries(versions).map(([version, families]) => {
    const [number = '', suffix] = version.split('-');
    const name = `${of.language}-${number.replace('.', '')}${suffix ? `-${suffix}` : ''}`;
    return builder({
      ...of,
      version,
      repositories: families.split(' ').map((family) => `${family}/${name}`),
      env: of.env(number),
    });
  });
}

const link = (target: string) => ({ type: 'link' as const, target, mode: 0o777 });

const python = line(
  {
    language: 'python',
    title: 'Python',
    files: { '/usr/bin/python3': binary('python3'), '/usr/bin/python': link('python3') },
    env: (version) => ({ PYTHON_VERSION: version, PYTHONUNBUFFERED: '1' }),
    mib: 900,
  },
  {
    '3.6': 'ubi8',
    '3.8': 'ubi8',
    '3.9': 'ubi8 ubi9 rhel8 rhel9',
    '3.11': 'ubi8 ubi9 rhel8 rhel9',
    '3.12': 'ubi8 ubi9 rhel8 rhel9',
  },
);

const nodejs = line(
  {
    language: 'nodejs',
    title: 'Node.js',
    files: { '/usr/bin/node': binary('node') },
    env: (version) => ({ NODEJS_VERSION: version, NPM_RUN: 'start' }),
  },
  Object.fromEntries(
    ['16', '18', '20', '22'].flatMap((version) => [
      [version, 'ubi8 ubi9'],
      [`${version}-minimal`, 'ubi8 ubi9'],
    ]),
  ),
);

const php = line(
  {
    language: 'php',
    title: 'PHP',
    files: { '/usr/bin/php': binary('php') },
    env: (version) => ({ PHP_VERSION: version }),
  },
  { '7.4': 'ubi8', '8.0': 'ubi8 ubi9', '8.1': 'ubi9', '8.2': 'ubi8 ubi9' },
);

const ruby = line(
  {
    language: 'ruby',
    title: 'Ruby',
    files: { '/usr/bin/ruby': binary('ruby'), '/usr/bin/irb': binary('irb') },
    env: (version) => ({ RUBY_VERSION: version }),
  },
  { '2.5': 'ubi8', '3.0': 'ubi9', '3.1': 'ubi8 ubi9', '3.3': 'ubi8 ubi9' },
);

const perl = line(
  {
    language: 'perl',
    title: 'Perl',
    files: { '/usr/bin/perl': binary('perl') },
    env: (version) => ({ PERL_VERSION: version }),
  },
  { '5.26': 'ubi8', '5.32': 'ubi8 ubi9' },
);

const golang = builder({
  language: 'golang',
  title: 'Go',
  version: '1.18',
  repositories: ['ubi8/go-toolset', 'ubi9/go-toolset', 'ubi7/go-toolset'],
  tags: 'latest 1.18',
  files: { '/usr/bin/go': binary('go') },
  env: { VERSION: '1.18' },
  mib: 1100,
});

const OPENJDK_RELEASES = Array.from({ length: 9 }, (_, i) => `1.${18 - i}`).join(' ');

/** As a builder, and as what a built application runs on. */
const openjdk = ['8', '11', '17', '21'].flatMap((version) =>
  ['', '-runtime'].map((kind) =>
    builder({
      language: 'java',
      title: 'OpenJDK',
      version,
      repositories: ['ubi8', 'ubi9'].map((family) => `${family}/openjdk-${version}${kind}`),
      tags: `latest 1.3 ${OPENJDK_RELEASES}`,
      files: {
        '/usr/bin/java': binary('java'),
        ...(kind === '' && { '/usr/bin/jshell': binary('jshell') }),
      },
      env: { JAVA_HOME: '/usr/lib/jvm/java', JAVA_VERSION: version },
      mib: kind ? 390 : 430,
    }),
  ),
);

const RELEASE_TAGS = words('latest v4.0 4.18 4.17 4.16');

/** What `oc debug` and `oc adm must-gather` run in a cluster of a release. */
const tools: Image[] = [
  image({
    repositories: ['quay.io/openshift/origin-cli', 'registry.access.redhat.com/openshift4/ose-cli'],
    tags: RELEASE_TAGS,
    files: ubi(9, [], { '/usr/bin/oc': binary('oc'), '/usr/bin/kubectl': binary('kubectl') }),
    sizeBytes: 508 * MIB,
  }),
  image({
    repositories: ['quay.io/openshift/origin-tools', 'registry.access.redhat.com/openshift4/ose-tools-rhel9'],
    tags: RELEASE_TAGS,
    files: ubi(9, [...NETWORK_COMMANDS, 'tcpdump', 'vi'], {
      '/usr/bin/oc': binary('oc'),
      '/usr/bin/kubectl': binary('kubectl'),
    }),
    sizeBytes: 620 * MIB,
  }),
];

export const builders: Image[] = [...python, ...nodejs, ...php, ...ruby, ...perl, golang, ...openjdk, ...tools];
