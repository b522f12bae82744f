// nginx as Red Hat and Bitnami ship it, and Red Hat's exercises on it.
import { binary } from '../machine/machine';
import { type Files, image, ubi } from './base';
import { env, LINES, perRelease, shared, site, UNPRIVILEGED, WELCOME } from './nginx';
import { debian, groupWritable } from './roots';
import { releases, words } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const redHat = (index: string): Files => ({
  '/usr/sbin/nginx': binary('nginx'),
  '/etc/nginx/mime.types': 'types {\n    text/html  html htm;\n}\n',
  '/etc/nginx/nginx.conf': `worker_processes auto;
error_log /var/log/nginx/error.log;
pid /run/nginx.pid;
events {
    worker_connections 1024;
}
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path /tmp/client_temp;
    proxy_temp_path /tmp/proxy_temp;
    fastcgi_temp_path /tmp/fastcgi_temp;
    uwsgi_temp_path /tmp/uwsgi_temp;
    scgi_temp_path /tmp/scgi_temp;
    include /etc/nginx/conf.d/*.conf;
    server {
        listen 8080 default_server;
        server_name _;
        root /usr/share/nginx/html;
    }
}
`,
  '/etc/nginx/conf.d': groupWritable(),
  '/usr/share/nginx/html/index.html': index,
  '/var/log/nginx': groupWritable(),
});

export const helloWorldNginx = image({
  repositories: [
    'registry.ocp4.example.com:8443/redhattraining/hello-world-nginx',
    'quay.io/redhattraining/hello-world-nginx',
    'docker.io/redhattraining/hello-world-nginx',
  ],
  tags: words('latest v1.0 v1 1.0'),
  files: ubi(8, [], redHat('<html>\n  <body>\n    <h1>Hello, world from nginx!</h1>\n  </body>\n</html>\n')),
  cmd: ['nginx', '-g', 'daemon off;'],
  user: '1001',
  ports: [{ port: 8080, protocol: 'TCP' }],
  sizeBytes: 240 * MIB,
});

const BITNAMI = '/opt/bitnami/nginx';

export const bitnamiNginx = image({
  repositories: ['docker.io/bitnami/nginx'],
  tags: releases({ lines: LINES, variants: 'debian-12 debian-11 debian-10', names: 'latest' }),
  perRelease,
  files: debian(['curl'], {
    '/usr/sbin/nginx': binary('nginx'),
    [`${BITNAMI}/sbin/nginx`]: binary('nginx'),
    [`${BITNAMI}/html/index.html`]: WELCOME,
    '/app': { type: 'link', target: `${BITNAMI}/html`, mode: 0o777 },
    '/opt/bitnami/scripts/nginx/entrypoint.sh': {
      data: new TextEncoder().encode(
        '#!/bin/bash\nsay() { echo "nginx $(date +%H:%M:%S.00) INFO  ==> $*"; }\necho\nsay "** Starting NGINX setup **"\nsay "Initializing NGINX"\nsay "** NGINX setup finished! **"\necho\nsay "** Starting NGINX **"\nexec "$@"\n',
      ),
      mode: 0o755,
    },
    '/etc/nginx/nginx.conf': UNPRIVILEGED.replaceAll('/etc/nginx/conf.d', `${BITNAMI}/conf/server_blocks`),
    [`${BITNAMI}/conf/server_blocks/default.conf`]: site(8080).replaceAll('/usr/share/nginx/html', `${BITNAMI}/html`),
    [`${BITNAMI}/conf/server_blocks`]: groupWritable(),
    '/etc/nginx/mime.types': shared['/etc/nginx/mime.types'] ?? '',
  }),
  env: { ...env, PATH: `${BITNAMI}/sbin:${PATH}`, BITNAMI_APP_NAME: 'nginx' },
  entrypoint: ['/opt/bitnami/scripts/nginx/entrypoint.sh'],
  cmd: ['nginx', '-c', '/etc/nginx/nginx.conf', '-g', 'daemon off;'],
  user: '1001',
  workdir: '/app',
  ports: [
    { port: 8080, protocol: 'TCP' },
    { port: 8443, protocol: 'TCP' },
  ],
  sizeBytes: 190 * MIB,
});

