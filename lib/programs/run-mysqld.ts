// run-mysqld, the entry point of Red Hat's MySQL image: checks its environment, makes the database the first time, sets the
// passwords each time, then becomes the server. Texts: github.com/sclorg/mysql-container, root-common.
import type { Process, Program } from '../machine/process';
import { quoteText } from './mysql-engine/describe';
import type { Instance } from './mysql-engine/instance';
import {
  isInitialized,
  openInstance,
  runAsRoot,
  type ServerOptions,
  serve,
  startLog,
  VERSION,
} from './mysql-server/server';

const IDENTIFIER = '^[a-zA-Z0-9_]+$';
const PASSWORD = '^[a-zA-Z0-9_~!@#$%^&*()-=<>,.?;:|]+$';

export const runMysqld: Program = async (proc) => {
  const options: ServerOptions = {
    ...flavourOf(proc.env['MYSQL_VERSION'] ?? ''),
    datadir: '/var/lib/mysql/data',
    socket: '/var/lib/mysql/mysql.sock',
    port: 3306,
    maxConnections: Number(proc.env['MYSQL_MAX_CONNECTIONS'] ?? 151),
  };
  await sourcing(proc, '20-validate-variables.sh');
  const env = { ...proc.env };
  const wrong = validate(env);
  if (wrong !== undefined) return usage(proc, wrong);
  for (const script of ['25-validate-replication-variables.sh', '30-base-config.sh']) await sourcing(proc, script);
  await info(proc, 'Processing basic MySQL configuration files ...');
  await sourcing(proc, '60-replication-config.sh');
  await sourcing(proc, '70-s2i-config.sh');
  await info(proc, 'Processing additional arbitrary  MySQL configuration provided by s2i ...');
  for (const file of ['20-default-authentication-plugin.cnf', '40-paas.cnf', '50-my-tuning.cnf'])
    await sourcing(proc, file);
  if (!(await mayWrite(proc, options.datadir))) return 1;
  const first = !isInitialized(proc, options.datadir);
  const instance = await start(proc, options, first);
  if (first) await initialize(proc, instance, env);
  await sourcing(proc, '40-datadir-action.sh');
  await sourcing(proc, '50-passwd-change.sh');
  await setPasswords(proc, instance, env);
  await info(proc, 'Shutting down MySQL ...');
  await info(
    proc,
    'Cleaning up environment variables MYSQL_USER, MYSQL_PASSWORD, MYSQL_DATABASE and MYSQL_ROOT_PASSWORD ...',
  );
  await info(proc, 'Running final exec -- Only MySQL server logs after this point');
  proc.argv = [options.binary, '--defaults-file=/etc/my.cnf'];
  await startLog(proc, options);
  return serve(proc, instance, options);
};

/** Red Hat's MariaDB images run the same scripts. */
function flavourOf(line: string): Pick<ServerOptions, 'binary' | 'comment' | 'version'> {
  if (/^1\d\./.test(line)) {
    const version = `${line}.${MARIADB_LAST[line] ?? 0}-MariaDB`;
    return { binary: '/usr/libexec/mariadbd', comment: 'MariaDB Server', version };
  }
  const version = line === '5.7' ? '5.7.24' : line.startsWith('8.') && line !== '8.0' ? `${line}.4` : VERSION;
  return { binary: '/usr/libexec/mysqld', comment: 'Source distribution', version };
}

const MARIADB_LAST: Record<string, number> = { '10.2': 44, '10.3': 39, '10.5': 27, '10.11': 10, '11.8': 3 };

const sourcing = (proc: Process, script: string) => proc.print(`=> sourcing ${script} ...\n`);

const info = (proc: Process, text: string) =>
  proc.print(`---> ${new Date(proc.machine.clock.now()).toISOString().slice(11, 19)}     ${text}\n`);

/** What is wrong with the variables: a sentence, or an empty one when too few are given; undefined when they are right. */
function validate(env: Record<string, string>): string | undefined {
  const { MYSQL_USER: user, MYSQL_PASSWORD: password, MYSQL_ROOT_PASSWORD: root, MYSQL_DATABASE: database } = env;
  const identifier = new RegExp(IDENTIFIER);
  const secret = new RegExp(PASSWORD);
  let userGiven = user !== undefined && password !== undefined;
  let rootGiven = root !== undefined;
  if (userGiven) {
    if (!identifier.test(user as string)) return 'Invalid MySQL username';
    if ((user as string).length > 32) return 'MySQL username too long (maximum 32 characters)';
    if (!secret.test(password as string)) return 'Invalid password';
  }
  if (root !== undefined && !secret.test(root)) return 'Invalid root password';
  if (userGiven && user === 'root') {
    if (rootGiven)
      return "When setting MYSQL_USER to 'root' you can only set either MYSQL_PASSWORD or MYSQL_ROOT_PASSWORD";
    env['MYSQL_ROOT_PASSWORD'] = password as string;
    delete env['MYSQL_USER'];
    delete env['MYSQL_PASSWORD'];
    [userGiven, rootGiven] = [false, true];
  }
  if (!userGiven && !rootGiven) return '';
  if (!rootGiven && database === undefined) return 'You need to specify database name or root password';
  if (database !== undefined) {
    if (!identifier.test(database)) return 'Invalid database name';
    if (database.length > 64) return 'Database name too long (maximum 64 characters)';
  }
  const half = env['MYSQL_USER'] !== undefined || env['MYSQL_PASSWORD'] !== undefined || database !== undefined;
  // a root password with a database alone is refused as well
  return half && !userGiven ? '' : undefined;
}

