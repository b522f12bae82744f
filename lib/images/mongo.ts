// mongo: takes connections and answers ping.
import { binary } from '../machine/machine';
import { image } from './base';
import { debian } from './roots';
import { releases } from './tags';

const env = (release: string) => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  MONGO_VERSION: release,
});

export const mongo = image({
  repositories: ['docker.io/library/mongo', 'docker.io/bitnami/mongodb', 'quay.io/mongodb/mongodb-community-server'],
  tags: releases({
    lines: '8.2.1 8.0.15 7.0.25 6.0.26 5.0.31 4.4.29 4.2.24 4.0.28 3.6.23 3.4.24 3.2.21 3.0.15 2.6.12',
    variants: 'noble jammy focal bionic xenial',
  }),
  files: debian([], {
    '/usr/local/bin/docker-entrypoint.sh': binary('mongod'),
    '/usr/bin/mongod': binary('mongod'),
    '/usr/bin/mongosh': binary('mongosh'),
    '/usr/bin/mongo': binary('mongosh'),
    '/data/db': { type: 'dir', mode: 0o777, uid: 999, gid: 999 },
  }),
  env: env('8.2.1'),
  perRelease: (release) => ({ env: env(release) }),
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['mongod'],
  volumes: ['/data/db', '/data/configdb'],
  ports: [{ port: 27017, protocol: 'TCP' }],
  sizeBytes: 720 * 1024 * 1024,
});
