// The official mysql and mariadb images of Docker Hub.
import { binary } from '../machine/machine';
import { type Files, image, ubi } from './base';
import { debian } from './roots';

const MIB = 1024 * 1024;
const MYSQL_USER = 'mysql:x:999:999::/var/lib/mysql:/bin/bash\n';

const files = (program: string): Files => ({
  '/usr/local/bin/docker-entrypoint.sh': binary(program),
  '/usr/sbin/mysqld': binary('mysqld'),
  '/var/lib/mysql': { type: 'dir', mode: 0o1777, uid: 999, gid: 999 },
  '/run/mysqld': { type: 'dir', mode: 0o1777, uid: 999, gid: 999 },
  '/docker-entrypoint-initdb.d': null,
});

const shared = {
  entrypoint: ['docker-entrypoint.sh'],
  ports: [
    { port: 3306, protocol: 'TCP' as const },
    { port: 33060, protocol: 'TCP' as const },
  ],
  volumes: ['/var/lib/mysql'],
};

export const mysql = image({
  repositories: [
    'docker.io/library/mysql',
    'quay.io/mysql/mysql',
    'docker.io/mysql/mysql-server',
    'container-registry.oracle.com/mysql/community-server',
  ],
  tags: ['latest', '8', '8.0', '8.0.36', '8.0.40', '8.4', '9', '9.0', '5.7', '5.6'],
  files: ubi(9, ['mysql', 'mysqladmin'], files('docker-mysql'), MYSQL_USER),
  env: {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    MYSQL_MAJOR: '8.0',
    MYSQL_VERSION: '8.0.40-1.el9',
  },
  cmd: ['mysqld'],
  sizeBytes: 590 * MIB,
  ...shared,
});

export const mariadb = image({
  repositories: ['docker.io/library/mariadb', 'quay.io/mariadb-foundation/mariadb-devel'],
  tags: ['latest', '11', '11.4', '10', '10.11', '10.6', '10.5', 'lts', 'jammy'],
  files: debian(
    ['mysqladmin'],
    { ...files('docker-mariadb'), '/usr/bin/mariadb': binary('mysql'), '/usr/bin/mysql': binary('mysql') },
    MYSQL_USER,
  ),
  env: {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    MARIADB_VERSION: '1:11.4.3+maria~ubu2404',
  },
  cmd: ['mariadbd'],
  sizeBytes: 405 * MIB,
  ...shared,
  ports: shared.ports.slice(0, 1),
});
