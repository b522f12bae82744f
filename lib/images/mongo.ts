// mongo: takes connections and answers ping.
import { binary } from '../machine/machine';
import { image } from './base';
import { debian } from './roots';

export const mongo = image({
  repositories: ['docker.io/library/mongo', 'docker.io/bitnami/mongodb', 'quay.io/mongodb/mongodb-community-server'],
  tags: ['latest', '7', '7.0', '6', '6.0', '5', '5.0', '4', '4.4', '4.4.6', '4.2', '4.0', '3.4', '3.6'],
  files: debian([], {
    '/usr/local/bin/docker-entrypoint.sh': binary('mongod'),
    '/usr/bin/mongod': binary('mongod'),
    '/usr/bin/mongosh': binary('mongosh'),
    '/usr/bin/mongo': binary('mongosh'),
    '/data/db': { type: 'dir', mode: 0o777, uid: 999, gid: 999 },
  }),
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', MONGO_VERSION: '6.0.18' },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['mongod'],
  volumes: ['/data/db', '/data/configdb'],
  ports: [{ port: 27017, protocol: 'TCP' }],
  sizeBytes: 720 * 1024 * 1024,
});
