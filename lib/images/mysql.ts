// Red Hat's MySQL and MariaDB servers: rhel8/mysql-80, rhel9/mariadb-105 and their like.
import { binary } from '../machine/machine';
import { type Files, image, ubi } from './base';
import { words } from './tags';

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
  '/usr/libexec/mariadbd': binary('mysqld'),
  // group 0 may write: OpenShift runs the image with a random user of group 0
  '/var/lib/mysql': { type: 'dir', mode: 0o775, uid: 27, gid: 0 },
  '/var/lib/mysql/data': { type: 'dir', mode: 0o775, uid: 27, gid: 0 },
  '/etc/my.cnf': '[mysqld]\n\n!includedir /etc/my.cnf.d\n',
  '/etc/my.cnf.d': { type: 'dir', mode: 0o775, uid: 0, gid: 0 },
  [`${SCRIPTS}/README.md`]: 'MySQL 8.0 SQL Database Server container image\n',
};

interface Line {
  version: string;
  repositories: string[];
  tags?: string;
  title?: string;
}

/** One line of releases of Red Hat's database images. */
const line = ({ version, repositories, tags = 'latest 1', title = 'MySQL' }: Line) => {
  const short = version.replace('.', '');
  const product = title.toLowerCase();
  return image({
    repositories,
    tags: words(tags),
    files: ubi(8, ['mysql', 'mysqladmin', 'mysqldump'], files, PASSWD_LINE),
    env: {
      PATH: '/opt/app-root/src/bin:/opt/app-root/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      container: 'oci',
      HOME: '/var/lib/mysql',
      APP_DATA: '/opt/app-root/src',
      MYSQL_VERSION: version,
      MYSQL_PREFIX: '/usr',
      CONTAINER_SCRIPTS_PATH: SCRIPTS,
      PLATFORM: 'el8',
      SUMMARY: `${title} ${version} SQL database server`,
    },
    entrypoint: ['container-entrypoint'],
    cmd: ['run-mysqld'],
    user: '27',
    workdir: '/opt/app-root/src',
    ports: [{ port: 3306, protocol: 'TCP' }],
    volumes: ['/var/lib/mysql/data'],
    labels: {
      'io.k8s.display-name': `${title} ${version}`,
      'io.openshift.expose-services': '3306:mysql',
      'io.openshift.tags': `database,mysql,${product}${short},${product}-${short}`,
      name: `rhel8/${product}-${short}`,
    },
    sizeBytes: 592 * 1024 * 1024,
  });
};

export const redHatMysql = [
  line({
    version: '8.0',
    repositories: [
      ...repositories('rhel8/mysql-80', 'rhel9/mysql-80', 'rhscl/mysql-80-rhel7', 'redhattraining/mysql-app'),
      'quay.io/redhattraining/mysql-app',
      'docker.io/centos/mysql-80-centos7',
      'quay.io/centos7/mysql-80-centos7',
      'quay.io/sclorg/mysql-80-c8s',
      'quay.io/sclorg/mysql-80-c9s',
      'quay.io/fedora/mysql-80',
    ],
    tags: 'latest 1 8.0 v1 c8s c9s 1-237 1-228 1-224 1-156 1-228.1687187517',
  }),
  line({
    version: '5.7',
    repositories: [
      ...repositories('rhscl/mysql-57-rhel7'),
      'docker.io/centos/mysql-57-centos7',
      'quay.io/centos7/mysql-57-centos7',
    ],
    tags: 'latest 1 5.7',
  }),
  line({
    version: '8.4',
    repositories: [...repositories('rhel8/mysql-84', 'rhel9/mysql-84'), 'quay.io/sclorg/mysql-84-c9s'],
  }),
  ...['10.2', '10.3', '10.5', '10.11', '11.8'].map((version) => {
    const short = version.replace('.', '');
    return line({
      version,
      title: 'MariaDB',
      repositories: [
        ...repositories(`rhel8/mariadb-${short}`, `rhel9/mariadb-${short}`, `rhscl/mariadb-${short}-rhel7`),
        `docker.io/centos/mariadb-${short}-centos7`,
        `quay.io/centos7/mariadb-${short}-centos7`,
        `quay.io/sclorg/mariadb-${short}-c8s`,
        `quay.io/sclorg/mariadb-${short}-c9s`,
      ],
      tags: 'latest 1 c8s c9s',
    });
  }),
];
