import { expect, test } from 'vitest';
import { sink } from '../machine/descriptor';
import { host, smallNetwork } from '../machine/testing/host';
import { agnhost } from './agnhost/agnhost';
import { curl } from './curl/curl';
import { apache, httpd24 } from './httpd';
import { nginx } from './nginx';
import { helloApp1, helloOpenshift, httpEcho, traefikWhoami } from './web-servers';

const SERVERS = {
  nginx,
  apache,
  httpd: httpd24,
  'hello-openshift': helloOpenshift,
  agnhost,
  'hello-app': helloApp1,
  'http-echo': httpEcho,
  whoami: traefikWhoami,
};
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function served(argv: string[], files: Record<string, string | null>, ask: string[], uid = 0) {
  const world = smallNetwork();
  const server = host(world, 'web', '192.168.50.20', SERVERS, { '/var/cache/nginx': null, '/run': null, ...files });
  const client = host(world, 'client', '192.168.50.21', { curl }, { '/etc/hosts': '192.168.50.20 web\n' });
  let [log, out] = ['', ''];
  const write = sink((bytes) => {
    log += decode(bytes);
  });
  const proc = server.start(argv, { uid, stdout: write, stderr: write, env: { PATH: '/usr/bin' } });
  await world.clock.advance(100);
  if (ask.length > 0) {
    const asked = client.start(['curl', '-s', ...ask], {
      stdout: sink((bytes) => (out += decode(bytes))),
      env: { PATH: '/usr/bin' },
    });
    await world.clock.drive(asked.exited, 60_000);
  }
  proc.signal('SIGTERM');
  await world.clock.advance(100);
  return { out, log, status: proc.status?.code };
}

const http = (body: string) => `events {}\nhttp {\n${body}\n}\n`;

test.each<[string, Record<string, string>, string[], string]>([
  ['a file', { '/usr/share/nginx/html/a.html': 'A' }, ['http://web/a.html'], 'A'],
  [
    'the index',
    { '/srv/index.html': 'I', '/etc/nginx/nginx.conf': http('server { listen 8080; root /srv; }') },
    ['http://web:8080/'],
    'I',
  ],
  [
    'return with a variable',
    { '/etc/nginx/nginx.conf': http('server { location /x { return 200 "$request_method $uri\\n"; } }') },
    ['http://web/x/y'],
    'GET /x/y\n',
  ],
  [
    'servers by name',
    { '/etc/nginx/nginx.conf': http('server { return 200 one; } server { server_name two; return 200 two; }') },
    ['-H', 'Host: two', 'http://web/'],
    'two',
  ],
  [
    'exact, regular, prefix',
    {
      '/etc/nginx/nginx.conf': http(
        'server { location / { return 200 p; } location = /e { return 200 e; } location ~ \\.png$ { return 200 r; } }',
      ),
    },
    ['http://web/e', 'http://web/a.png', 'http://web/z'],
    'erp',
  ],
  [
    'a proxy',
    {
      '/etc/nginx/nginx.conf': http(
        'upstream back { server 127.0.0.1:81; } server { listen 80; location /api/ { proxy_pass http://back/; proxy_set_header X-Who me; } } server { listen 81; return 200 "$uri $http_x_who"; }',
      ),
    },
    ['http://web/api/v1'],
    '/v1 me',
  ],
  [
    'try_files',
    {
      '/srv/i.html': 'app',
      '/etc/nginx/nginx.conf': http('server { root /srv; location / { try_files $uri /i.html; } }'),
    },
    ['http://web/deep/link'],
    'app',
  ],
  [
    'an error page',
    { '/usr/share/nginx/html/e.html': 'oops', '/etc/nginx/nginx.conf': http('server { error_page 404 /e.html; }') },
    ['-w', '%{http_code}', 'http://web/none'],
    'oops404',
  ],
])('nginx serves %s', async (_name, files, ask, expected) => {
  const { out, status } = await served(
    ['nginx', '-g', 'daemon off;'],
    { '/etc/nginx/nginx.conf': http('server {}'), '/usr/share/nginx/html': null as unknown as string, ...files },
    ask,
  );
  expect(out).toBe(expected);
  expect(status).toBe(0);
});

test.each([
  [http('server { lisen 80; }'), 'unknown directive "lisen" in /etc/nginx/nginx.conf:3'],
  [http('server { listen 80 }'), 'unexpected "}" in /etc/nginx/nginx.conf:3'],
  [
    http('server { location / { proxy_pass http://nowhere; } }'),
    'host not found in upstream "nowhere" in /etc/nginx/nginx.conf:3',
  ],
])('nginx refuses %j', async (config, message) => {
  const { log, status } = await served(['nginx'], { '/etc/nginx/nginx.conf': config }, []);
  expect(log).toContain(`nginx: [emerg] ${message}\n`);
  expect(status).toBe(1);
});

test('nginx as a random user fails as it does under the restricted policy', async () => {
  const { log, status } = await served(
    ['nginx', '-g', 'daemon off;'],
    { '/etc/nginx/nginx.conf': `user nginx;\n${http('server { listen 8080; }')}` },
    [],
    1000660000,
  );
  expect(log).toContain(
    'nginx: [warn] the "user" directive makes sense only if the master process runs with super-user privileges, ignored in /etc/nginx/nginx.conf:1\n',
  );
  expect(log).toContain('nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (13: Permission denied)\n');
  expect(status).toBe(1);
});

test.each<[string[], string[], string]>([
  [['hello-openshift'], ['http://web:8080/', 'http://web:8888/'], 'Hello OpenShift!\nHello OpenShift!\n'],
  [['agnhost', 'netexec'], ['http://web:8080/hostname', 'http://web:8080/echo?msg=hi'], 'webhi'],
  [['agnhost', 'netexec'], ['http://web:8080/clientip'], '192.168.50.21:'],
  [['agnhost', 'serve-hostname'], ['http://web:9376/'], 'web'],
  [['hello-app'], ['http://web:8080/'], 'Hello, world!\nVersion: 1.0.0\nHostname: web\n'],
  [['http-echo', '-text=hi there'], ['http://web:5678/'], 'hi there\n'],
  [['whoami'], ['http://web/'], 'Hostname: web\nIP: 127.0.0.1\n'],
  [['httpd'], ['-o', '/dev/null', '-w', '%{http_code}', 'http://web:8080/'], '403'],
  [['apache'], ['http://web/'], '<html><body><h1>It works!</h1></body></html>\n'],
])('%j answers', async (argv, ask, expected) => {
  const { out } = await served(
    argv,
    { '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n', '/var/www/html': null },
    ask,
  );
  expect(out.slice(0, expected.length)).toBe(expected);
});

test('http-echo without its text', async () => {
  const { log, status } = await served(['http-echo'], {}, []);
  expect(log).toBe('Missing -text option!\n');
  expect(status).toBe(127);
});
