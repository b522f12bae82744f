// rhel8/mysql-80 and rhel9/mysql-80: Red Hat's MySQL 8.0 server.
import { binary } from '../machine/machine';
import { type Files, image, ubi } from './base';

const SCRIPTS = '/usr/share/container-scripts/mysql';
const PASSWD_LINE = 'mysql:x:27:27:MySQL Server:/var/lib/mysql:/sbin/nologin\n';

const repositories = (...names: string[]) =>
  ['registry.ocp4.example.com:8443', 'registry.redhat.io', 'registry.access.redhat.com'].flatMap((registry) =>
    names.map((name) => `${registry}/${name}`),
  );

const files: Files = {
  '/usr/bin/container-entrypoint': { data: new TextEncoder().encode('#!/bin/bash\nexec "$@"\n'), mode: 0o755 },
  '/usr/bin/run-mysqld': binary('run-mysqld'),
  '/usr/libexec/mysqld': binary('mysqld'),
  // group 0 may write: OpenShift runs the image with a random user of group 0
  '/var/lib/mysql': { type: 'dir', mode: 0o775, uid: 27, gid: 0 },
  '/var/lib/mysql/data': { type: 'dir', mode: 0o775, uid: 27, gid: 0 },
  '/etc/my.cnf': '[mysqld]\n\n!includedir /etc/my.cnf.d\n',
  '/etc/my.cnf.d': { type: 'dir', mode: 0o775, uid: 0, gid: 0 },
  [`${SCRIPTS}/README.md`]: 'MySQL 8.0 SQL Database Server container image\n',
};

export const mysql80 = image({
  repositories: [
    ...repositories('rhel8/mysql-80', 'rhel9/mysql-80', 'rhscl/mysql-80-rhel7'),
    'docker.io/centos/mysql-80-centos7',
    'quay.io/sclorg/mysql-80-c8s',
    'quay.io/sclorg/mysql-80-c9s',
  ],
  tags: ['latest', '1', '8.0', '1-237', '1-228', '1-224', '1-156', '1-228.1687187517'],
  files: ubi(8, ['mysql', 'mysqladmin', 'mysqldump'], files, PASSWD_LINE),
  env: {
    PATH: '/opt/app-root/src/bin:/opt/app-root/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    container: 'oci',
    HOME: '/var/lib/mysql',
    APP_DATA: '/opt/app-root/src',
    MYSQL_VERSION: '8.0',
    MYSQL_PREFIX: '/usr',
    CONTAINER_SCRIPTS_PATH: SCRIPTS,
    PLATFORM: 'el8',
    SUMMARY: 'MySQL 8.0 SQL database server',
  },
  entrypoint: ['container-entrypoint'],
  cmd: ['run-mysqld'],
  user: '27',
  workdir: '/opt/app-root/src',
  ports: [{ port: 3306, protocol: 'TCP' }],
  volumes: ['/var/lib/mysql/data'],
  labels: {
    'io.k8s.display-name': 'MySQL 8.0',
    'io.openshift.expose-services': '3306:mysql',
    'io.openshift.tags': 'database,mysql,mysql80,mysql-80',
    name: 'rhel8/mysql-80',
  },
  sizeBytes: 592 * 1024 * 1024,
});
