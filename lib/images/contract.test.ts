// What holds for every image: it is there under all its names, its command starts, its ports open, and it ends when it is told to.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { sink } from '../machine/descriptor';
import { FileSystem, imageFiles, Mounts } from '../machine/fs';
import { Machine } from '../machine/machine';
import { NetStack } from '../machine/net';
import { smallNetwork } from '../machine/testing/host';
import { toPem } from '../machine/tls';
import { programs } from '../programs';
import { provideSqlWasm } from '../programs/sql/engine';
import { provideParserWasm } from '../programs/sql/postgres-parser';
import { State } from '../sim/state';
import type { Image } from './image';
import { images, pull } from './index';

const { resolve } = createRequire(import.meta.url);
provideSqlWasm(readFileSync(resolve('sql.js/dist/sql-wasm.wasm')));
provideParserWasm(() => readFileSync(resolve('libpg-query/wasm/libpg-query.wasm')));

/** What images demand of who runs them. */
const DEMANDED: Record<string, string> = {
  MYSQL_ROOT_PASSWORD: 'secret',
  MARIADB_ROOT_PASSWORD: 'secret',
  MYSQL_DATABASE: 'items',
  MYSQL_USER: 'user1',
  MYSQL_PASSWORD: 'secret',
  POSTGRES_PASSWORD: 'secret',
  POSTGRESQL_ADMIN_PASSWORD: 'secret',
  POSTGRESQL_PASSWORD: 'secret',
  POSTGRESQL_USER: 'user1',
  POSTGRESQL_DATABASE: 'items',
  ECHO_TEXT: 'hello',
};
const CERTIFICATE = toPem({
  subject: 'CN=web',
  issuer: 'CN=web',
  signedBy: 'web',
  key: 'web',
  dnsNames: ['web'],
  ipAddresses: [],
  notBefore: 0,
  notAfter: Date.UTC(2040, 0, 1),
});
const SECRETS = ['/usr/local/etc/ssl/certs', '/run/secrets/nginx'];

/** Statuses of what ends at once because it wants arguments, a database, or a service account. */
const ENDS: [RegExp, number][] = [
  [/\/(curl|alpine-curl):/, 2],
  [/\/socat:/, 1],
  [/famous-quotes|haproxy-router|cuda-vector-add/, 1],
];
/** Serves until its grace period is over, or a minute more. */
const DEAF = /\/(coredns|serve_hostname):/;
const WAIT_MS = 90_000;

function userOf(image: Image): { uid: number; gid: number } {
  const passwd = new TextDecoder().decode(image.files.get('/etc/passwd')?.data);
  const row = passwd.split('\n').find((line) => line.startsWith(`${image.user}:`) || line.split(':')[2] === image.user);
  return { uid: Number(row?.split(':')[2] ?? image.user), gid: Number(row?.split(':')[3] ?? 0) };
}

/** Starts the image's own command as a container does; gives what came of it. */
async function start(image: Image) {
  const world = smallNetwork();
  const address = '192.168.50.20';
  world.network.putOutsideHost({ name: 'app', addresses: [address] });
  let log = '';
  const output = sink((bytes) => {
    log += new TextDecoder().decode(bytes);
  });
  const root = new FileSystem(image.files, new State().table('fs'), () => world.clock.now());
  const mounts = new Mounts(root);
  const secret = imageFiles({ '/tls.crt': CERTIFICATE, '/tls.key': 'key\n' });
  for (const at of SECRETS) mounts.mount(at, new FileSystem(secret, new State().table(at), () => world.clock.now()));
  const machine = new Machine({
    id: 'app',
    hostname: 'app',
    clock: world.clock,
    random: world.random.fork('app'),
    mounts,
    net: new NetStack(world.fabric, 'outside/app', () => [address]),
    programs,
    lowPorts: true,
    libc: image.libc,
    onBug: (error) => {
      throw error;
    },
  });
  const proc = machine.start([...image.entrypoint, ...image.cmd], {
    env: { ...image.env, ...DEMANDED, HOSTNAME: 'app' },
    cwd: image.workdir || '/',
    ...userOf(image),
    stdout: output,
    stderr: output,
  });
  const open = () => machine.net.listeners().filter(({ protocol }) => protocol === 'TCP');
  const main = image.ports.find(({ protocol }) => protocol === 'TCP')?.port; // the others may wait for a certificate
  const settled = () => proc.state === 'zombie' || open().some(({ port }) => port === main);
  for (let waited = 0; waited < WAIT_MS && !settled(); waited += 500) await world.clock.advance(500);
  return { world, proc, log: () => log, ports: open().map(({ port }) => port), main };
}

const named = images.map((image) => [`${image.repositories[0]}:${image.tags.all()[0]}`, image] as const);

test.each(named)('%s can be pulled under all its names', (_name, image) => {
  for (const repository of image.repositories)
    for (const tag of image.tags.all()) expect(pull(`${repository}:${tag}`)).toHaveProperty('digest');
});

test.each(named)('%s starts, listens on its port, and ends on SIGTERM', async (name, image) => {
  const { world, proc, log, ports, main } = await start(image);
  if (proc.state === 'zombie') {
    const code = ENDS.find(([names]) => names.test(name))?.[1] ?? 0;
    expect(proc.status?.code, log()).toBe(code);
    return;
  }
  if (main === undefined) return; // the first process of a container hears no signal that it does not handle
  expect(ports, log()).toContain(main);
  if (DEAF.test(name)) return;
  proc.signal('SIGTERM');
  await world.clock.advance(30_000);
  expect(proc.state, log()).toBe('zombie');
});
