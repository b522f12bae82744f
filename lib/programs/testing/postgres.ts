// A PostgreSQL server on a small network, for tests.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sink } from '../../machine/descriptor';
import type { Program } from '../../machine/process';
import { host, smallNetwork } from '../../machine/testing/host';
import { State } from '../../sim/state';
import { dockerPostgres } from '../docker-postgres';
import { provideSqlWasm } from '../sql/engine';
import { provideParserWasm } from '../sql/postgres-parser';

const { resolve } = createRequire(import.meta.url);
provideSqlWasm(readFileSync(resolve('sql.js/dist/sql-wasm.wasm')));
provideParserWasm(() => readFileSync(resolve('libpg-query/wasm/libpg-query.wasm')));

const DATA = {
  '/var/lib/postgresql/data': { type: 'dir', mode: 0o777 },
  '/var/lib/pgsql/data': { type: 'dir', mode: 0o777 },
  '/bitnami/postgresql': { type: 'dir', mode: 0o777 },
  '/var/run/postgresql': { type: 'dir', mode: 0o777 },
  '/tmp': { type: 'dir', mode: 0o777 },
} as const;

/** A machine with the database's entry point, and one with clients. */
export function postgresWorld(
  clients: Record<string, Program> = {},
  state = new State(),
  entry: Program = dockerPostgres,
) {
  const world = smallNetwork();
  const server = host(world, 'db', '192.168.50.20', { postgres: entry, ...clients }, DATA, state);
  const client = host(world, 'client', '192.168.50.21', clients, { '/etc/hosts': '192.168.50.20 db\n' });
  return { ...world, server, client, state };
}

/** Starts the server and waits until it answers. */
export async function startPostgres(
  world: ReturnType<typeof postgresWorld>,
  env: Record<string, string> = { POSTGRES_PASSWORD: 'secret' },
  uid = 0,
) {
  let logs = '';
  const write = sink((bytes) => {
    logs += new TextDecoder().decode(bytes);
  });
  const proc = world.server.start(['/usr/bin/postgres'], {
    env: { PATH: '/usr/bin', ...env },
    uid,
    stdout: write,
    stderr: write,
  });
  for (
    let i = 0;
    i < 50 && !/listening on IPv4[\s\S]*ready to accept connections/.test(logs) && proc.state === 'running';
    i++
  )
    await world.clock.advance(1000);
  return { proc, logs: () => logs };
}
