// PostgreSQL: the official image, Red Hat's, Bitnami's.
import { binary } from '../machine/machine';
import { type Files, image, ubi } from './base';
import type { Image } from './image';
import { alpine, debian } from './roots';
import { releases, words } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const CLIENTS = ['psql', 'pg_isready', 'createdb', 'dropdb', 'createuser', 'dropuser'];
const ports = [{ port: 5432, protocol: 'TCP' as const }];
const directory = (uid: number, gid: number, mode: number) => ({ type: 'dir' as const, mode, uid, gid });

const official = (uid: number): Files => ({
  '/usr/local/bin/docker-entrypoint.sh': binary('docker-postgres'),
  '/var/lib/postgresql': directory(uid, uid, 0o1777),
  '/var/lib/postgresql/data': directory(uid, uid, 0o1777),
  '/run/postgresql': directory(uid, uid, 0o3777),
  '/docker-entrypoint-initdb.d': null,
});

const LINES = '17.6 16.10 15.14 14.19 13.22 12.22 11.22 10.23 9.6.24 9.5.25 9.4.26 9.3.25';

const env = (release: string, build: string) => {
  const major = release.replace(/\.\d+$/, '');
  return {
    PATH: `${PATH}:/usr/lib/postgresql/${major}/bin`,
    LANG: 'en_US.utf8',
    PG_MAJOR: major,
    PG_VERSION: `${release}${build}`,
    PGDATA: '/var/lib/postgresql/data',
  };
};

const shared = (build: string): Partial<Image> => ({
  env: env(LINES.split(' ')[0] ?? '', build),
  perRelease: (release) => ({ env: env(release, build) }),
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['postgres'],
  volumes: ['/var/lib/postgresql/data'],
  ports,
});

const repositories = ['docker.io/library/postgres', 'quay.io/enterprisedb/postgresql'];

export const postgres: Image[] = [
  image({
    repositories,
    tags: releases({ lines: LINES, variants: 'trixie bookworm bullseye buster stretch' }),
    files: debian(CLIENTS, official(999), 'postgres:x:999:999::/var/lib/postgresql:/bin/bash\n'),
    sizeBytes: 432 * MIB,
    ...shared('-1.pgdg120+1'),
  }),
  image({
    repositories,
    tags: releases({
      lines: LINES,
      variants: 'alpine alpine3.22 alpine3.21 alpine3.20 alpine3.19 alpine3.18 alpine3.17 alpine3.16',
      names: '',
      onlyVariants: true,
    }),
    files: alpine(['bash', ...CLIENTS], official(70), 'postgres:x:70:70:PostgreSQL user:/var/lib/postgresql:/bin/sh\n'),
    libc: 'musl',
    sizeBytes: 260 * MIB,
    ...shared(''),
  }),
];

const redHat = (major: string, systems: string[]): Image =>
  image({
    repositories: [
      ...['registry.ocp4.example.com:8443', 'registry.redhat.io', 'registry.access.redhat.com'].flatMap((registry) =>
        systems.map((system) => `${registry}/${system}/postgresql-${major}${system === 'rhscl' ? '-rhel7' : ''}`),
      ),
      `quay.io/sclorg/postgresql-${major}-c8s`,
      `quay.io/sclorg/postgresql-${major}-c9s`,
      `quay.io/centos7/postgresql-${major}-centos7`,
      `docker.io/centos/postgresql-${major}-centos7`,
      `quay.io/fedora/postgresql-${major}`,
    ],
    tags: words(`latest 1 c9s c8s${major === '13' ? ' 1-7 1-150' : ''}${major === '12' ? ' 1-109 1-72' : ''}`),
    files: ubi(
      8,
      CLIENTS,
      {
        '/usr/bin/container-entrypoint': { data: new TextEncoder().encode('#!/bin/bash\nexec "$@"\n'), mode: 0o755 },
        '/usr/bin/run-postgresql': binary('run-postgresql'),
        '/usr/libexec/check-container': {
          data: new TextEncoder().encode('#!/bin/bash\nexec pg_isready -q -h 127.0.0.1\n'),
          mode: 0o755,
        },
        '/var/lib/pgsql': directory(26, 0, 0o775),
        '/var/lib/pgsql/data': directory(26, 0, 0o775),
        '/run/postgresql': directory(26, 0, 0o775),
      },
      'postgres:x:26:26:PostgreSQL Server:/var/lib/pgsql:/bin/bash\n',
    ),
    env: {
      PATH: `/opt/app-root/src/bin:/opt/app-root/bin:${PATH}`,
      container: 'oci',
      HOME: '/var/lib/pgsql',
      PGUSER: 'postgres',
      APP_DATA: '/opt/app-root',
      POSTGRESQL_VERSION: major,
      POSTGRESQL_PREV_VERSION: '12',
      CONTAINER_SCRIPTS_PATH: '/usr/share/container-scripts/postgresql',
    },
    entrypoint: ['container-entrypoint'],
    cmd: ['run-postgresql'],
    user: '26',
    workdir: '/opt/app-root/src',
    volumes: ['/var/lib/pgsql/data'],
    ports,
    labels: {
      'io.k8s.display-name': `PostgreSQL ${major}`,
      'io.openshift.expose-services': '5432:postgresql',
      'io.openshift.tags': `database,postgresql,postgresql${major},postgresql-${major}`,
    },
    sizeBytes: 620 * MIB,
  });

export const redHatPostgresql: Image[] = [
  redHat('10', ['rhel8', 'rhscl']),
  redHat('12', ['rhel8', 'rhscl']),
  redHat('13', ['rhel8', 'rhel9', 'rhscl']),
  redHat('15', ['rhel8', 'rhel9']),
  redHat('16', ['rhel8', 'rhel9', 'rhel10']),
];

export const bitnamiPostgresql = image({
  repositories: [
    'docker.io/bitnami/postgresql',
    'docker.io/bitnamilegacy/postgresql',
    'quay.io/bitnami/postgresql',
    'public.ecr.aws/bitnami/postgresql',
  ],
  tags: releases({
    lines:
      '17.6.0 17.5.0 17.4.0 17.3.0 17.2.0 17.1.0 17.0.0 16.6.0 16.5.0 16.4.0 16.3.0 16.2.0 16.1.0 16.0.0 15.10.0 15.8.0 15.4.0 15.3.0 15.2.0 15.1.0 14.15.0 14.5.0 13.18.0 12.22.0 11.22.0 10.23.0',
    variants: 'debian-12 debian-11 debian-10',
    names: 'latest 16.2.0-debian-12-r8',
  }),
  files: debian(
    CLIENTS,
    {
      '/opt/bitnami/scripts/postgresql/entrypoint.sh': binary('bitnami-postgresql'),
      '/bitnami/postgresql': directory(0, 0, 0o775),
    },
    'postgres:x:1001:0::/bitnami/postgresql:/bin/bash\n',
  ),
  env: { PATH: `/opt/bitnami/postgresql/bin:${PATH}`, BITNAMI_APP_NAME: 'postgresql', PGHOST: '/tmp' },
  entrypoint: ['/opt/bitnami/scripts/postgresql/entrypoint.sh'],
  cmd: ['/opt/bitnami/scripts/postgresql/run.sh'],
  user: '1001',
  volumes: ['/bitnami/postgresql', '/docker-entrypoint-initdb.d'],
  ports,
  sizeBytes: 270 * MIB,
});
