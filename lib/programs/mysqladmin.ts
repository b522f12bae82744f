// mysqladmin: ping, status, create, drop, processlist, variables, version, shutdown, password.
import type { Process, Program } from '../machine/process';
import { askPassword, connect } from './mysql-client/connect';
import type { ClientConnection } from './mysql-client/connection';
import { table } from './mysql-client/format';
import { readOptions } from './mysql-client/options';
import { quoteName, quoteText } from './mysql-engine/describe';
import { SqlError } from './mysql-protocol/errors';

const FORMAT = { names: true, hex: false, raw: false };

export const mysqladmin: Program = async (proc) => {
  const options = readOptions(proc);
  if (typeof options === 'string') return proc.complain(`${options}\n`).then(() => 1);
  if (options.visiblePassword)
    await proc.complain('mysqladmin: [Warning] Using a password on the command line interface can be insecure.\n');
  if (options.askPassword) options.password = await askPassword(proc);
  const [command = '', ...rest] = options.rest;
  if (command === '') return proc.print('Usage: mysqladmin [OPTIONS] command command....\n').then(() => 1);
  let connection: ClientConnection;
  try {
    connection = await connect(proc, { ...options, database: undefined });
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    if (command === 'ping' && error.code === 1045) return proc.print('mysqld is alive\n').then(() => 0);
    await proc.complain(
      `\x07mysqladmin: connect to server at '${options.host ?? 'localhost'}' failed\nerror: '${error.message}'\n${hint(error.code, options.socket, options.host)}`,
    );
    return 1;
  }
  try {
    return await run(proc, connection, command, rest);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    await proc.complain(`mysqladmin: ${FAILURES[command] ?? `${command} failed`}; error: '${error.message}'\n`);
    return 1;
  } finally {
    await connection.quit();
  }
};

const FAILURES: Record<string, string> = {
  create: 'CREATE DATABASE failed',
  drop: 'DROP DATABASE failed',
  shutdown: 'shutdown failed',
};

function hint(code: number, socket: string, host: string | undefined): string {
  if (code === 2002) return `Check that mysqld is running and that the socket: '${socket}' exists!\n`;
  if (code !== 2003) return '';
  return `Check that mysqld is running on ${host} and that the port is 3306.\nYou can check this by doing 'telnet ${host} 3306'\n`;
}

async function run(proc: Process, connection: ClientConnection, command: string, rest: string[]): Promise<number> {
  const query = async (sql: string) => {
    for await (const result of connection.query(sql)) if (result.k === 'rows') await proc.print(table(result, FORMAT));
  };
  switch (command) {
    case 'ping':
      await connection.ping();
      await proc.print('mysqld is alive\n');
      return 0;
    case 'status':
      await proc.print(`${await connection.statistics()}\n`);
      return 0;
    case 'version':
      await proc.print(
        `mysqladmin  Ver 8.0.36 for Linux on x86_64 (Source distribution)\n\nServer version\t\t${connection.serverVersion}\nProtocol version\t10\n\n${await connection.statistics()}\n`,
      );
      return 0;
    case 'processlist':
      await query('SHOW PROCESSLIST');
      return 0;
    case 'variables':
      await query('SHOW GLOBAL VARIABLES');
      return 0;
    case 'extended-status':
      await query('SHOW GLOBAL STATUS');
      return 0;
    case 'create':
      await query(`CREATE DATABASE ${quoteName(rest[0] ?? '')}`);
      return 0;
    case 'drop':
      await query(`DROP DATABASE ${quoteName(rest[0] ?? '')}`);
      await proc.print(`Database "${rest[0] ?? ''}" dropped\n`);
      return 0;
    case 'password':
      await query(`ALTER USER CURRENT_USER() IDENTIFIED BY ${quoteText(rest[0] ?? '')}`);
      return 0;
    case 'flush-privileges':
    case 'reload':
      await query('FLUSH PRIVILEGES');
      return 0;
    case 'shutdown':
      await query('SHUTDOWN');
      return 0;
    default:
      await proc.complain(`mysqladmin: Unknown command: '${command}'\n`);
      return 1;
  }
}
