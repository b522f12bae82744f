// nginx: the official image, its unprivileged brother, and the courses' pages on it.
import { binary } from '../machine/machine';
import { type Files, image, ubi } from './base';
import { debian, groupWritable } from './roots';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const WELCOME = `<!DOCTYPE html>
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

const main = (user: string, pid: string, more = '') => `${user}worker_processes  auto;

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

const site = (port: number) => `server {
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

const shared: Files = {
  '/usr/sbin/nginx': binary('nginx'),
  '/docker-entrypoint.sh': { data: new TextEncoder().encode(ENTRYPOINT), mode: 0o755 },
  '/etc/nginx/mime.types': 'types {\n    text/html  html htm;\n    text/css   css;\n    application/json json;\n}\n',
  '/usr/share/nginx/html/index.html': WELCOME,
  '/usr/share/nginx/html/50x.html':
    '<!DOCTYPE html>\n<html>\n<head>\n<title>Error</title>\n</head>\n<body>\n<h1>An error occurred.</h1>\n</body>\n</html>\n',
  '/var/log/nginx': { type: 'dir', mode: 0o755 },
};
const NGINX_USER = 'nginx:x:101:101:nginx user:/nonexistent:/bin/false\n';
const env = { PATH, NGINX_VERSION: '1.27.2', PKG_RELEASE: '1~bookworm' };
const start = { entrypoint: ['/docker-entrypoint.sh'], cmd: ['nginx', '-g', 'daemon off;'] };

/** Those that pages and charts name. */
const TAGS = (
  'latest alpine stable stable-alpine mainline mainline-alpine perl alpine-slim 1.7.1 1.7.9 1.8 1.8.1 ' +
  '1.9 1.9.1 1.10 1.11 1.12 1.12.2 1.13 1.13.12 1.14 1.14.0 1.14.1 1.14.2 1.15 1.15.12 1.16 1.16.0 ' +
  '1.16.1 1.17 1.17.0 1.17.1 1.17.4 1.18 1.18.0 1.19 1.19.0 1.19.1 1.19.2 1.19.10 1.20 1.20.0 1.20.1 ' +
  '1.20.2 1.21 1.21.0 1.21.1 1.21.3 1.21.6 1.22 1.22.1 1.23 1.23.0 1.23.1 1.23.2 1.23.3 1.23.4 1.24 ' +
  '1.24.0 1.25 1.25.1 1.25.2 1.25.3 1.25.4 1.25.5 1.26 1.26.0 1.26.1 1.26.2 1.27 1.27.0 1.27.1 1.27.2 ' +
  '1.27.3 1.14.2-alpine 1.16-alpine 1.17-alpine 1.18-alpine 1.19-alpine 1.20-alpine 1.21-alpine ' +
  '1.23-alpine 1.25-alpine 1.27-alpine 1 '
)
  .trim()
  .split(' ');

export const nginx = image({
  repositories: [
    'docker.io/library/nginx',
    'docker.io/nginx/nginx',
    'public.ecr.aws/nginx/nginx',
    'k8s.gcr.io/nginx',
    'registry.k8s.io/nginx',
    'registry.k8s.io/nginx-slim',
    'k8s.gcr.io/nginx-slim',
    'docker.io/lfccncf/nginx',
  ],
  tags: [...TAGS, '0.8', '0.21', '0.24', '0.26', '0.27'],
  files: debian(
    ['curl'],
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

export const nginxUnprivileged = image({
  repositories: [
    'docker.io/nginxinc/nginx-unprivileged',
    'quay.io/nginx/nginx-unprivileged',
    'docker.io/bitnami/nginx',
  ],
  tags: ['latest', 'alpine', 'stable', 'stable-alpine', '1.27', '1.26', '1.25', '1.20-alpine'],
  files: debian(
    ['curl'],
    {
      ...shared,
      '/etc/nginx/nginx.conf': main(
        '',
        '/tmp/nginx.pid',
        ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
          .map((name) => `    ${name}_temp_path /tmp/${name === 'client_body' ? 'client' : name}_temp;\n`)
          .join(''),
      ),
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
  tags: ['latest', 'v1.0', 'v1', '1.0'],
  files: ubi(8, [], redHat('<html>\n  <body>\n    <h1>Hello, world from nginx!</h1>\n  </body>\n</html>\n')),
  cmd: ['nginx', '-g', 'daemon off;'],
  user: '1001',
  ports: [{ port: 8080, protocol: 'TCP' }],
  sizeBytes: 240 * MIB,
});
