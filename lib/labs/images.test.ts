import { expect, test } from 'vitest';
import { registryWith } from '../images';
import { declaredPrograms } from '../images/declared/build';
import { sink } from '../machine/descriptor';
import { host, smallNetwork } from '../machine/testing/host';
import { curl } from '../programs/curl/curl';
import { nc } from '../programs/nc';
import { parseLab } from './lab';
import { toSpec } from './spec';

const LAB = `title: T
minutes: 5
objectives: [o]
variables: { word: { pattern: "zzz" } }
checks:
  - { id: one, title: One, points: 1, grader: endpoints, with: { namespace: a, service: b, port: 80 } }
images:
  - name: quay.io/shop/stock
    tags: [v1, v2]
    requires: [DB_HOST, { name: DB_PORT, pattern: "[0-9]+" }]
    files: { /srv/page.html: { from: page.html }, /etc/motd: "hi\\n" }
    log: ["stock {{word}} on \${hostname}", { text: tick, after: 1, every: 2 }]
    http:
      - port: 8080
        log: "\${method} \${path} \${status}"
        routes:
          - { path: /, body: "stock at \${DB_HOST} for \${header.x-user:-nobody}\\n", headers: { X-App: stock } }
          - { path: /page, file: /srv/page.html }
          - { path: /files/*, root: /srv }
          - { path: /order, method: POST, status: 201, body: "got \${body}" }
          - { path: /back, proxy: "http://nowhere:1/" }
    tcp:
      - { port: 7000, greeting: "hello\\n", echo: true, replies: [{ match: "^ADD (\\\\w+)$", answer: "OK $1\\n" }, { match: QUIT, answer: "BYE\\n", close: true }] }
  - name: quay.io/shop/job
    connects: [{ to: "192.168.50.20:9", status: 3 }]
  - name: quay.io/shop/short
    log: [working]
    exit: { after: 5, status: 4 }
`;

const lab = parseLab({ id: 'x', files: { 'lab.yaml': LAB, 'README.md': '', 'page.html': 'P{{word}}\n' } });
const images = toSpec(lab, 1, 0).images ?? [];
const pull = registryWith(images);

function start(reference: string, env: Record<string, string> = {}) {
  const pulled = pull(reference);
  if ('error' in pulled) throw new Error(pulled.error);
  const world = smallNetwork();
  const programs = { ...Object.fromEntries(declaredPrograms(images)), curl, nc };
  const server = host(world, 'web', '192.168.50.20', programs, Object.fromEntries(pulled.image.files));
  const client = host(world, 'client', '192.168.50.21', programs, {});
  const out = { log: '', answer: '' };
  const into = (name: 'log' | 'answer') =>
    sink((bytes) => {
      out[name] += new TextDecoder().decode(bytes);
    });
  const proc = server.start(pulled.image.cmd, { env, stdout: into('log'), stderr: into('log') });
  return {
    out,
    proc,
    clock: world.clock,
    async ask(...argv: string[]) {
      out.answer = '';
      await world.clock.advance(10);
      await world.clock.drive(client.start(argv, { stdout: into('answer') }).exited, 60_000);
      return out.answer;
    },
  };
}

const ENV = { DB_HOST: 'db', DB_PORT: '3306' };

test.each([
  [['/'], 'stock at db for nobody\n'],
  [['/', '-H', 'X-User: ann'], 'stock at db for ann\n'],
  [['/page'], 'Pzzz\n'],
  [['/files/page.html'], 'Pzzz\n'],
  [['/files/none'], '404 page not found\n'],
  [['/none'], '404 page not found\n'],
  [['/order'], 'Method Not Allowed\n'],
  [['/order', '-d', 'x=1', '-w', ' %{http_code}'], 'got x=1 201'],
  [['/back'], 'bad gateway: http://nowhere:1/: lookup nowhere: no such host\n'],
])('GET %j', async ([path = '', ...more], body) => {
  const service = start('quay.io/shop/stock:v2', ENV);
  expect(await service.ask('curl', '-s', `http://192.168.50.20:8080${path}`, ...more)).toBe(body);
});

test('logs its lines in time and a line a request', async () => {
  const service = start('quay.io/shop/stock:v1', ENV);
  await service.ask('curl', '-s', 'http://192.168.50.20:8080/none');
  await service.clock.advance(3500);
  expect(service.out.log).toBe('stock zzz on web\nGET /none 404\ntick\ntick\n');
});

test('answers lines over TCP', async () => {
  const service = start('quay.io/shop/stock:v1', ENV);
  await service.clock.advance(10);
  const connection = await service.clock.drive(service.proc.connect('127.0.0.1', 7000), 1000);
  await connection.write(new TextEncoder().encode('ADD pen\nwhat\nQUIT\n'));
  let got = '';
  const read = async () => {
    for (let bytes = await connection.read(); bytes; bytes = await connection.read())
      got += new TextDecoder().decode(bytes);
  };
  await service.clock.drive(read(), 1000);
  expect(got).toBe('hello\nOK pen\nwhat\nBYE\n');
});

test.each([
  ['quay.io/shop/stock:v1', { DB_HOST: 'db' }, 1, 'error: these environment variables are required: DB_PORT\n'],
  [
    'quay.io/shop/stock:v1',
    { DB_HOST: 'db', DB_PORT: 'x' },
    1,
    'error: these environment variables are required: DB_PORT\n',
  ],
  ['quay.io/shop/job', {}, 3, 'cannot connect to 192.168.50.20:9: connection refused\n'],
  ['quay.io/shop/short', {}, 4, 'working\n'],
])('%s with %j ends with %i', async (reference, env, code, log) => {
  const service = start(reference, env as Record<string, string>);
  expect(await service.clock.drive(service.proc.exited, 60_000)).toEqual({ code });
  expect(service.out.log).toBe(log);
});

test('stops on SIGTERM', async () => {
  const service = start('quay.io/shop/stock:v1', ENV);
  await service.clock.advance(10);
  service.proc.signal('SIGTERM');
  expect(await service.clock.drive(service.proc.exited, 1000)).toEqual({ code: 0 });
});

test.each([
  ['name: stock', /a repository with its registry/],
  ['name: quay.io/a/b\n    tcp: [{ port: 1, replies: [{ match: "(", answer: x }] }]', /not a regular expression/],
  ['name: quay.io/a/b\n    files: { /x: { from: nope } }', /nope: missing/],
  ['name: quay.io/a/b\n    http: [{ port: 1, routes: [{ path: /, body: b, file: /f }] }]', /one of body, file, root/],
])('a declaration is refused: %s', (entry, message) => {
  const text = LAB.replace(/images:[\s\S]*/, `images:\n  - ${entry}\n`);
  expect(() => parseLab({ id: 'x', files: { 'lab.yaml': text, 'README.md': '' } })).toThrow(message);
});