async function usage(proc: Process, error: string): Promise<number> {
  await proc.print(`${error ? `error: ${error}\n` : ''}You must either specify the following environment variables:
  MYSQL_USER (regex: '${IDENTIFIER}')
  MYSQL_PASSWORD (regex: '${PASSWORD}')
  MYSQL_DATABASE (regex: '${IDENTIFIER}')
Or the following environment variable:
  MYSQL_ROOT_PASSWORD (regex: '${PASSWORD}')
Or both.
Optional Settings:
  MYSQL_LOWER_CASE_TABLE_NAMES (default: 0)
  MYSQL_LOG_QUERIES_ENABLED (default: 0)
  MYSQL_MAX_CONNECTIONS (default: 151)
  MYSQL_FT_MIN_WORD_LEN (default: 4)
  MYSQL_FT_MAX_WORD_LEN (default: 20)
  MYSQL_AIO (default: 1)
  MYSQL_KEY_BUFFER_SIZE (default: 32M or 10% of available memory)
  MYSQL_MAX_ALLOWED_PACKET (default: 200M)
  MYSQL_TABLE_OPEN_CACHE (default: 400)
  MYSQL_SORT_BUFFER_SIZE (default: 256K)
  MYSQL_READ_BUFFER_SIZE (default: 8M or 5% of available memory)
  MYSQL_INNODB_BUFFER_POOL_SIZE (default: 32M or 50% of available memory)
  MYSQL_INNODB_LOG_FILE_SIZE (default: 8M or 15% of available memory)
  MYSQL_INNODB_LOG_BUFFER_SIZE (default: 8M or 15% of available memory)

For more information, see https://github.com/sclorg/mysql-container
`);
  return 1;
}

/** A volume that this user may not write to stops the server here, as it stops the real one. */
async function mayWrite(proc: Process, datadir: string): Promise<boolean> {
  const stat = proc.files.find(datadir);
  if (stat && proc.files.may(stat, 'write')) return true;
  await info(proc, 'Initializing database ...');
  await info(proc, `Running /usr/libexec/mysqld --initialize --datadir=${datadir}`);
  const why = stat ? 'Permission denied' : 'No such file or directory';
  await proc.complain(`mysqld: Can't create directory '${datadir}/' (OS errno ${stat ? 13 : 2} - ${why})\n`);
  return false;
}

async function start(proc: Process, options: ServerOptions, first: boolean): Promise<Instance> {
  if (first) {
    await info(proc, 'Initializing database ...');
    await info(proc, `Running /usr/libexec/mysqld --initialize --datadir=${options.datadir}`);
  }
  const instance = await openInstance(proc, options);
  await info(proc, 'Starting MySQL server with disabled networking ...');
  await info(proc, 'Waiting for MySQL to start ...');
  await startLog(proc, options);
  await proc.sleep(START_MS);
  await info(proc, 'MySQL started successfully');
  return instance;
}

const START_MS = 1000; // one round of waiting, as the script's `sleep 1`

async function initialize(proc: Process, instance: Instance, env: Record<string, string>): Promise<void> {
  const { MYSQL_USER: user, MYSQL_PASSWORD: password, MYSQL_DATABASE: database } = env;
  if (env['MYSQL_ROOT_PASSWORD'] !== undefined) await info(proc, 'Setting password for MySQL root user ...');
  if (user !== undefined) {
    await info(proc, `Creating user specified by MYSQL_USER (${user}) ...`);
    await runAsRoot(instance, `CREATE USER ${quoteText(user)}@'%' IDENTIFIED BY ${quoteText(password ?? '')}`);
  }
  if (database !== undefined) {
    await info(proc, `Creating database ${database} ...`);
    await runAsRoot(instance, `CREATE DATABASE \`${database}\``);
    if (user !== undefined) {
      await info(proc, `Granting privileges to user ${user} for ${database} ...`);
      await runAsRoot(instance, `GRANT ALL ON \`${database}\`.* TO ${quoteText(user)}@'%'`);
    }
  }
  await info(proc, 'Initialization finished');
}

/** Passwords follow the environment at every start, so that they are changed by changing the deployment. */
async function setPasswords(proc: Process, instance: Instance, env: Record<string, string>): Promise<void> {
  await info(proc, 'Setting passwords ...');
  const { MYSQL_USER: user, MYSQL_PASSWORD: password, MYSQL_ROOT_PASSWORD: root } = env;
  if (user !== undefined && password !== undefined) {
    if (instance.accounts.find({ user, host: '%' }))
      await runAsRoot(instance, `ALTER USER ${quoteText(user)}@'%' IDENTIFIED BY ${quoteText(password)}`);
    else await info(proc, `WARNING: User ${user} does not exist in database. Password not changed.`);
  }
  if (root !== undefined)
    await runAsRoot(
      instance,
      `CREATE USER IF NOT EXISTS 'root'@'%'; ALTER USER 'root'@'%' IDENTIFIED BY ${quoteText(root)}; GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION`,
    );
  else await runAsRoot(instance, `DROP USER IF EXISTS 'root'@'%'`);
}
