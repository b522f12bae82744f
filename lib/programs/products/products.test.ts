import { expect, test } from 'vitest';
import { sink } from '../../machine/descriptor';
import { host } from '../../machine/testing/host';
import { programs } from '../index';
import { databaseWorld, run, startServer } from '../testing/mysql';

const HOSTS = '192.168.50.20 db\n192.168.50.22 app\n';

async function serve(program: string, env: Record<string, string> = {}, args: string[] = [], files = {}, uid = 0) {
  const world = databaseWorld();
  const all = Object.fromEntries(programs);
  const client = host(world, 'outside', '192.168.50.30', all, { '/etc/hosts': HOSTS });
  const machine = host(world, 'app', '192.168.50.22', all, { '/etc/hosts': HOSTS, ...files });
  let log = '';
  const write = sink((bytes) => {
    log += new TextDecoder().decode(bytes);
  });
  const proc = machine.start([`/usr/bin/${program}`, ...args], {
    env: { PATH: '/usr/bin', ...env },
    stdout: write,
    stderr: write,
    uid,
  });
  await world.clock.advance(2000);
  const ask = (argv: string[], input = '') => run(world, client, argv, input);
  const curl = async (...words: string[]) => (await ask(['curl', '-s', ...words])).out;
  return { world, proc, log: () => log, ask, curl };
}

test('memcached over nc', async () => {
  const { ask } = await serve('memcached', { MEMCACHED_VERSION: '1.6.12' });
  const talk = async (...lines: string[]) =>
    (await ask(['nc', '-w', '1', 'app', '11211'], `${lines.join('\r\n')}\r\nquit\r\n`)).out;
  expect(await talk('set greeting 5 0 5', 'hello', 'get greeting none')).toBe(
    'STORED\r\nVALUE greeting 5 5\r\nhello\r\nEND\r\n',
  );
  expect(await talk('add greeting 0 0 1', 'x', 'append greeting 0 0 1', '!', 'get greeting')).toBe(
    'NOT_STORED\r\nSTORED\r\nVALUE greeting 5 6\r\nhello!\r\nEND\r\n',
  );
  expect(await talk('set n 0 0 1', '9', 'incr n 3', 'decr n 100', 'delete n', 'delete n')).toBe(
    'STORED\r\n12\r\n0\r\nDELETED\r\nNOT_FOUND\r\n',
  );
  expect(await talk('set s 0 0 1 noreply', 'x', 'get s')).toBe('VALUE s 0 1\r\nx\r\nEND\r\n');
  expect(await talk('version', 'nonsense')).toBe('VERSION 1.6.12\r\nERROR\r\n');
  expect(await talk('stats')).toMatch(/STAT curr_items 2\r\n[\s\S]*END\r\n$/);
  expect(await talk('flush_all', 'get greeting')).toBe('OK\r\nEND\r\n');
});

const WORDPRESS = {
  WORDPRESS_DB_HOST: 'db',
  WORDPRESS_DB_USER: 'user1',
  WORDPRESS_DB_PASSWORD: 'mypa55w0rd',
  WORDPRESS_DB_NAME: 'items',
};
const DOCUMENTS = { '/var/www/html': null };

test('wordpress leads to its installation when the database lets it in', async () => {
  const { world, curl, log } = await serve('wordpress', WORDPRESS, [], DOCUMENTS);
  expect(log()).toContain('WordPress not found in /var/www/html - copying now...\n');
  expect(await curl('-w', '%{http_code}', 'http://app/')).toMatch(
    /Error establishing a database connection[\s\S]*500$/,
  );
  await startServer(world);
  expect(await curl('-i', 'http://app/')).toMatch(
    /^HTTP\/1.1 302 Found\r\n[\s\S]*Location: http:\/\/app\/wp-admin\/install.php\r\n/,
  );
  expect(await curl('-L', 'http://app/')).toContain('<title>WordPress &rsaquo; Installation</title>');
});

test('wordpress as another user than root cannot listen on port 80', async () => {
  const { log, proc } = await serve(
    'wordpress',
    WORDPRESS,
    [],
    { '/var/www/html': { type: 'dir', mode: 0o777 } },
    1000,
  );
  expect(log()).toContain('(13)Permission denied: AH00072: make_sock: could not bind to address 0.0.0.0:80\n');
  expect(proc.status?.code).toBe(1);
});

