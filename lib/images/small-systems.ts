// Small systems to run a shell in: busybox, alpine, curl, netshoot, dnsutils.
import { binary } from '../machine/machine';
import { type Files, image, onBoard } from './base';
import { alpine, busyboxRoot, debian, releasedFiles, TOOLBOX, withFiles } from './roots';
import { releases, words } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

type Tagged = Pick<Parameters<typeof image>[0], 'tags' | 'files'> & { libc?: 'musl' };

const busyboxOf = ({ tags, files, libc = undefined }: Tagged) =>
  image({
    repositories: [
      'docker.io/library/busybox',
      'quay.io/prometheus/busybox',
      'quay.io/quay/busybox',
      'quay.io/libpod/busybox',
      'registry.k8s.io/busybox',
      'registry.k8s.io/e2e-test-images/busybox',
    ],
    ...(tags && { tags }),
    files,
    env: { PATH },
    perRelease: (release) => (release ? { files: releasedFiles(files, release) } : {}),
    cmd: ['sh'],
    ...(libc && { libc }),
    sizeBytes: 4 * MIB,
  });

export const busybox = busyboxOf({
  tags: releases({
    lines: '1.37.0 1.36.1 1.35.0 1.34.1 1.33.1 1.32.1 1.31.1 1.30.1 1.29.3',
    variants: 'glibc uclibc',
    names: 'latest stable stable-glibc stable-uclibc unstable 1.29-1 1.29-2 1.29-4 1.36.1-1',
  }),
  files: busyboxRoot(),
});
export const busyboxMusl = busyboxOf({
  tags: words('musl stable-musl 1-musl 1.37-musl 1.37.0-musl 1.36-musl 1.36.1-musl 1.35-musl 1.34-musl'),
  files: busyboxRoot(),
  libc: 'musl',
});
const OLD = ['1.28.4', '1.28.1', '1.28.0', '1.27.2', '1.27.1', '1.26.2', '1.25.1', '1.24.2', '1.24.1', '1.23.2'];

/** Before nslookup spoke DNS itself. */
export const busyboxOld = busyboxOf({
  tags: words(
    OLD.flatMap((release) => [release, release.replace(/\.\d+$/, '')].map((name) => [name, release] as const))
      .filter(([name], i, all) => all.findIndex(([other]) => other === name) === i)
      .flatMap(([name, release]) => ['', '-glibc', '-musl', '-uclibc'].map((kind) => `${name}${kind}=${release}`))
      .join(' '),
  ),
  files: busyboxRoot({ '/bin/nslookup': binary('busybox-nslookup-1.28') }),
});

const alpineRelease = (release: string): Files => ({
  '/etc/alpine-release': `${release}\n`,
  '/etc/os-release': `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${release}\nPRETTY_NAME="Alpine Linux v${release.replace(/\.\d+$/, '')}"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n`,
});

const alpineFiles = alpine();
export const alpineImage = image({
  repositories: ['docker.io/library/alpine', 'quay.io/libpod/alpine'],
  tags: releases({
    lines:
      '3.22.2 3.21.5 3.20.8 3.19.9 3.18.12 3.17.10 3.16.9 3.15.11 3.14.10 3.13.12 3.12.12 3.11.13 3.10.9 3.9.6 3.8.5 3.7.3 3.6.5 3.5.3 3.4.6 3.3.3 3.2.3 3.1.4',
    names: 'latest edge 2.7=2.7.9 2.6=2.6.7',
  }),
  files: alpineFiles,
  perRelease: (release) => ({ files: withFiles(alpineFiles, alpineRelease(release)) }),
  env: { PATH },
  cmd: ['/bin/sh'],
  libc: 'musl',
  sizeBytes: 8 * MIB,
});

const CURL_RELEASES =
  '8.17.0 8.16.0 8.15.0 8.14.1 8.13.0 8.12.1 8.11.1 8.10.1 8.9.1 8.8.0 8.7.1 8.6.0 8.5.0 8.4.0 8.3.0 8.2.1 8.1.2 7.88.1 ' +
  '7.87.0 7.86.0 7.85.0 7.84.0 7.83.1 7.82.0 7.81.0 7.80.0 7.79.1 7.78.0 7.77.0 7.76.1 7.75.0 7.74.0 7.73.0 7.72.0 ' +
  '7.71.1 7.70.0 7.69.1 7.68.0 7.67.0 7.66.0 7.65.3';

export const curlImage = image({
  repositories: ['docker.io/curlimages/curl', 'quay.io/curl/curl', 'quay.io/curlimages/curl'],
  tags: releases({ lines: CURL_RELEASES, names: 'latest 8.00.1 8.00.0 8.0.1' }),
  files: alpine(
    ['curl'],
    {
      '/entrypoint.sh': { data: new TextEncoder().encode('#!/bin/sh\nexec "$@"\n'), mode: 0o755 },
      '/home/curl_user': null,
    },
    'curl_user:x:100:101:Linux User,,,:/home/curl_user:/sbin/nologin\n',
  ),
  env: { PATH, CURL_CA_BUNDLE: '/cacert.pem' },
  entrypoint: ['/entrypoint.sh'],
  cmd: ['curl'],
  user: 'curl_user',
  workdir: '/home/curl_user',
  libc: 'musl',
  sizeBytes: 22 * MIB,
});

