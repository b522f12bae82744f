// PostgreSQL: the official image, Red Hat's, Bitnami's.
import { binary } from '../machine/machine';
import { type Files, image, ubi } from './base';
import type { Image } from './image';
import { alpine, debian } from './roots';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const CLIENTS = ['psql', 'pg_isready', 'createdb', 'dropdb', 'createuser', 'dropuser'];
const ports = [{ port: 5432, protocol: 'TCP' as const }];
const directory = (uid: number, gid: number, mode: number) => ({ type: 'dir' as const, mode, uid, gid });

const official = (uid: number): Files => ({
  '/usr/local/bin/docker-entrypoint.sh': binary('docker-postgres'),
  '/var/lib/postgresql': directory(uid, uid, 0o1777),
  '/var/lib/postgresql/data': directory(uid, uid, 0o1777),
  '/var/run/postgresql': directory(uid, uid, 0o3777),
  '/docker-entrypoint-initdb.d': null,
});

const releases: [major: string, version: string, tags: string[]][] = [
  ['17', '17.2-1.pgdg120+1', ['latest', '17', '17.0', '17.2', '17-bookworm', 'bookworm']],
  ['16', '16.6-1.pgdg120+1', ['16', '16.0', '16.1', '16.2', '16.3', '16.4', '16.6', '16-bookworm']],
  ['15', '15.10-1.pgdg120+1', ['15', '15.1', '15.2', '15.3', '15.4', '15.8', '15.10', '15-bookworm']],
  ['14', '14.15-1.pgdg120+1', ['14', '14.1', '14.5', '14.15', '14-bullseye']],
  ['13', '13.18-1.pgdg120+1', ['13', '13.4', '13.18']],
  ['12', '12.22-1.pgdg120+1', ['12', '12.4']],
  ['11', '11.22-1.pgdg120+1', ['11']],
  ['10', '10.23-1.pgdg110+1', ['10', '10.1', '10.4', '10.5']],
  ['9.6', '9.6.24-1.pgdg90+1', ['9.6', '9.6.2', '9.4', '9.5', '9']],
];

const shared = (major: string, version: string): Partial<Image> => ({
  env: {
    PATH: `${PATH}:/usr/lib/postgresql/${major}/bin`,
    LANG: 'en_US.utf8',
    PG_MAJOR: major,
    PG_VERSION: version,
    PGDATA: '/var/lib/postgresql/data',
  },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['postgres'],
  volumes: ['/var/lib/postgresql/data'],
  ports,
});

const repositories = [
  'docker.io/library/postgres',
  'quay.io/enterprisedb/postgresql',
  'public.ecr.aws/docker/library/postgres',
];

export const postgres: Image[] = releases.flatMap(([major, version, tags]) => [
  image({
    repositories,
    tags,
    files: debian(CLIENTS, official(999), 'postgres:x:999:999::/var/lib/postgresql:/bin/bash\n'),
    sizeBytes: 432 * MIB,
    ...shared(major, version),
  }),
  image({
    repositories,
    tags: [...new Set([major, ...tags.filter((tag) => /^\d+\.\d+$/.test(tag)), ...(major === '17' ? [''] : [])])].map(
      (tag) => (tag === '' ? 'alpine' : `${tag}-alpine`),
    ),
    files: alpine(['bash', ...CLIENTS], official(70), 'postgres:x:70:70:PostgreSQL user:/var/lib/postgresql:/bin/sh\n'),
    libc: 'musl',
    sizeBytes: 260 * MIB,
    ...shared(major, version.split('-')[0] ?? version),
  }),
]);

const redHat = (major: string, systems: string[]): Image =>
  image({
    repositories: [
      ...['registry.ocp4.example.com:8443', 'registry.redhat.io', 'registry.access.redhat.com'].flatMap((registry) =>
        systems.map((system) => `${registry}/${system}/postgresql-${major}`),
      ),
      `quay.io/sclorg/postgresql-${major}-c8s`,
      `quay.io/sclorg/postgresql-${major}-c9s`,
      `quay.io/centos7/postgresql-${major}-centos7`,
      `docker.io/centos/postgresql-${major}-centos7`,
      `quay.io/fedora/postgresql-${major}`,
    ],
    tags: [
      'latest',
      '1',
      'c9s',
      'c8s',
      ...(major === '13' ? ['1-7', '1-150'] : []),
      ...(major === '12' ? ['1-109', '1-72'] : []),
    ],
    files: ubi(
      8,
      CLIENTS,
      {
        '/usr/bin/container-entrypoint': { data: new TextEncoder().encode('#!/bin/bash\nexec "$@"\n'), mode: 0o755 },
        '/usr/bin/run-postgresql': binary('run-postgresql'),
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
  tags: ['latest', '17', '16', '15', '14', '13', '11', '10', '17.0.0', '16.4.0', '15.4.0', '16.2.0-debian-12-r8'],
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