test.each<[string, Record<string, string>, string[], RegExp]>([
  [
    'etcd',
    { ETCD_RELEASE: '3.5.1' },
    ['http://app:2379/version'],
    /^{"etcdserver":"3\.5\.15","etcdcluster":"3\.5\.0"}$/,
  ],
  ['etcd', {}, ['http://app:2379/health'], /^{"health":"true","reason":""}$/],
  [
    'tomcat',
    { TOMCAT_VERSION: '9.0.98' },
    ['-w', ' %{http_code}', 'http://app:8080/'],
    /HTTP Status 404 – Not Found.*Apache Tomcat\/9\.0\.98.* 404$/s,
  ],
  ['node-exporter', {}, ['http://app:9100/metrics'], /^node_uname_info{.*nodename="app"/m],
  ['metrics-server', {}, ['-k', 'https://app:10250/readyz'], /^ok$/],
  ['prometheus', {}, ['http://app:9090/-/ready'], /^Prometheus Server is Ready\.\n$/],
  ['grafana', {}, ['-L', 'http://app:3000/'], /<title>Grafana<\/title>/],
  ['adminer', {}, ['http://app:8080/'], /<title>Login - Adminer<\/title>/],
  ['phpmyadmin', {}, ['http://app/'], /<title>phpMyAdmin<\/title>/],
  ['gitlab', {}, ['-L', 'http://app/'], /Sign in · GitLab/],
  ['jenkins', {}, ['http://app:8080/login'], /Sign in - Jenkins/],
  ['vault', {}, ['http://app:8200/v1/secret'], /^not supported: GET \/v1\/secret\n$/],
])('%s with %j answers curl %j', async (program, env, words, body) => {
  const { curl } = await serve(program, env);
  expect(await curl(...words)).toMatch(body);
});

test('gitlab wants to be root', async () => {
  const { log, proc } = await serve('gitlab', {}, [], {}, 1000680000);
  expect(log()).toContain('Cannot create directory[/etc/gitlab] at /etc/gitlab due to insufficient permissions\n');
  expect(proc.status?.code).toBe(1);
});

test.each<[string, string]>([
  ['<h1>plain</h1>\n', '<h1>plain</h1>\n'],
  ['Hi <?php echo gethostname(); ?>!\n', 'Hi app!\n'],
  ['<?= "x" . "y" ?>\n', 'xy'],
])('php:apache serves %j', async (source, body) => {
  const page = {
    '/var/www/html/index.php': source,
    '/usr/local/bin/php': { type: 'link', target: '/usr/bin/php', mode: 0o777 },
  };
  const { curl } = await serve('php-apache', {}, [], page);
  expect(await curl('http://app/')).toBe(body);
});

test('bitnami demands a password, and then serves', async () => {
  const data = {
    '/bitnami/mysql/data': { type: 'dir', mode: 0o777 },
    '/bitnami/mysql': { type: 'dir', mode: 0o777 },
    '/opt/bitnami/mysql/tmp': null,
  };
  const refused = await serve('bitnami-mysql', {}, [], data);
  expect(refused.log()).toContain('ERROR ==> The MYSQL_ROOT_PASSWORD environment variable is empty or not set.');
  expect(refused.proc.status?.code).toBe(1);
  const { ask } = await serve('bitnami-mysql', { MYSQL_ROOT_PASSWORD: 'r00t', MYSQL_DATABASE: 'shop' }, [], data);
  expect((await ask(['mysql', '-h', 'app', '-uroot', '-pr00t', '-N', '-e', 'SHOW DATABASES'])).out).toContain('shop\n');
});

test('a client finds the socket and the password in option files', async () => {
  const data = {
    '/bitnami/mysql/data': { type: 'dir', mode: 0o777 },
    '/bitnami/mysql': { type: 'dir', mode: 0o777 },
    '/opt/bitnami/mysql/tmp': null,
  };
  const cnf = '[mysqld]\nsocket=/none\n[client]\nsocket=/opt/bitnami/mysql/tmp/mysql.sock\n';
  const own = '[client]\nuser=root\npassword="r00t"\n';
  const { world, proc } = await serve('bitnami-mysql', { MYSQL_ROOT_PASSWORD: 'r00t' }, [], {
    ...data,
    '/etc/my.cnf': cnf,
    '/root/.my.cnf': own,
  });
  const answer = await run(world, proc.machine, ['mysql', '-N', '-e', 'SELECT CURRENT_USER()'], '', { HOME: '/root' });
  expect(answer).toMatchObject({ out: 'root@localhost\n', err: '', code: 0 });
  const refused = await run(world, proc.machine, ['mysql', '--no-defaults', '-uroot', '-e', 'SELECT 1']);
  expect(refused.err).toContain("Can't connect to local MySQL server through socket '/var/lib/mysql/mysql.sock' (2)");
});

test('the management of rabbitmq wants to know who asks', async () => {
  const { curl } = await serve('rabbitmq', {}, [], { '/usr/lib/.release': 'management' });
  expect(await curl('-u', 'guest:guest', 'http://app:15672/api/overview')).toContain('"product_name":"RabbitMQ"');
  expect(await curl('http://app:15672/api/overview')).toMatch(/^{"error":"not_authorized"/);
});
