// Images that are nginx with something to show: nginxdemos/hello, network-multitool.
import { binary } from '../machine/machine';
import { type Certificate, toPem } from '../machine/tls';
import { type Files, image } from './base';
import { env, main, NGINX_USER, shared, site, start, UNPRIVILEGED } from './nginx';
import { alpine, debian, TOOLBOX } from './roots';
import { words } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const VIEW = `<!DOCTYPE html>
<html>
<head>
<title>Hello World</title>
</head>
<body>
<div class="info">
<p><span>Server&nbsp;name:</span> <span>server_hostname</span></p>
<p><span>Server&nbsp;address:</span> <span>server_address</span></p>
<p class="smaller"><span>URI:</span> <span>server_url</span></p>
<p class="smaller"><span>Date:</span> <span>server_date</span></p>
<p class="smaller"><span>Client&nbsp;IP:</span> <span>remote_addr</span></p>
</div>
<div id="footer">Request ID: request_id</div>
</body>
</html>
`;

const helloHtml = (port: number) => `server {
    listen ${port};
    root /usr/share/nginx/html;
    try_files /index.html =404;
    expires -1;
    sub_filter_once off;
    sub_filter 'server_hostname' '$hostname';
    sub_filter 'server_address' '$server_addr:$server_port';
    sub_filter 'server_url' '$request_uri';
    sub_filter 'remote_addr' '$remote_addr:$remote_port';
    sub_filter 'server_date' '$time_local';
    sub_filter 'request_id' '$request_id';
}
`;

const helloText = (port: number) => `server {
    listen ${port};
    location / {
        default_type text/plain;
        expires -1;
        return 200 'Server address: $server_addr:$server_port\\nServer name: $hostname\\nDate: $time_local\\nURI: $request_uri\\nRequest ID: $request_id\\n';
    }
}
`;

/** nginxdemos/hello: says which server answered, as a page or as text; nginx-hello does it without root. */
const hello = (repository: string, tags: string, port: number, text: string) =>
  image({
    repositories: [`docker.io/nginxdemos/${repository}`],
    tags: words(tags),
    files: debian(
      ['curl'],
      {
        ...shared,
        '/etc/nginx/nginx.conf': port === 80 ? main('\nuser  nginx;\n', '/var/run/nginx.pid') : UNPRIVILEGED,
        '/etc/nginx/conf.d/hello.conf': text,
        '/usr/share/nginx/html/index.html': VIEW,
        '/var/cache/nginx': null,
      },
      NGINX_USER,
    ),
    env,
    ...start,
    user: port === 80 ? '0' : '101',
    ports: [{ port, protocol: 'TCP' }],
    sizeBytes: 24 * MIB,
  });

export const nginxHello = [
  hello('hello', 'latest 0.1 0.2 0.3 0.4', 80, helloHtml(80)),
  hello('hello', 'plain-text 0.1-plain-text 0.2-plain-text 0.3-plain-text 0.4-plain-text', 80, helloText(80)),
  hello('nginx-hello', 'latest html', 8080, helloHtml(8080)),
  hello('nginx-hello', 'plain-text', 8080, helloText(8080)),
];

const MULTITOOL_CERTIFICATE: Certificate = {
  subject: 'CN=localhost',
  issuer: 'CN=localhost',
  signedBy: 'network-multitool',
  key: 'network-multitool',
  dnsNames: ['localhost'],
  ipAddresses: [],
  notBefore: Date.UTC(2024, 0, 1),
  notAfter: Date.UTC(2034, 0, 1),
};

const MULTITOOL = `#!/bin/sh
if [ -n "$HTTP_PORT" ]; then sed -i "s/listen 80;/listen $HTTP_PORT;/" /etc/nginx/nginx.conf; fi
if [ -n "$HTTPS_PORT" ]; then sed -i "s/listen 443 ssl;/listen $HTTPS_PORT ssl;/" /etc/nginx/nginx.conf; fi
if [ "$(cat /usr/share/nginx/html/index.html)" = "" ]; then
  echo "WBITT Network MultiTool (with NGINX) - $(hostname) - $(hostname -i) - HTTP: \${HTTP_PORT:-80} , HTTPS: \${HTTPS_PORT:-443} . (Formerly praqma/network-multitool)" > /usr/share/nginx/html/index.html
fi
exec "$@"
`;

