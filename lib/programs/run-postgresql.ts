// run-postgresql, the entry point of Red Hat's PostgreSQL image: checks its environment, makes the database the first time,
// sets the passwords each time, then becomes the server. Texts: github.com/sclorg/postgresql-container, common.sh.
import type { Process, Program } from '../machine/process';
import { initdb } from './docker-postgres';
import type { Instance } from './postgres-engine/instance';
import { quoteIdent, quoteText } from './postgres-engine/quote';
import { isInitialized, openInstance, runAsSuperuser, type ServerOptions, serve } from './postgres-server/server';

const SCRIPTS = '/usr/share/container-scripts/postgresql';
const START_MS = 1000; // pg_ctl waits in rounds of a second

const VERSIONS: Record<string, string> = { '10': '10.23', '12': '12.20', '13': '13.16', '15': '15.8', '16': '16.4' };

export const runPostgresql: Program = async (proc) => {
  const { env } = proc;
  const datadir = '/var/lib/pgsql/data/userdata';
  const version = VERSIONS[env['POSTGRESQL_VERSION'] ?? '15'] ?? '15.8';
  const options: ServerOptions = {
    version,
    platform: 'gcc (GCC) 11.4.1 20231218 (Red Hat 11.4.1-3)',
    datadir,
    socketFolder: '/var/run/postgresql',
    port: 5432,
    maxConnections: Number(env['POSTGRESQL_MAX_CONNECTIONS'] ?? 100),
    superuser: 'postgres',
    trustLocal: true,
    trustAll: false,
  };
  const wrong = validate(env);
  if (wrong !== undefined) return usage(proc, wrong);
  const first = !isInitialized(proc, datadir);
  if (first && !(await mayWrite(proc))) return 1;
  if (first && !(await initdb(proc, datadir))) return 1;
  const instance = await openInstance(proc, options);
  if (first) await instance.initialize();
  await proc.print('waiting for server to start....');
  await proc.sleep(START_MS);
  await proc.print(' done\nserver started\n');
  if (first) await initialize(instance, env);
  else await proc.print(`/var/run/postgresql:5432 - accepting connections\n`);
  await proc.print(`=> sourcing ${SCRIPTS}/start/set_passwords.sh ...\n`);
  await setPasswords(proc, instance, env);
  await proc.print('waiting for server to shut down.... done\nserver stopped\nStarting server...\n');
  return serve(proc, instance, options);
};

/** What is wrong with the variables: a sentence, or an empty one when too few are given; undefined when they are right. */
function validate(env: Record<string, string>): string | undefined {
  const {
    POSTGRESQL_USER: user,
    POSTGRESQL_PASSWORD: password,
    POSTGRESQL_DATABASE: database,
    POSTGRESQL_ADMIN_PASSWORD: admin,
  } = env;
  const given = [user, password, database].filter((value) => value !== undefined).length;
  if (given > 0 && given < 3) return '';
  if ((user ?? '').length > 63) return 'PostgreSQL username too long (maximum 63 characters)';
  if ((database ?? '').length > 63) return 'Database name too long (maximum 63 characters)';
  return given === 0 && admin === undefined && env['POSTGRESQL_MIGRATION_REMOTE_HOST'] === undefined ? '' : undefined;
}

async function usage(proc: Process, error: string): Promise<number> {
  await proc.complain(`${error ? `error: ${error}\n` : ''}For general container run, you must either specify the following environment
variables:
  POSTGRESQL_USER  POSTGRESQL_PASSWORD  POSTGRESQL_DATABASE
Or the following environment variable:
  POSTGRESQL_ADMIN_PASSWORD
Or both.

To migrate data from different PostgreSQL container:
  POSTGRESQL_MIGRATION_REMOTE_HOST (hostname or IP address)
  POSTGRESQL_MIGRATION_ADMIN_PASSWORD (password of remote 'postgres' user)
And optionally:
  POSTGRESQL_MIGRATION_IGNORE_ERRORS=yes (default is 'no')

Optional settings:
  POSTGRESQL_MAX_CONNECTIONS (default: 100)
  POSTGRESQL_MAX_PREPARED_TRANSACTIONS (default: 0)
  POSTGRESQL_SHARED_BUFFERS (default: 32MB)

For more information see ${SCRIPTS}/README.md
within the container or visit https://github.com/sclorg/postgresql-container.
`);
  return 1;
}

async function mayWrite(proc: Process): Promise<boolean> {
  const stat = proc.files.find('/var/lib/pgsql/data');
  if (stat && proc.files.may(stat, 'write')) return true;
  await proc.complain(
    `mkdir: cannot create directory '/var/lib/pgsql/data/userdata': ${stat ? 'Permission denied' : 'No such file or directory'}\n`,
  );
  return false;
}

async function initialize(instance: Instance, env: Record<string, string>): Promise<void> {
  const { POSTGRESQL_USER: user, POSTGRESQL_DATABASE: database } = env;
  if (user === undefined || database === undefined) return;
  await runAsSuperuser(instance, 'postgres', `CREATE USER ${quoteIdent(user)}`);
  await runAsSuperuser(instance, 'postgres', `CREATE DATABASE ${quoteIdent(database)} OWNER ${quoteIdent(user)}`);
}

/** Passwords follow the environment at every start, so that they are changed by changing the deployment. */
async function setPasswords(proc: Process, instance: Instance, env: Record<string, string>): Promise<void> {
  const { POSTGRESQL_USER: user, POSTGRESQL_PASSWORD: password, POSTGRESQL_ADMIN_PASSWORD: admin } = env;
  const set = async (role: string, secret: string) => {
    if (!instance.globals.roles.has(role)) return;
    for (const tag of await runAsSuperuser(
      instance,
      'postgres',
      `ALTER USER ${quoteIdent(role)} ENCRYPTED PASSWORD ${quoteText(secret)}`,
    ))
      await proc.print(`${tag}\n`);
  };
  if (user !== undefined && password !== undefined) await set(user, password);
  if (admin !== undefined) await set('postgres', admin);
}
