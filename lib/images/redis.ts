// redis: the official image and Red Hat's.
import { binary } from '../machine/machine';
import { image, ubi } from './base';
import { debian, groupWritable } from './roots';
import { releases, words } from './tags';

const MIB = 1024 * 1024;
const ports = [{ port: 6379, protocol: 'TCP' as const }];

const env = (release: string) => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  REDIS_VERSION: release,
});

export const redis = image({
  repositories: ['docker.io/library/redis', 'quay.io/opstree/redis', 'registry.k8s.io/redis'],
  tags: releases({
    lines: '8.2.2 8.0.4 7.4.6 7.2.11 7.0.15 6.2.20 6.0.20 5.0.14 4.0.14 3.2.12 3.0.7 2.8.23',
    variants: 'alpine bookworm bullseye buster stretch alpine3.22 alpine3.21 alpine3.20 alpine3.19 alpine3.18',
    names: 'latest e2e v1',
  }),
  files: debian([], {
    '/usr/local/bin/redis-server': binary('redis-server'),
    '/usr/local/bin/redis-cli': binary('redis-cli'),
    '/data': { type: 'dir', mode: 0o777, uid: 999, gid: 999 },
  }),
  env: env('8.2.2'),
  perRelease: (release) => ({ env: env(release) }),
  cmd: ['redis-server'],
  workdir: '/data',
  volumes: ['/data'],
  ports,
  sizeBytes: 117 * MIB,
});

export const redis6 = image({
  repositories: [
    'registry.redhat.io/rhel8/redis-6',
    'registry.redhat.io/rhel9/redis-6',
    'registry.ocp4.example.com:8443/rhel8/redis-6',
    'registry.ocp4.example.com:8443/rhel9/redis-6',
    'registry.redhat.io/rhel9/redis-7',
    'registry.redhat.io/rhscl/redis-6-rhel7',
  ],
  tags: words('latest 1'),
  files: ubi(8, ['redis-cli'], {
    '/usr/bin/run-redis': binary('redis-server'),
    '/var/lib/redis/data': groupWritable(),
  }),
  cmd: ['run-redis'],
  user: '1001',
  workdir: '/var/lib/redis/data',
  volumes: ['/var/lib/redis/data'],
  ports,
  sizeBytes: 300 * MIB,
});
