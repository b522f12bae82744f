// The official mysql and mariadb images of Docker Hub.
import { binary } from '../machine/machine';
import { type Files, image, ubi } from './base';
import { debian } from './roots';
import { releases } from './tags';

const MIB = 1024 * 1024;
const MYSQL_USER = 'mysql:x:999:999::/var/lib/mysql:/bin/bash\n';

const CNF = (socket: string, datadir: string): string =>
  `[mysqld]\nskip-name-resolve\ndatadir=${datadir}\nsocket=${socket}\n\n[client]\nsocket=${socket}\n`;

const files = (program: string): Files => ({
  '/etc/my.cnf': CNF('/var/run/mysqld/mysqld.sock', '/var/lib/mysql'),
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

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const mysqlEnv = (release: string) => ({
  PATH,
  MYSQL_MAJOR: release.replace(/\.\d+$/, ''),
  MYSQL_VERSION: `${release}-1.el${release.startsWith('5.') ? 7 : 9}`,
});
const mariadbEnv = (release: string) => ({ PATH, MARIADB_VERSION: `1:${release}+maria~ubu2404` });

export const mysql = image({
  repositories: [
    'docker.io/library/mysql',
    'quay.io/mysql/mysql',
    'docker.io/mysql/mysql-server',
    'container-registry.oracle.com/mysql/community-server',
  ],
  tags: releases({
    lines: '9.5.0 9.4.0 9.3.0 9.2.0 9.1.0 9.0.1 8.4.7 8.3.0 8.2.0 8.1.0 8.0.44 5.7.44 5.6.51 5.5.62',
    variants: 'oracle debian oraclelinux9 oraclelinux8',
    names: 'latest innovation lts=8.4.7',
  }),
  files: ubi(9, ['mysql', 'mysqladmin', 'mysqldump'], files('docker-mysql'), MYSQL_USER),
  env: mysqlEnv('9.5.0'),
  perRelease: (release) => ({ env: mysqlEnv(release) }),
  cmd: ['mysqld'],
  sizeBytes: 590 * MIB,
  ...shared,
});

export const mariadb = image({
  repositories: ['docker.io/library/mariadb', 'quay.io/mariadb-foundation/mariadb-devel'],
  tags: releases({
    lines:
      '12.0.2 11.8.3 11.7.2 11.6.2 11.5.2 11.4.8 11.3.2 11.2.6 11.1.6 11.0.6 10.11.14 10.10.7 10.9.8 10.8.8 10.7.8 10.6.23 10.5.29 10.4.34 10.3.39 10.2.44 10.1.48 10.0.38',
    variants: 'noble jammy focal bionic ubi',
    names: 'latest=11.8.3 lts=11.8.3',
  }),
  files: debian(
    ['mysqladmin', 'mysqldump'],
    {
      ...files('docker-mariadb'),
      '/usr/bin/mariadb': binary('mysql'),
      '/usr/bin/mysql': binary('mysql'),
      '/usr/bin/mariadb-admin': binary('mysqladmin'),
      '/usr/bin/mariadb-dump': binary('mysqldump'),
      '/usr/sbin/mariadbd': binary('mysqld'),
    },
    MYSQL_USER,
  ),
  env: mariadbEnv('11.8.3'),
  perRelease: (release) => ({ env: mariadbEnv(release) }),
  cmd: ['mariadbd'],
  sizeBytes: 405 * MIB,
  ...shared,
  ports: shared.ports.slice(0, 1),
});

/** Bitnami's MySQL and MariaDB. */
const bitnami = (name: 'mysql' | 'mariadb', lines: string) => {
  const env = (release: string) => ({
    PATH: `/opt/bitnami/${name}/bin:${PATH}`,
    BITNAMI_APP_NAME: name,
    APP_VERSION: release,
  });
  return image({
    repositories: [`docker.io/bitnami/${name}`],
    tags: releases({ lines, variants: 'debian-12 debian-11 debian-10' }),
    files: debian(
      ['mysql', 'mysqladmin', 'mysqldump'],
      {
        [`/opt/bitnami/scripts/${name}/entrypoint.sh`]: binary(`bitnami-${name}`),
        [`/opt/bitnami/scripts/${name}/run.sh`]: { data: new TextEncoder().encode('#!/bin/bash\n'), mode: 0o755 },
        '/etc/my.cnf': CNF(`/opt/bitnami/${name}/tmp/mysql.sock`, `/bitnami/${name}/data`),
        [`/opt/bitnami/${name}/tmp`]: { type: 'dir', mode: 0o777 },
        [`/bitnami/${name}`]: { type: 'dir', mode: 0o775, uid: 0, gid: 0 },
        [`/bitnami/${name}/data`]: { type: 'dir', mode: 0o775, uid: 0, gid: 0 },
        '/docker-entrypoint-initdb.d': null,
      },
      'mysql:x:1001:0::/:/bin/false\n',
    ),
    env: env(lines.split(' ')[0] ?? ''),
    perRelease: (release) => ({ env: env(release) }),
    entrypoint: [`/opt/bitnami/scripts/${name}/entrypoint.sh`],
    cmd: [`/opt/bitnami/scripts/${name}/run.sh`],
    user: '1001',
    volumes: [`/bitnami/${name}`],
    ports: [{ port: 3306, protocol: 'TCP' }],
    sizeBytes: 540 * MIB,
  });
};

export const bitnamiDatabases = [
  bitnami('mysql', '9.4.0 9.3.0 9.2.0 9.1.0 9.0.1 8.4.6 8.3.0 8.2.0 8.1.0 8.0.42 5.7.44'),
  bitnami('mariadb', '12.0.2 11.8.3 11.4.8 11.3.2 11.2.6 11.1.6 11.0.6 10.11.14 10.6.22 10.5.28 10.4.34 10.3.39'),
];
