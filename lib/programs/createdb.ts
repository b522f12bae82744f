// createdb, dropdb, createuser, dropuser: one statement each.
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { Client, ConnectFailure, messageText } from './postgres-client/connection';
import { userName } from './postgres-client/options';
import { quoteIdent } from './postgres-engine/quote';

const CONNECTION = { 'host=': 'h', 'port=': 'p', 'username=': 'U', 'no-password': 'w', password: 'W' };

type Statement = (
  name: string,
  has: (letter: string) => boolean,
  get: (letter: string) => string | undefined,
) => string;

/** A program that runs the statement that its options make. */
const program =
  (short: string, long: Record<string, string>, statement: Statement, what: string): Program =>
  async (proc) => {
    const options = getopt(proc.argv, `h:p:U:wWe?${short}`, { ...CONNECTION, ...long });
    const hint = `${proc.name}: hint: Try "${proc.name} --help" for more information.\n`;
    if (options.error !== undefined) return proc.complain(`${options.error}\n${hint}`).then(() => 1);
    const user = options.get('U') ?? proc.env['PGUSER'] ?? userName(proc);
    const name =
      options.rest[0] ??
      (what === 'database' && proc.name === 'createdb' ? (proc.env['PGDATABASE'] ?? user) : undefined);
    if (name === undefined)
      return proc.complain(`${proc.name}: error: missing required argument ${what} name\n${hint}`).then(() => 1);
    const target = {
      host: options.get('h') ?? proc.env['PGHOST'] ?? '/var/run/postgresql',
      port: Number(options.get('p') ?? proc.env['PGPORT'] ?? 5432),
      user,
      database: 'postgres',
      password: proc.env['PGPASSWORD'],
    };
    return run(proc, target, statement(name, options.has, options.get), `${what}`, name);
  };

async function run(
  proc: Process,
  target: Parameters<typeof Client.connect>[1],
  sql: string,
  what: string,
  name: string,
): Promise<number> {
  let client: Client;
  try {
    client = await Client.connect(proc, target);
  } catch (error) {
    if (!(error instanceof ConnectFailure)) throw error;
    await proc.complain(`${proc.name}: error: ${error.message}\n`);
    return 1;
  }
  try {
    const [reply] = await client.all(sql);
    if (!reply?.error) return 0;
    const doing = /^CREATE/.test(sql)
      ? what === 'database'
        ? 'database creation failed'
        : 'creation of new role failed'
      : what === 'database'
        ? 'database removal failed'
        : `removal of role "${name}" failed`;
    await proc.complain(`${proc.name}: error: ${doing}: ${messageText(reply.error, sql)}`);
    return 1;
  } finally {
    client.close();
  }
}

export const createdb = program(
  'O:T:E:',
  { 'owner=': 'O', 'template=': 'T', 'encoding=': 'E' },
  (name, _has, get) =>
    `CREATE DATABASE ${quoteIdent(name)}${get('O') ? ` OWNER ${quoteIdent(get('O') ?? '')}` : ''}${get('T') ? ` TEMPLATE ${quoteIdent(get('T') ?? '')}` : ''}`,
  'database',
);
export const dropdb = program(
  'fi',
  { force: 'f', 'if-exists': 'ie' },
  (name, has) => `DROP DATABASE ${has('ie') ? 'IF EXISTS ' : ''}${quoteIdent(name)}${has('f') ? ' WITH (FORCE)' : ''}`,
  'database',
);
export const createuser = program(
  'sdrlSDRLP',
  { superuser: 's', createdb: 'd', createrole: 'r' },
  (name, has) =>
    `CREATE ROLE ${quoteIdent(name)} ${has('s') ? 'SUPERUSER' : 'NOSUPERUSER'} ${has('d') ? 'CREATEDB' : 'NOCREATEDB'} ${has('r') ? 'CREATEROLE' : 'NOCREATEROLE'} INHERIT LOGIN`,
  'role',
);
export const dropuser = program(
  'i',
  { 'if-exists': 'ie' },
  (name, has) => `DROP ROLE ${has('ie') ? 'IF EXISTS ' : ''}${quoteIdent(name)}`,
  'role',
);
