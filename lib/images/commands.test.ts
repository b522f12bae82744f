import { expect, test } from 'vitest';
import { container } from './testing/container';

test.each<[string, string, RegExp]>([
  ['redis:6.0.5', 'redis-server --version', /^Redis server v=6\.0\.5 /],
  ['redis:6.0.5', 'redis-cli --version', /^redis-cli 6\.0\.5\n$/],
  ['mongo:4.4', 'mongod --version', /^db version v4\.4\.29\n/],
  ['mysql:5.7', 'mysql --version', /^mysql {2}Ver 14\.14 Distrib 5\.7\.44, /],
  ['mysql:8.0', 'mysql -V', /^mysql {2}Ver 8\.0\.44 for Linux on x86_64 \(MySQL Community Server - GPL\)\n$/],
  ['mariadb:10.6', 'mariadb --version', /^mysql {2}Ver 15\.1 Distrib 10\.6\.23-MariaDB/],
  ['mariadb:11.4', 'mariadb --version', /^mariadb from 11\.4\.8-MariaDB, client 15\.2 /],
  ['postgres:16', 'psql --version', /^psql \(PostgreSQL\) 16\.10 \(Debian 16\.10-1\.pgdg120\+1\)\n$/],
  ['postgres:13-alpine', 'psql --version', /^psql \(PostgreSQL\) 13\.22\n$/],
  ['httpd:2.4.58', 'httpd -v', /^Server version: Apache\/2\.4\.58 \(Unix\)\n$/],
  ['httpd:2.4', 'httpd -t', /^Syntax OK\n$/],
  ['nginx:1.21.6', 'nginx -v', /^nginx version: nginx\/1\.21\.6\n$/],
  [
    'nginx',
    'nginx -s reload',
    /nginx: \[error\] open\(\) "\/var\/run\/nginx\.pid" failed \(2: No such file or directory\)\n$/,
  ],
  ['golang:1.16', 'go version', /^go version go1\.16\.15 linux\/amd64\n$/],
  ['openjdk:8', 'java -version', /^openjdk version "1\.8\.0_472"\n/],
  ['memcached:1.6', 'memcached -V', /^memcached 1\.6\.39\n$/],
  ['registry.k8s.io/etcd:3.5.1-0', 'etcdctl version', /^etcdctl version: 3\.5\.1\n/],
  ['rabbitmq', 'rabbitmq-diagnostics -q ping', /unable to perform an operation on node 'rabbit@app'/],
  ['busybox:1.28', 'busybox | head -n 1', /^BusyBox v1\.28\.4 \(.*\) multi-call binary\.\n$/],
  ['busybox', 'busybox echo hi', /^hi\n$/],
  ['alpine', 'busybox nosuch', /^nosuch: applet not found\n$/],
])('%s: %s', async (reference, command, text) => {
  expect((await container(reference)(command)).text).toMatch(text);
});

test('nginx takes up a changed configuration when it is told to, and refuses a broken one', async () => {
  const sh = container('nginx');
  const conf = '/etc/nginx/conf.d/default.conf';
  await sh('nginx -g "daemon off;" >/log 2>&1 & sleep 1');
  expect((await sh('curl -s 127.0.0.1')).text).toContain('Welcome to nginx!');
  await sh(`echo 'server { listen 80; return 200 one; } server { listen 81; return 200 two; }' > ${conf}`);
  expect((await sh('curl -s 127.0.0.1')).text).toContain('Welcome to nginx!');
  expect(await sh('nginx -s reload')).toMatchObject({
    code: 0,
    text: expect.stringContaining('signal process started'),
  });
  expect((await sh('sleep 1; curl -s 127.0.0.1 127.0.0.1:81')).text).toBe('onetwo');
  expect(await sh(`echo 'server { lisen 80; }' > ${conf}; nginx -s reload`)).toMatchObject({ code: 1 });
  expect((await sh('curl -s 127.0.0.1')).text).toBe('one');
  expect(
    (
      await sh(
        `echo 'server { listen 80; }' > ${conf}; nginx -s quit; sleep 1; curl -s 127.0.0.1 || echo gone; tail -n 1 /log`,
      )
    ).text,
  ).toMatch(/gone\n.*exiting\n/);
});