/** Images whose entry point is curl itself: `kubectl run t --image=… -- http://web`. */
export const curlOnly = image({
  repositories: ['docker.io/alpine/curl', 'docker.io/byrnedo/alpine-curl', 'docker.io/appropriate/curl'],
  tags: releases({ lines: CURL_RELEASES, names: 'latest 0.1.8 edge' }),
  files: alpine(['curl']),
  env: { PATH },
  entrypoint: ['curl'],
  cmd: [],
  libc: 'musl',
  sizeBytes: 13 * MIB,
});

/** BusyBox with curl, and with more of the sort on top. */
export const busyboxCurl = image({
  repositories: ['docker.io/radial/busyboxplus', 'docker.io/yauritux/busybox-curl', 'docker.io/odise/busybox-curl'],
  tags: words('latest curl base git'),
  files: busyboxRoot({ ...onBoard(['curl']) }),
  env: { PATH },
  cmd: ['/bin/sh'],
  sizeBytes: 13 * MIB,
});

/** Alpine with tools for looking into a cluster; they only differ in how many. */
export const tinyTools = image({
  repositories: [
    'docker.io/giantswarm/tiny-tools',
    'docker.io/lachlanevenson/k8s-curl',
    'docker.io/jonlabelle/network-tools',
    'docker.io/raesene/alpine-nettools',
    'docker.io/amouat/network-utils',
  ],
  tags: words('latest 3.10 3.11 3.12 v3 7.61.1'),
  files: alpine([...TOOLBOX]),
  env: { PATH },
  cmd: ['/bin/sh'],
  libc: 'musl',
  sizeBytes: 25 * MIB,
});

export const socatImage = image({
  repositories: ['docker.io/alpine/socat'],
  tags: releases({ lines: '1.8.0.3 1.8.0.1 1.8.0.0 1.7.4.4', names: 'latest' }),
  files: alpine(['socat']),
  env: { PATH },
  entrypoint: ['socat'],
  libc: 'musl',
  sizeBytes: 9 * MIB,
});

export const netshoot = image({
  repositories: ['docker.io/nicolaka/netshoot', 'ghcr.io/nicolaka/netshoot'],
  tags: releases({ lines: '0.14 0.1', prefix: 'v', names: 'latest extra minimal' }),
  files: alpine([...TOOLBOX, 'mysql', 'openssl', 'getent']),
  env: { PATH },
  cmd: ['bash'],
  libc: 'musl',
  workdir: '/root',
  sizeBytes: 490 * MIB,
});

const DNS_TOOLS = ['dig', 'nslookup', 'host', 'ping', 'curl', 'wget', 'nc'];

export const dnsutils = image({
  repositories: ['registry.k8s.io/e2e-test-images/jessie-dnsutils', 'registry.k8s.io/e2e-test-images/dnsutils'],
  tags: releases({ lines: '1.7' }),
  files: debian(DNS_TOOLS),
  env: { PATH },
  cmd: ['sleep', 'infinity'],
  sizeBytes: 270 * MIB,
});

export const tutumUbuntu = image({
  repositories: ['docker.io/tutum/dnsutils', 'docker.io/tutum/curl'],
  tags: words('latest trusty alpine'),
  files: debian(DNS_TOOLS),
  env: { PATH },
  cmd: ['bash'],
  sizeBytes: 200 * MIB,
});

export const dnstools = image({
  repositories: ['docker.io/infoblox/dnstools'],
  tags: words('latest v1 v2 v3'),
  files: alpine([...DNS_TOOLS, 'jq', 'tcpdump', 'vi', 'bash']),
  env: { PATH, PS1: 'dnstools# ' },
  cmd: ['/bin/sh'],
  libc: 'musl',
  sizeBytes: 26 * MIB,
});

/** The shell itself, in Alpine. */
export const bashImage = image({
  repositories: ['docker.io/library/bash'],
  tags: releases({ lines: '5.3.8 5.2.37 5.1.16 5.0.18 4.4.23 4.3.48 4.2.53', variants: 'alpine3.22 alpine3.21' }),
  files: alpine([], {
    '/usr/local/bin/bash': binary('bash'),
    '/usr/local/bin/docker-entrypoint.sh': {
      data: new TextEncoder().encode('#!/bin/sh\nexec "$@"\n'),
      mode: 0o755,
    },
  }),
  env: { PATH },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['bash'],
  libc: 'musl',
  sizeBytes: 14 * MIB,
});
