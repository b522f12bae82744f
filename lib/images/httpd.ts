// Apache: Red Hat's httpd-24 and the official httpd.
import { binary } from '../machine/machine';
import { image, ubi } from './base';
import { debian, groupWritable } from './roots';
import { releases, words } from './tags';

const MIB = 1024 * 1024;

const registries = ['registry.ocp4.example.com:8443', 'registry.redhat.io', 'registry.access.redhat.com'];

export const httpd24 = image({
  repositories: [
    ...registries.flatMap((registry) =>
      ['rhel8', 'rhel9', 'ubi8', 'ubi9', 'rhscl'].map(
        (group) => `${registry}/${group}/httpd-24${group === 'rhscl' ? '-rhel7' : ''}`,
      ),
    ),
    'quay.io/centos7/httpd-24-centos7',
    'docker.io/centos/httpd-24-centos7',
    'quay.io/sclorg/httpd-24-c8s',
    'quay.io/sclorg/httpd-24-c9s',
    'quay.io/fedora/httpd-24',
    'quay.io/redhattraining/httpd-parent',
    'registry.ocp4.example.com:8443/redhattraining/httpd-parent',
  ],
  tags: words('latest 1 2.4 1-325 1-215 c9s c8s'),
  files: ubi(
    8,
    [],
    {
      '/usr/bin/run-httpd': binary('httpd'),
      '/usr/sbin/httpd': binary('httpd'),
      '/usr/bin/container-entrypoint': { data: new TextEncoder().encode('#!/bin/bash\nexec "$@"\n'), mode: 0o755 },
      '/var/www/html': groupWritable(),
      '/etc/httpd/conf/httpd.conf': 'ServerRoot "/etc/httpd"\nListen 0.0.0.0:8080\nDocumentRoot "/var/www/html"\n',
      '/opt/app-root/src': groupWritable(),
    },
    'default:x:1001:0:Default Application User:/opt/app-root/src:/sbin/nologin\napache:x:48:48:Apache:/usr/share/httpd:/sbin/nologin\n',
  ),
  entrypoint: ['container-entrypoint'],
  cmd: ['/usr/bin/run-httpd'],
  user: '1001',
  workdir: '/opt/app-root/src',
  ports: [
    { port: 8080, protocol: 'TCP' },
    { port: 8443, protocol: 'TCP' },
  ],
  labels: { 'io.openshift.expose-services': '8080:http,8443:https' },
  sizeBytes: 335 * MIB,
});

const env = (release: string) => ({
  PATH: '/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HTTPD_PREFIX: '/usr/local/apache2',
  HTTPD_VERSION: release,
});

export const httpd = image({
  repositories: ['docker.io/library/httpd'],
  tags: releases({
    lines: '2.4.65 2.2.34',
    variants:
      'alpine bookworm bullseye buster trixie alpine3.22 alpine3.21 alpine3.20 alpine3.19 alpine3.18 alpine3.17',
  }),
  files: debian([], {
    '/usr/local/bin/httpd-foreground': binary('apache'),
    '/usr/local/apache2/bin/httpd': binary('apache'),
    '/usr/local/apache2/bin/apachectl': binary('apache'),
    '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n',
    '/usr/local/apache2/conf/httpd.conf':
      'ServerRoot "/usr/local/apache2"\nListen 80\nDocumentRoot "/usr/local/apache2/htdocs"\n',
  }),
  env: env('2.4.65'),
  perRelease: (release) => ({ env: env(release) }),
  cmd: ['httpd-foreground'],
  workdir: '/usr/local/apache2',
  ports: [{ port: 80, protocol: 'TCP' }],
  sizeBytes: 148 * MIB,
});
