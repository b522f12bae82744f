// nginx: the official image, its unprivileged brother, and the courses' pages on it.
import { binary } from '../machine/machine';
import { type Files, image } from './base';
import { debian } from './roots';
import { releases } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export const WELCOME = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;

export const main = (user: string, pid: string, more = '') => `${user}worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        ${pid};

events {
    worker_connections  1024;
}

http {
${more}    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;
    sendfile        on;
    keepalive_timeout  65;
    include /etc/nginx/conf.d/*.conf;
}
`;

export const site = (port: number) => `server {
    listen       ${port};
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`;

// The scripts of the official image, as far as their lines are seen: what they would change is changed by the mounted files.
const ENTRYPOINT = `#!/bin/sh
say() { echo "/docker-entrypoint.sh: $*"; }
say "/docker-entrypoint.d/ is not empty, will attempt to perform configuration"
say "Looking for shell scripts in /docker-entrypoint.d/"
say "Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh"
if [ -w /etc/nginx/conf.d/default.conf ]; then
  echo "10-listen-on-ipv6-by-default.sh: info: Getting the checksum of /etc/nginx/conf.d/default.conf"
  echo "10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf"
else
  echo "10-listen-on-ipv6-by-default.sh: info: can not modify /etc/nginx/conf.d/default.conf (read-only file system?)"
fi
say "Sourcing /docker-entrypoint.d/15-local-resolvers.envsh"
say "Launching /docker-entrypoint.d/20-envsubst-on-templates.sh"
say "Launching /docker-entrypoint.d/30-tune-worker-processes.sh"
say "Configuration complete; ready for start up"
exec "$@"
`;

export const shared: Files = {
  '/usr/sbin/nginx': binary('nginx'),
  '/docker-entrypoint.sh': { data: new TextEncoder().encode(ENTRYPOINT), mode: 0o755 },
  '/etc/nginx/mime.types': 'types {\n    text/html  html htm;\n    text/css   css;\n    application/json json;\n}\n',
  '/usr/share/nginx/html/index.html': WELCOME,
  '/usr/share/nginx/html/50x.html':
    '<!DOCTYPE html>\n<html>\n<head>\n<title>Error</title>\n</head>\n<body>\n<h1>An error occurred.</h1>\n</body>\n</html>\n',
  '/var/log/nginx': { type: 'dir', mode: 0o755 },
};
export const NGINX_USER = 'nginx:x:101:101:nginx user:/nonexistent:/bin/false\n';
export const env = { PATH, NGINX_VERSION: '1.29.3', PKG_RELEASE: '1~bookworm' };
export const start = { entrypoint: ['/docker-entrypoint.sh'], cmd: ['nginx', '-g', 'daemon off;'] };

export const LINES =
  '1.29.3 1.28.0 1.27.5 1.26.3 1.25.5 1.24.0 1.23.4 1.22.1 1.21.6 1.20.2 1.19.10 1.18.0 1.17.10 1.16.1 1.15.12 1.14.2 1.13.12 ' +
  '1.12.2 1.11.13 1.10.3 1.9.15 1.8.1 1.7.12';
const VARIANTS =
  'alpine alpine-slim alpine-perl perl otel alpine-otel bookworm bookworm-perl bullseye buster stretch trixie ' +
  'alpine3.22 alpine3.21 alpine3.20 alpine3.19 alpine3.18 alpine3.17';
const STABLE = ['stable', ...['alpine', 'alpine-slim', 'perl', 'bookworm'].map((variant) => `stable-${variant}`)];
const MAINLINE = ['mainline', ...['alpine', 'alpine-slim', 'perl', 'bookworm'].map((variant) => `mainline-${variant}`)];

const TAGS = releases({
  lines: LINES,
  variants: VARIANTS,
  names: ['latest', ...MAINLINE, ...STABLE.map((name) => `${name}=1.28.0`)].join(' '),
});
export const perRelease = (release: string) => ({ env: { ...env, NGINX_VERSION: release } });

export const nginx = image({
  repositories: [
    'docker.io/library/nginx',
    'docker.io/nginx/nginx',
    'public.ecr.aws/nginx/nginx',
    'registry.k8s.io/nginx',
    'docker.io/lfccncf/nginx',
  ],
  tags: TAGS,
  perRelease,
  files: debian(
    ['curl', 'envsubst'],
    {
      ...shared,
      '/etc/nginx/nginx.conf': main('\nuser  nginx;\n', '/var/run/nginx.pid'),
      '/etc/nginx/conf.d/default.conf': site(80),
      '/var/cache/nginx': { type: 'dir', mode: 0o755 },
    },
    NGINX_USER,
  ),
  env,
  ...start,
  ports: [{ port: 80, protocol: 'TCP' }],
  sizeBytes: 192 * MIB,
});

/** Its files are where any user may write. */
export const UNPRIVILEGED = main(
  '',
  '/tmp/nginx.pid',
  ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `    ${name}_temp_path /tmp/${name === 'client_body' ? 'client' : name}_temp;\n`)
    .join(''),
);

export const nginxUnprivileged = image({
  repositories: ['docker.io/nginxinc/nginx-unprivileged', 'quay.io/nginx/nginx-unprivileged'],
  tags: TAGS,
  perRelease,
  files: debian(
    ['curl', 'envsubst'],
    {
      ...shared,
      '/etc/nginx/nginx.conf': UNPRIVILEGED,
      '/etc/nginx/conf.d/default.conf': site(8080),
    },
    NGINX_USER,
  ),
  env,
  ...start,
  user: '101',
  ports: [{ port: 8080, protocol: 'TCP' }],
  sizeBytes: 192 * MIB,
});

/** Kubernetes' small copy of nginx, in the tutorials on StatefulSets. */
export const nginxSlim = image({
  repositories: ['registry.k8s.io/nginx-slim'],
  tags: releases({ lines: '0.27' }),
  files: debian([], {
    ...shared,
    '/etc/nginx/nginx.conf': main('', '/var/run/nginx.pid'),
    '/etc/nginx/conf.d/default.conf': site(80),
    '/var/cache/nginx': null,
  }),
  env: { PATH },
  cmd: ['nginx', '-g', 'daemon off;'],
  ports: [{ port: 80, protocol: 'TCP' }],
  sizeBytes: 91 * MIB,
});
