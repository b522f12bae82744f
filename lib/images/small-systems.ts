// Small systems to run a shell in: busybox, alpine, curl, netshoot, dnsutils.
import { image } from './base';
import { alpine, busyboxRoot, debian, TOOLBOX } from './roots';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export const busybox = image({
  repositories: [
    'docker.io/library/busybox',
    'quay.io/prometheus/busybox',
    'gcr.io/google-containers/busybox',
    'registry.k8s.io/busybox',
  ],
  tags: ['latest', '1.36', '1.36.1', '1.35', '1.28', '1.27', 'musl', 'glibc', 'stable'],
  files: busyboxRoot(),
  env: { PATH },
  cmd: ['sh'],
  sizeBytes: 4 * MIB,
});

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
