import { expect, test } from 'vitest';
import { sink } from '../../machine/descriptor';
import { host } from '../../machine/testing/host';
import { programs } from '../index';
import { databaseWorld, ENV, run, startServer } from '../testing/mysql';

const HOSTS =
  '192.168.50.20 db mysql quotesdb\n192.168.50.22 app\n192.168.50.23 redis-leader\n192.168.50.24 redis-follower\n';

/** A database, an application beside it and a client with curl. */
async function world() {
  const made = databaseWorld();
  await startServer(made);
  const client = host(made, 'outside', '192.168.50.30', Object.fromEntries(programs), { '/etc/hosts': HOSTS });
  const place = (name: string, address: string, files: Record<string, string | null> = {}) =>
    host(made, name, address, Object.fromEntries(programs), { '/etc/hosts': HOSTS, ...files });
  return { ...made, client, place };
}

type World = Awaited<ReturnType<typeof world>>;

async function serve(made: World, program: string, env: Record<string, string>, args: string[] = [], files = {}) {
  let log = '';
  const write = sink((bytes) => {
    log += new TextDecoder().decode(bytes);
  });
  const machine = made.place('app', '192.168.50.22', files);
  const proc = machine.start([`/usr/bin/${program}`, ...args], { env, stdout: write, stderr: write });
  await made.clock.advance(2000);
  return {
    proc,
    machine,
    log: () => log,
    curl: async (...words: string[]) => (await run(made, made.client, ['curl', '-s', ...words])).out,
  };
}

const QUOTES = {
  QUOTES_USER: ENV.MYSQL_USER,
  QUOTES_PASSWORD: ENV.MYSQL_PASSWORD,
  QUOTES_DATABASE: ENV.MYSQL_DATABASE,
  QUOTES_HOSTNAME: 'quotesdb',
};

test('famous quotes come out of the database', async () => {
  const app = await serve(await world(), 'famous-quotes', QUOTES);
  expect(app.log()).toContain('Database connection OK');
  expect(await app.curl('http://app:8000/')).toContain(
    '<li>1: When words fail, music speaks.\n- William Shakespeare</li>',
  );
  expect(await app.curl('http://app:8000/random')).toMatch(/^\d: .+\n- .+\n$/);
  expect(await app.curl('http://app:8000/env')).toContain('QUOTES_HOSTNAME: quotesdb\n');
});

test.each([
  [{}, 'The environment variable QUOTES_USER is not set'],
  [{ ...QUOTES, QUOTES_HOSTNAME: 'nowhere' }, 'dial tcp: lookup nowhere: '],
  [{ ...QUOTES, QUOTES_PASSWORD: 'no' }, "Error 1045 (28000): Access denied for user 'user1'@"],
])('famous quotes end without their database: %#', async (env, message) => {
  const app = await serve(await world(), 'famous-quotes', env as Record<string, string>);
  expect(app.log()).toContain(message);
  expect(app.proc.status?.code).toBe(1);
});

test('a to-do list keeps its items in the database', async () => {
  const app = await serve(await world(), 'todo', {
    MYSQL_ENV_MYSQL_USER: ENV.MYSQL_USER,
    MYSQL_ENV_MYSQL_PASSWORD: ENV.MYSQL_PASSWORD,
    MYSQL_ENV_MYSQL_DATABASE: ENV.MYSQL_DATABASE,
  });
  await app.curl('-d', '{"description":"buy milk"}', 'http://app:8080/todo/api/items');
  await app.curl('-d', '{"id":1,"description":"buy milk","done":true}', 'http://app:8080/todo/api/items');
  expect(JSON.parse(await app.curl('http://app:8080/todo/api/items'))).toMatchObject({
    list: [{ id: 1, description: 'buy milk', done: true }],
    totalResults: 1,
  });
  expect(await app.curl('http://app:8080/')).toContain('To Do List');
});

test('the guestbook writes to the leader and reads from a follower', async () => {
  const made = await world();
  const app = await serve(made, 'gb-frontend', { GET_HOSTS_FROM: 'dns' });
  made.place('leader', '192.168.50.23').start(['/usr/bin/redis-server']);
  const follower = made.place('follower', '192.168.50.24', { '/run.sh': null });
  follower.start(['/usr/bin/gb-redis-follower']);
  await made.clock.advance(100);
  expect(await app.curl('http://app/guestbook.php?cmd=set&key=messages&value=hello')).toBe('{"message": "Updated"}');
  expect(await app.curl('http://app/guestbook.php?cmd=get&key=messages')).toBe('{"data": "hello"}');
  const refused = await run(made, made.client, ['redis-cli', '-h', 'redis-follower', 'set', 'a', 'b']);
  expect(refused.out).toContain("READONLY You can't write against a read only replica.");
});

test.each<[string, string[], Record<string, string>, string, RegExp]>([
  ['agnhost', ['porter'], { SERVE_PORT_90: 'ninety' }, 'http://app:90/', /^ninety$/],
  [
    'agnhost',
    ['netexec'],
    {},
    'http://app:8080/dial?host=127.0.0.1&port=8080&request=hostname',
    /^{"responses":\["app"\]}$/,
  ],
  ['agnhost', ['netexec'], {}, 'http://app:8080/dial?host=127.0.0.1&port=1&request=hostname', /refused/],
  ['agnhost', ['liveness'], {}, 'http://app:8080/healthz', /^ok$/],
  ['agnhost', ['serve-hostname', '--port=80'], {}, 'http://app/', /^app$/],
  ['node-hello', [], {}, 'http://app:8080/', /^Hello Kubernetes!$/],
  ['nodejs-hello-world', [], {}, 'http://app:3000/', /^Hello World\n$/],
  ['hpa-example', [], {}, 'http://app/', /^OK!$/],
  ['scaling-server', [], {}, 'http://app:8080/', /Server IP: 192\.168\.50\.22/],
  ['python3', ['-m', 'http.server', '8080', '-d', '/etc'], {}, 'http://app:8080/', /<a href="passwd">passwd<\/a>/],
  ['python3', ['-m', 'http.server'], {}, 'http://app:8000/none', /Error code: 404/],
])('%s %j answers %j at %s', async (program, args, env, url, body) => {
  const app = await serve(await world(), program, env, args);
  expect(await app.curl(url)).toMatch(body);
});

test.each<[string, string[], RegExp, number]>([
  ['php-ssl', [], /SSLCertificateFile: file '\/usr\/local\/etc\/ssl\/certs\/tls\.crt' does not exist/, 1],
  ['agnhost', ['nope'], /unknown command "nope" for "app"/, 1],
  ['agnhost', ['connect', '192.168.50.20:1', '--timeout=1s'], /^REFUSED\n$/, 1],
  ['agnhost', ['connect', 'nowhere:1'], /^DNS: /, 1],
  ['hello-world', [], /Hello from Docker!/, 0],
])('%s %j ends', async (program, args, log, code) => {
  const app = await serve(await world(), program, {}, args);
  expect(app.log()).toMatch(log);
  expect(app.proc.status?.code).toBe(code);
});
