// Apache: Red Hat's httpd-24 and the official httpd.
import { binary } from '../machine/machine';
import { image, ubi } from './base';
import { debian, groupWritable } from './roots';

const MIB = 1024 * 1024;

const registries = ['registry.ocp4.example.com:8443', 'registry.redhat.io', 'registry.access.redhat.com'];

export const httpd24 = image({
  repositories: [
    ...registries.flatMap((registry) =>
      ['rhel8', 'rhel9', 'ubi8', 'ubi9', 'rhscl'].map(
        (group) => `${registry}/${group}/httpd-24${group === 'rhscl' ? '-rhel7' : ''}`,
      ),
    ),
    'quay.io/redhattraining/httpd-parent',
    'registry.ocp4.example.com:8443/redhattraining/httpd-parent',
  ],
  tags: ['latest', '1', '2.4', '1-325', '1-215'],
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

export const httpd = image({
  repositories: ['docker.io/library/httpd'],
  tags: ['latest', '2', '2.4', '2.4.62', 'alpine', '2.4-alpine'],
  files: debian([], {
    '/usr/local/bin/httpd-foreground': binary('apache'),
    '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n',
    '/usr/local/apache2/conf/httpd.conf':
      'ServerRoot "/usr/local/apache2"\nListen 80\nDocumentRoot "/usr/local/apache2/htdocs"\n',
  }),
  env: {
    PATH: '/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HTTPD_PREFIX: '/usr/local/apache2',
    HTTPD_VERSION: '2.4.62',
  },
  cmd: ['httpd-foreground'],
  workdir: '/usr/local/apache2',
  ports: [{ port: 80, protocol: 'TCP' }],
  sizeBytes: 148 * MIB,
});