const multitoolRoot = (ports: [http: number, https: number]): Files => ({
  '/usr/sbin/nginx': binary('nginx'),
  '/docker/entrypoint.sh': { data: new TextEncoder().encode(MULTITOOL), mode: 0o755 },
  '/usr/share/nginx/html/index.html': '',
  '/var/cache/nginx': null,
  '/certs/server.crt': toPem(MULTITOOL_CERTIFICATE),
  '/certs/server.key': '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n',
  '/etc/nginx/nginx.conf': `worker_processes 1;
events {
    worker_connections 1024;
}
http {
    server {
        listen ${ports[0]};
        listen ${ports[1]} ssl;
        server_name localhost;
        ssl_certificate /certs/server.crt;
        ssl_certificate_key /certs/server.key;
        location / {
            root /usr/share/nginx/html;
            index index.html index.htm;
        }
    }
}
`,
});

/** network-multitool: the tools, beside an nginx that says who it is. */
const multitool = (tags: string, ports: [http: number, https: number]) =>
  image({
    repositories: ['docker.io/wbitt/network-multitool', 'docker.io/praqma/network-multitool'],
    tags: words(tags),
    files: alpine([...TOOLBOX, 'openssl', 'jq'], multitoolRoot(ports)),
    env: { PATH, HTTP_PORT: String(ports[0]), HTTPS_PORT: String(ports[1]) },
    entrypoint: ['/bin/sh', '/docker/entrypoint.sh'],
    cmd: ['/usr/sbin/nginx', '-g', 'daemon off;'],
    libc: 'musl',
    ports: ports.map((port) => ({ port, protocol: 'TCP' })),
    sizeBytes: 40 * MIB,
  });

export const multitools = [
  multitool('latest minimal extra alpine-minimal alpine-extra fedora fedora-minimal c1.0', [80, 443]),
  multitool('openshift', [1180, 11443]),
];

/** Docker's tutorial, as a page. */
export const gettingStarted = image({
  repositories: ['docker.io/docker/getting-started'],
  tags: words('latest pwd'),
  files: debian(
    ['curl'],
    {
      ...shared,
      '/etc/nginx/nginx.conf': main('\nuser  nginx;\n', '/var/run/nginx.pid'),
      '/etc/nginx/conf.d/default.conf': site(80),
      '/usr/share/nginx/html/index.html':
        '<!doctype html>\n<html lang="en">\n<head>\n<title>Getting Started</title>\n</head>\n<body>\n<h1>Getting Started</h1>\n</body>\n</html>\n',
      '/var/cache/nginx': null,
    },
    NGINX_USER,
  ),
  env,
  ...start,
  ports: [{ port: 80, protocol: 'TCP' }],
  sizeBytes: 47 * MIB,
});

/** bprashanth/nginxhttps, of Kubernetes' tutorial on connecting applications: its configuration and certificate are mounted. */
export const nginxHttps = image({
  repositories: ['docker.io/bprashanth/nginxhttps', 'docker.io/ymqytw/nginxhttps'],
  tags: words('latest 1.0 1.5'),
  files: debian(['curl'], {
    ...shared,
    '/etc/nginx/nginx.conf': main('', '/var/run/nginx.pid'),
    '/etc/nginx/conf.d/default.conf': site(80),
    '/home/auto-reload-nginx.sh': {
      data: new TextEncoder().encode('#!/bin/sh\nexec nginx -g "daemon off;"\n'),
      mode: 0o755,
    },
    '/var/cache/nginx': null,
  }),
  env: { PATH },
  cmd: ['/home/auto-reload-nginx.sh'],
  ports: [
    { port: 80, protocol: 'TCP' },
    { port: 443, protocol: 'TCP' },
  ],
  sizeBytes: 131 * MIB,
});