const S2I_USAGE = `#!/bin/bash
echo "This is a S2I nginx-based image:
To use it, install S2I: https://github.com/openshift/source-to-image

Sample invocation:

s2i build https://github.com/sclorg/nginx-container.git --context-dir=examples/\${NGINX_SHORT_VER}/test-app/ nginx-\${NGINX_SHORT_VER//./}-rhel8 nginx-sample-app

You can then run the resulting image via:
docker run -p 8080:8080 nginx-sample-app"
`;

/** Red Hat's nginx to build on: by itself it only says how; `nginx -g 'daemon off;'` serves. */
const redHatNginx = (version: string, systems: string[], more: string[] = []) =>
  image({
    repositories: [
      ...systems.map((system) => `registry.access.redhat.com/${system}/nginx-${version.replace('.', '')}`),
      ...more,
    ],
    tags: words('latest 1'),
    files: ubi(
      8,
      [],
      {
        ...redHat('<html><body><h1>Welcome to nginx!</h1></body></html>\n'),
        '/usr/bin/container-entrypoint': { data: new TextEncoder().encode('#!/bin/bash\nexec "$@"\n'), mode: 0o755 },
        '/usr/libexec/s2i/usage': { data: new TextEncoder().encode(S2I_USAGE), mode: 0o755 },
        '/opt/app-root/src': groupWritable(),
      },
      'default:x:1001:0:Default Application User:/opt/app-root/src:/sbin/nologin\n',
    ),
    env: {
      PATH: `/opt/app-root/src/bin:/opt/app-root/bin:${PATH}`,
      container: 'oci',
      NGINX_VERSION: `${version}.0`,
      NGINX_SHORT_VER: version,
      HOME: '/opt/app-root/src',
    },
    entrypoint: ['container-entrypoint'],
    cmd: ['/usr/libexec/s2i/usage'],
    user: '1001',
    workdir: '/opt/app-root/src',
    ports: [
      { port: 8080, protocol: 'TCP' },
      { port: 8443, protocol: 'TCP' },
    ],
    sizeBytes: 320 * MIB,
  });

export const redHatNginxes = [
  redHatNginx('1.16', ['ubi8', 'rhel8'], ['registry.access.redhat.com/rhscl/nginx-116-rhel7']),
  redHatNginx('1.18', ['ubi8', 'rhel8'], ['registry.access.redhat.com/rhscl/nginx-118-rhel7']),
  redHatNginx(
    '1.20',
    ['ubi8', 'ubi9', 'rhel8', 'rhel9'],
    ['quay.io/sclorg/nginx-120-c9s', 'quay.io/sclorg/nginx-120-c8s'],
  ),
  redHatNginx(
    '1.22',
    ['ubi8', 'ubi9', 'rhel8', 'rhel9'],
    ['quay.io/sclorg/nginx-122-c9s', 'quay.io/sclorg/nginx-122-c8s'],
  ),
  redHatNginx('1.24', ['ubi8', 'ubi9', 'rhel8', 'rhel9'], ['quay.io/sclorg/nginx-124-c9s']),
  redHatNginx('1.26', ['ubi9', 'rhel9', 'ubi10', 'rhel10'], ['quay.io/sclorg/nginx-126-c9s']),
];

/** redhattraining/hello-world-secure: TLS with the certificate of a mounted secret. */
export const helloWorldSecure = image({
  repositories: [
    'registry.ocp4.example.com:8443/redhattraining/hello-world-secure',
    'quay.io/redhattraining/hello-world-secure',
    'docker.io/redhattraining/hello-world-secure',
  ],
  tags: words('latest v1.0'),
  files: ubi(8, [], {
    ...redHat('<html>\n  <body>\n    <h1>Hello, world from nginx!</h1>\n  </body>\n</html>\n'),
    '/etc/nginx/conf.d/secure.conf': `server {
    listen 8443 ssl http2 default_server;
    server_name _;
    root /usr/share/nginx/html;
    ssl_certificate "/run/secrets/nginx/tls.crt";
    ssl_certificate_key "/run/secrets/nginx/tls.key";
}
`,
  }),
  cmd: ['nginx', '-g', 'daemon off;'], // through a shell that becomes it
  user: '1001',
  ports: [
    { port: 8080, protocol: 'TCP' },
    { port: 8443, protocol: 'TCP' },
  ],
  sizeBytes: 240 * MIB,
});
