// Languages and their runtimes: images to build on. What their interpreters cannot do here they say themselves.
import { binary } from '../machine/machine';
import { type Files, image } from './base';
import type { Image } from './image';
import { alpine, debian } from './roots';
import { type Releases, releases, words } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const DEBIANS = 'bookworm bullseye buster stretch trixie jessie';
const DEBIAN = `${DEBIANS} slim ${DEBIANS.split(' ')
  .flatMap((name) => [`slim-${name}`, `${name}-slim`])
  .join(' ')}`;
const ALPINE = `alpine ${Array.from({ length: 15 }, (_, i) => `alpine3.${22 - i}`).join(' ')}`;

interface Language {
  name: string;
  lines: string;
  names?: string;
  /** Of the image, with the release put in. */
  env: (release: string) => Record<string, string>;
  files: Files;
  cmd: string[];
  /** Where Alpine's differs. */
  alpineCmd?: string[];
  mib: number;
  more?: Partial<Image>;
}

/** An official image as Debian and as Alpine have it. */
function official({ name, lines, names = 'latest', env, files, cmd, alpineCmd = cmd, mib, more }: Language): Image[] {
  const repositories = [`docker.io/library/${name}`];
  const both = (of: Partial<Releases>) => releases({ lines, names, ...of });
  const newest = lines.split(' ')[0] ?? '';
  const shared = {
    repositories,
    env: env(newest),
    perRelease: (release: string) => ({ env: env(release) }),
    cmd,
    ...more,
  };
  return [
    image({ ...shared, tags: both({ variants: DEBIAN }), files: debian(['curl'], files), sizeBytes: mib * MIB }),
    image({
      ...shared,
      tags: both({ variants: ALPINE, names: '', onlyVariants: true }),
      files: alpine([], files),
      cmd: alpineCmd,
      libc: 'musl',
      sizeBytes: Math.round(mib / 8) * MIB,
    }),
  ];
}

const link = (target: string) => ({ type: 'link' as const, target, mode: 0o777 });

const python = official({
  name: 'python',
  lines: '3.14.0 3.13.9 3.12.12 3.11.14 3.10.19 3.9.25 3.8.20 3.7.17 3.6.15 3.5.10 3.4.10 2.7.18',
  env: (release) => ({ PATH, LANG: 'C.UTF-8', PYTHON_VERSION: release }),
  files: {
    '/usr/local/bin/python3': binary('python3'),
    '/usr/local/bin/python': link('python3'),
    '/usr/bin/python3': link('../local/bin/python3'),
  },
  cmd: ['python3'],
  mib: 1020,
});

const entry = (path = '/usr/local/bin/docker-entrypoint.sh'): Files => ({
  [path]: { data: new TextEncoder().encode('#!/bin/sh\nexec "$@"\n'), mode: 0o755 },
});

const node = official({
  name: 'node',
  lines:
    '25.1.0 24.11.0 23.11.1 22.21.0 21.7.3 20.19.5 19.9.0 18.20.8 17.9.1 16.20.2 15.14.0 14.21.3 13.14.0 12.22.12 11.15.0 10.24.1 9.11.2 8.17.0 6.17.1',
  names:
    'latest current lts=24.11.0 lts-slim=24.11.0 hydrogen=18.20.8 iron=20.19.5 jod=22.21.0 gallium=16.20.2 fermium=14.21.3',
  env: (release) => ({ PATH, NODE_VERSION: release, YARN_VERSION: '1.22.22' }),
  files: { '/usr/local/bin/node': binary('node'), '/usr/local/bin/nodejs': link('node'), ...entry() },
  cmd: ['node'],
  mib: 1100,
  more: { entrypoint: ['docker-entrypoint.sh'] },
});

const golang = official({
  name: 'golang',
  lines:
    '1.25.3 1.24.9 1.23.12 1.22.12 1.21.13 1.20.14 1.19.13 1.18.10 1.17.13 1.16.15 1.15.15 1.14.15 1.13.15 1.12.17 1.11.13 1.10.8 1.9.7 1.8.7',
  env: (release) => ({ GOLANG_VERSION: release, GOPATH: '/go', PATH: `/go/bin:/usr/local/go/bin:${PATH}` }),
  files: { '/usr/local/go/bin/go': binary('go'), '/go/bin': null, '/go/src': null },
  cmd: ['bash'],
  alpineCmd: ['/bin/sh'],
  mib: 820,
  more: { workdir: '/go' },
});

