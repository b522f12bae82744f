// pg_isready: whether a server takes connections.
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { Client, ConnectFailure } from './postgres-client/connection';
import { connectionString, userName } from './postgres-client/options';

export const pgIsready: Program = async (proc) => {
  const options = getopt(proc.argv, 'd:h:p:U:t:qV?', {
    'dbname=': 'd',
    'host=': 'h',
    'port=': 'p',
    'username=': 'U',
    'timeout=': 't',
    quiet: 'q',
    version: 'V',
    help: '?',
  });
  if (options.error !== undefined)
    return proc
      .complain(`${options.error}\npg_isready: hint: Try "pg_isready --help" for more information.\n`)
      .then(() => 3);
  if (options.has('V')) return proc.print('pg_isready (PostgreSQL) 15.8\n').then(() => 0);
  const from = connectionString(options.get('d') ?? '');
  const host = options.get('h') ?? from['host'] ?? proc.env['PGHOST'] ?? '/var/run/postgresql';
  const port = Number(options.get('p') ?? from['port'] ?? proc.env['PGPORT'] ?? 5432);
  const state = await probe(proc, host, port, options.get('U') ?? userName(proc), from['dbname'] ?? 'postgres');
  if (!options.has('q'))
    await proc.print(`${host}:${port} - ${['accepting connections', 'rejecting connections', 'no response'][state]}\n`);
  return state;
};

async function probe(proc: Process, host: string, port: number, user: string, database: string): Promise<number> {
  try {
    (await Client.connect(proc, { host, port, user, database })).close();
    return 0;
  } catch (error) {
    if (!(error instanceof ConnectFailure)) throw error;
    // an answer of the server, even a refusal, shows that it is there
    return /no password supplied|FATAL: {2}(?!the database system)/.test(error.message) ? 0 : 2;
  }
}
