// The entry point of Bitnami's PostgreSQL image. Texts: github.com/bitnami/containers, libpostgresql.sh.
import type { Process, Program } from '../machine/process';
import { quoteIdent, quoteText } from './postgres-engine/quote';
import { isInitialized, openInstance, runAsSuperuser, type ServerOptions, serve } from './postgres-server/server';

const START_MS = 1000;

export const bitnamiPostgresql: Program = async (proc) => {
  const variable = (name: string) => proc.env[`POSTGRESQL_${name}`] ?? proc.env[`POSTGRES_${name}`];
  const line = (level: string, text: string) =>
    proc.complain(
      `postgresql ${new Date(proc.machine.clock.now()).toISOString().slice(11, 22).replace('T', '')} ${level} ==> ${text}\n`,
    );
  const info = (text: string) => line('INFO ', text);
  await banner(proc, info);
  await info('** Starting PostgreSQL setup **');
  await info('Validating settings in POSTGRESQL_* env vars..');
  const password = variable('PASSWORD');
  if (!password && proc.env['ALLOW_EMPTY_PASSWORD'] !== 'yes') {
    await line(
      'ERROR',
      'The POSTGRESQL_PASSWORD environment variable is empty or not set. Set the environment variable ALLOW_EMPTY_PASSWORD=yes to allow the container to be started with blank passwords. This is recommended only for development.',
    );
    return 1;
  }
  const user = variable('USERNAME') ?? variable('USER') ?? 'postgres';
  const options: ServerOptions = {
    version: '17.0',
    platform: 'gcc (Debian 12.2.0-14) 12.2.0',
    datadir: '/bitnami/postgresql/data',
    socketFolder: '/tmp',
    port: Number(variable('PORT_NUMBER') ?? 5432),
    maxConnections: Number(variable('MAX_CONNECTIONS') ?? 100),
    superuser: 'postgres',
    trustLocal: !password,
    trustAll: !password,
  };
  if (!(await mayWrite(proc))) return 1;
  const first = !isInitialized(proc, options.datadir);
  await info('Loading custom pre-init scripts...');
  await info('Initializing PostgreSQL database...');
  await info(first ? 'pg_hba.conf file not detected. Generating it...' : 'Deploying PostgreSQL with persisted data...');
  if (first && !proc.files.exists(options.datadir)) proc.files.mkdir(options.datadir, 0o700);
  const instance = await openInstance(proc, options);
  if (first) {
    await info('Starting PostgreSQL in background...');
    await proc.sleep(START_MS);
    await instance.initialize();
    const run = (sql: string, database?: string) => runAsSuperuser(instance, 'postgres', sql, database);
    const admin = user === 'postgres' ? password : variable('POSTGRES_PASSWORD');
    await info('Changing password of postgres');
    if (admin) await run(`ALTER USER postgres PASSWORD ${quoteText(admin)}`);
    const database = variable('DATABASE') ?? variable('DB');
    if (user !== 'postgres') {
      await info(`Creating user ${user}`);
      await run(`CREATE ROLE ${quoteIdent(user)} WITH LOGIN CREATEDB PASSWORD ${quoteText(password ?? '')}`);
      await info(`Granting access to "${user}" to the database "${database ?? 'postgres'}"`);
    }
    if (database && database !== 'postgres')
      await run(`CREATE DATABASE ${quoteIdent(database)} OWNER ${quoteIdent(user)}`);
  }
  await info('Configuring replication parameters');
  await info('Configuring fsync');
  await info('Loading custom scripts...');
  await info('Enabling remote connections');
  await info('** PostgreSQL setup finished! **');
  await proc.complain('\n');
  await info('** Starting PostgreSQL **');
  return serve(proc, instance, options);
};

async function banner(proc: Process, info: (text: string) => Promise<void>): Promise<void> {
  await info('');
  await info('Welcome to the Bitnami postgresql container');
  await info('Subscribe to project updates by watching https://github.com/bitnami/containers');
  await info(
    'Did you know there are enterprise versions of the Bitnami catalog? For enhanced secure software supply chain features, unlimited pulls from Docker, LTS support, or application customization, see Bitnami Premium or Tanzu Application Catalog. See https://www.arrow.com/globalecs/na/vendors/bitnami/ for more information.',
  );
  await proc.complain('\n');
}

async function mayWrite(proc: Process): Promise<boolean> {
  const stat = proc.files.find('/bitnami/postgresql');
  if (stat && proc.files.may(stat, 'write')) return true;
  await proc.complain("mkdir: cannot create directory '/bitnami/postgresql/data': Permission denied\n");
  return false;
}