const ruby = official({
  name: 'ruby',
  lines: '3.4.7 3.3.9 3.2.9 3.1.7 3.0.7 2.7.8 2.6.10 2.5.9 2.4.10 2.3.8',
  env: (release) => ({ PATH, LANG: 'C.UTF-8', RUBY_VERSION: release }),
  files: { '/usr/local/bin/ruby': binary('ruby'), '/usr/local/bin/irb': binary('irb') },
  cmd: ['irb'],
  mib: 990,
});

const JAVAS =
  '25.0.1 24.0.2 23.0.2 22.0.2 21.0.9 20.0.2 19.0.2 18.0.2 17.0.17 16.0.2 15.0.2 14.0.2 13.0.2 12.0.2 11.0.29 8u472';
const javaTags = JAVAS.split(' ').flatMap((release) => {
  const major = /^\d+/.exec(release)?.[0] ?? '';
  const kinds = [
    '',
    '-jdk',
    '-jre',
    '-jdk-alpine',
    '-jre-alpine',
    '-alpine',
    '-slim',
    '-jdk-slim',
    '-jre-slim',
    '-jdk-jammy',
    '-jre-jammy',
    '-jdk-focal',
    '-jre-focal',
    '-jdk-noble',
    '-jre-noble',
    '-jdk-bullseye',
    '-jdk-buster',
    '-slim-buster',
  ];
  return [...new Set([major, release])].flatMap((name) => kinds.map((kind) => `${name}${kind}=${release}`));
});
const javaEnv = (release: string) => ({
  PATH: `/opt/java/openjdk/bin:${PATH}`,
  JAVA_HOME: '/opt/java/openjdk',
  JAVA_VERSION: release,
});
const java = image({
  repositories: ['docker.io/library/openjdk', 'docker.io/library/eclipse-temurin', 'docker.io/library/amazoncorretto'],
  tags: words(`latest=25.0.1 ${javaTags.join(' ')}`),
  files: debian(['curl'], {
    '/opt/java/openjdk/bin/java': binary('java'),
    '/opt/java/openjdk/bin/javac': binary('java'),
    '/opt/java/openjdk/bin/jshell': binary('jshell'),
  }),
  env: javaEnv('25.0.1'),
  perRelease: (release) => ({ env: javaEnv(release) }),
  cmd: ['jshell'],
  sizeBytes: 450 * MIB,
});

const PHP_LINES = '8.4.14 8.3.27 8.2.29 8.1.33 8.0.30 7.4.33 7.3.33 7.2.34 7.1.33 7.0.33 5.6.40';
const phpEnv = (release: string) => ({ PATH, PHP_VERSION: release, PHP_INI_DIR: '/usr/local/etc/php' });
const php = (tags: string, only: boolean, more: Partial<Image>): Image =>
  image({
    repositories: ['docker.io/library/php'],
    tags: releases({
      lines: PHP_LINES,
      variants: `${tags} ${DEBIANS.split(' ')
        .flatMap((name) => tags.split(' ').map((tag) => `${tag}-${name}`))
        .join(' ')}`,
      names: only ? '' : 'latest',
      onlyVariants: only,
    }),
    files: debian(['curl'], {
      '/usr/local/bin/php': binary('php'),
      '/usr/local/bin/apache2-foreground': binary('php-apache'),
      '/usr/local/bin/docker-php-entrypoint': { data: new TextEncoder().encode('#!/bin/sh\nexec "$@"\n'), mode: 0o755 },
      '/var/www/html': { type: 'dir', mode: 0o1777, uid: 33, gid: 33 },
    }),
    env: phpEnv(PHP_LINES.split(' ')[0] ?? ''),
    perRelease: (release) => ({ env: phpEnv(release) }),
    entrypoint: ['docker-php-entrypoint'],
    sizeBytes: 500 * MIB,
    ...more,
  });

export const languages: Image[] = [
  ...python,
  ...node,
  ...golang,
  ...ruby,
  java,
  php('apache', true, {
    cmd: ['apache2-foreground'],
    workdir: '/var/www/html',
    ports: [{ port: 80, protocol: 'TCP' }],
  }),
  php('cli', false, { cmd: ['php'] }),
];
