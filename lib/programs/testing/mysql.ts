// A MySQL server on a small network, for tests.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sink } from '../../machine/descriptor';
import type { Machine } from '../../machine/machine';
import { host, smallNetwork } from '../../machine/testing/host';
import type { Clock } from '../../sim/clock';
import { State } from '../../sim/state';
import { mysql } from '../mysql';
import { mysqladmin } from '../mysqladmin';
import { mysqldump } from '../mysqldump';
import { runMysqld } from '../run-mysqld';
import { provideSqlWasm } from '../sql/engine';

provideSqlWasm(readFileSync(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm')));

export const ENV = {
  MYSQL_USER: 'user1',
  MYSQL_PASSWORD: 'mypa55w0rd',
  MYSQL_DATABASE: 'items',
  MYSQL_ROOT_PASSWORD: 'r00t',
};
const DATA = {
  '/var/lib/mysql': { type: 'dir', mode: 0o777 },
  '/var/lib/mysql/data': { type: 'dir', mode: 0o777 },
} as const;

/** A machine whose only program is the database's entry point, and one with clients. */
export function databaseWorld(state = new State()) {
  const world = smallNetwork();
  const server = host(world, 'db', '192.168.50.20', { 'run-mysqld': runMysqld, mysql, mysqladmin }, DATA, state);
  const client = host(
    world,
    'client',
    '192.168.50.21',
    { mysql, mysqladmin, mysqldump },
    { '/etc/hosts': '192.168.50.20 db\n' },
  );
  return { ...world, server, client, state };
}

/** Starts the server and waits until it answers. */
export async function startServer(
  world: ReturnType<typeof databaseWorld>,
  env: Record<string, string> = ENV,
  uid = 1000,
) {
  let logs = '';
  const write = sink((bytes) => {
    logs += new TextDecoder().decode(bytes);
  });
  const proc = world.server.start(['/usr/bin/run-mysqld'], { env, uid, stdout: write, stderr: write });
  for (let i = 0; i < 50 && !logs.includes('ready for connections. Version') && proc.state === 'running'; i++)
    await world.clock.advance(1000);
  return { proc, logs: () => logs };
}

/** Runs a command without a terminal; gives what it printed. */
export async function run(
  world: { clock: Clock },
  machine: Machine,
  argv: string[],
  input = '',
  env: Record<string, string> = {},
) {
  let [out, err] = ['', ''];
  const chunks = input ? [new TextEncoder().encode(input)] : [];
  const proc = machine.start(argv, {
    env: { PATH: '/usr/bin', ...env },
    stdin: { name: 'input', read: async () => chunks.shift() ?? null, write: async () => {}, close: () => {} },
    stdout: sink((bytes) => {
      out += new TextDecoder().decode(bytes);
    }),
    stderr: sink((bytes) => {
      err += new TextDecoder().decode(bytes);
    }),
  });
  const { code } = await world.clock.drive(proc.exited, 600_000);
  return { out, err, code };
}

/** Runs a command on a terminal; gives the screen's bytes. */
export async function runOnTerminal(
  world: ReturnType<typeof databaseWorld>,
  machine: Machine,
  argv: string[],
  typed: string[] = [],
) {
  const terminal = machine.terminal({ columns: 80, rows: 24 });
  let screen = '';
  void (async () => {
    for (let chunk = await terminal.output.read(); chunk; chunk = await terminal.output.read())
      screen += new TextDecoder().decode(chunk);
  })();
  const proc = machine.start(argv, { env: { PATH: '/usr/bin' }, terminal });
  for (const text of typed) {
    await world.clock.advance(100);
    terminal.input(new TextEncoder().encode(text));
  }
  const { code } = await world.clock.drive(proc.exited, 600_000);
  await world.clock.settle();
  return { screen: screen.replaceAll('\r\n', '\n'), code };
}
