// psql: the terminal of PostgreSQL. Statements and backslash commands from its arguments, files or the terminal.
import type { Process, Program } from '../machine/process';
import { askPassword } from './mysql-client/connect';
import { Client, ConnectFailure, Lost } from './postgres-client/connection';
import { readOptions } from './postgres-client/options';
import { PSQL_VERSION, Psql } from './postgres-client/shell';

export const psql: Program = async (proc) => {
  const options = readOptions(proc);
  if ('error' in options)
    return proc.complain(`${options.error}\npsql: hint: Try "psql --help" for more information.\n`).then(() => 1);
  if ('show' in options) {
    await proc.print(options.show === 'version' ? `psql (PostgreSQL) ${versionOf(proc)}\n` : HELP);
    return 0;
  }
  if (options.askPassword === 'always') options.target.password = await promptPassword(proc, options.target.user);
  const client = await connect(proc, options.target, options.askPassword === 'wanted');
  if (typeof client === 'string') return proc.complain(`psql: error: ${client}\n`).then(() => 2);
  const shell = new Psql(proc, client, options);
  try {
    return await shell.main();
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    await proc.complain(
      'server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.\nThe connection to the server was lost. Attempting reset: Failed.\n',
    );
    return 2;
  } finally {
    shell.client.close();
  }
};

async function connect(
  proc: Process,
  target: Parameters<typeof Client.connect>[1],
  mayAsk: boolean,
): Promise<Client | string> {
  try {
    return await Client.connect(proc, target);
  } catch (error) {
    if (!(error instanceof ConnectFailure)) throw error;
    if (!error.wantsPassword || !mayAsk || !proc.terminal) return error.message;
    return connect(proc, { ...target, password: await promptPassword(proc, target.user) }, false);
  }
}

const promptPassword = (proc: Process, user: string): Promise<string> =>
  askPassword(proc, `Password for user ${user}: `);

const HELP = `psql is the PostgreSQL interactive terminal.

Usage:
  psql [OPTION]... [DBNAME [USERNAME]]

General options:
  -c, --command=COMMAND    run only single command (SQL or internal) and exit
  -d, --dbname=DBNAME      database name to connect to
  -f, --file=FILENAME      execute commands from file, then exit
  -l, --list               list available databases, then exit
  -v, --set=, --variable=NAME=VALUE
                           set psql variable NAME to VALUE
  -V, --version            output version information, then exit
  -X, --no-psqlrc          do not read startup file (~/.psqlrc)
  -1 ("one"), --single-transaction
                           execute as a single transaction (if non-interactive)
  -?, --help[=options]     show this help, then exit

Output format options:
  -A, --no-align           unaligned table output mode
      --csv                CSV (Comma-Separated Values) table output mode
  -F, --field-separator=STRING
  -t, --tuples-only        print rows only
  -x, --expanded           turn on expanded table output

Connection options:
  -h, --host=HOSTNAME      database server host or socket directory
  -p, --port=PORT          database server port (default: "5432")
  -U, --username=USERNAME  database user name
  -w, --no-password        never prompt for password
  -W, --password           force password prompt (should happen automatically)

Report bugs to <pgsql-bugs@lists.postgresql.org>.
PostgreSQL home page: <https://www.postgresql.org/>
`;

/** As the official image says it: `16.10 (Debian 16.10-1.pgdg120+1)`. */
function versionOf(proc: Process): string {
  const full = proc.env['PG_VERSION'];
  if (!full) return PSQL_VERSION;
  return full.includes('-') ? `${full.replace(/-.*$/, '')} (Debian ${full})` : full;
}
