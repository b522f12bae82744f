// Small systems to run a shell in: busybox, alpine, curl, netshoot, dnsutils.
import type { ImageFiles } from '../machine/fs';
import { binary } from '../machine/machine';
import { image, ubi } from './base';
import { alpine, busyboxRoot, debian, TOOLBOX } from './roots';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const busyboxOf = (tags: string, files: ImageFiles, libc: 'glibc' | 'musl' = 'glibc') =>
  image({
    repositories: [
      'docker.io/library/busybox',
      'quay.io/prometheus/busybox',
      'gcr.io/google-containers/busybox',
      'registry.k8s.io/busybox',
      'registry.k8s.io/e2e-test-images/busybox',
      'k8s.gcr.io/busybox',
    ],
    tags: tags.split(' '),
    files,
    env: { PATH },
    cmd: ['sh'],
    libc,
    sizeBytes: 4 * MIB,
  });

export const busybox = busyboxOf(
  'latest 1 1.37 1.36 1.36.1 1.35 1.34 1.33 1.32 1.31 1.31.1 1.30 1.29 1.29-2 glibc uclibc stable',
  busyboxRoot(),
);
export const busyboxMusl = busyboxOf('musl stable-musl 1.36-musl 1.37-musl 1.36.1-musl', busyboxRoot(), 'musl');
/** Before nslookup spoke DNS itself. */
export const busyboxOld = busyboxOf(
  '1.28 1.28.4 1.27 1.27.2 1.24',
  busyboxRoot({ '/bin/nslookup': binary('busybox-nslookup-1.28') }),
);

export const alpineImage = image({
  repositories: ['docker.io/library/alpine', 'quay.io/libpod/alpine'],
  tags: ['latest', '3', '3.20', '3.19', '3.18', '3.17', 'edge'],
  files: alpine(),
  env: { PATH },
  cmd: ['/bin/sh'],
  libc: 'musl',
  sizeBytes: 8 * MIB,
});

export const curlImage = image({
  repositories: [
    'docker.io/curlimages/curl',
    'quay.io/curl/curl',
    'docker.io/radial/busyboxplus',
    'docker.io/byrnedo/alpine-curl',
    'docker.io/alpine/curl',
  ],
  tags: ['latest', '8.10.1', '8.9.1', '8.8.0', '8.1.2', '7.85.0', 'curl'],
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

export const netshoot = image({
  repositories: [
    'docker.io/nicolaka/netshoot',
    'ghcr.io/nicolaka/netshoot',
    'docker.io/praqma/network-multitool',
    'docker.io/wbitt/network-multitool',
  ],
  tags: ['latest', 'v0.13', 'v0.12', 'v0.11', 'extra', 'minimal'],
  files: alpine([...TOOLBOX, 'mysql', 'openssl', 'getent']),
  env: { PATH },
  cmd: ['bash'],
  libc: 'musl',
  workdir: '/root',
  sizeBytes: 490 * MIB,
});

export const dnsutils = image({
  repositories: [
    'registry.k8s.io/e2e-test-images/jessie-dnsutils',
    'gcr.io/kubernetes-e2e-test-images/dnsutils',
    'docker.io/tutum/dnsutils',
    'docker.io/infoblox/dnstools',
  ],
  tags: ['latest', '1.3', '1.7', '1.5'],
  files: debian(['dig', 'nslookup', 'host', 'ping', 'curl', 'wget', 'nc']),
  env: { PATH },
  cmd: ['sleep', 'infinity'],
  sizeBytes: 270 * MIB,
});

export const debianImage = image({
  repositories: ['docker.io/library/debian'],
  tags: ['latest', '12', 'bookworm', 'bookworm-slim', 'stable', 'stable-slim'],
  files: debian(),
  env: { PATH },
  cmd: ['bash'],
  sizeBytes: 117 * MIB,
});

const UBUNTU =
  'PRETTY_NAME="Ubuntu 22.04.5 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION="22.04.5 LTS (Jammy Jellyfish)"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian\n';

export const ubuntuImage = image({
  repositories: ['docker.io/library/ubuntu'],
  tags: ['latest', '24.04', '22.04', '20.04', '18.04', 'jammy', 'focal', 'noble'],
  files: debian([], { '/etc/os-release': UBUNTU, '/etc/debian_version': 'bookworm/sid\n' }),
  env: { PATH },
  cmd: ['/bin/bash'],
  sizeBytes: 77 * MIB,
});

const family = (name: string, id: string, version: string): string =>
  `NAME="${name}"\nVERSION="${version}"\nID="${id}"\nID_LIKE="rhel fedora"\nVERSION_ID="${version}"\nPRETTY_NAME="${name} ${version}"\n`;

export const centosImage = image({
  repositories: ['docker.io/library/centos', 'quay.io/centos/centos'],
  tags: ['latest', '7', '8', 'centos7', 'centos8', 'stream8', 'stream9'],
  files: ubi(8, [], { '/etc/os-release': family('CentOS Linux', 'centos', '8') }),
  env: { PATH },
  sizeBytes: 231 * MIB,
});

export const fedoraImage = image({
  repositories: ['docker.io/library/fedora', 'registry.fedoraproject.org/fedora', 'quay.io/fedora/fedora'],
  tags: ['latest', '41', '40', '39', '38'],
  files: ubi(9, [], { '/etc/os-release': family('Fedora Linux', 'fedora', '41') }),
  env: { PATH },
  sizeBytes: 165 * MIB,
});
