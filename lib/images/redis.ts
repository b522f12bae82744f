// redis: the official image and Red Hat's.
import { binary } from '../machine/machine';
import { image, ubi } from './base';
import { debian, groupWritable } from './roots';

const MIB = 1024 * 1024;
const ports = [{ port: 6379, protocol: 'TCP' as const }];

export const redis = image({
  repositories: ['docker.io/library/redis', 'quay.io/opstree/redis', 'registry.k8s.io/redis', 'k8s.gcr.io/redis'],
  tags: [
    'latest',
    '7',
    '7.4',
    '7.2',
    '7.0',
    '6',
    '6.2',
    '5',
    '5.0.4',
    '6.0.5',
    '7.0.0',
    '7.4.1',
    'alpine',
    'bookworm',
    '7-alpine',
    '6-alpine',
    'e2e',
    '4',
    '3.2',
  ],
  files: debian([], {
    '/usr/local/bin/redis-server': binary('redis-server'),
    '/usr/local/bin/redis-cli': binary('redis-cli'),
    '/data': { type: 'dir', mode: 0o777, uid: 999, gid: 999 },
  }),
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', REDIS_VERSION: '7.4.1' },
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
  ],
  tags: ['latest', '1'],
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
