// The entry point of Bitnami's MySQL and MariaDB images. Texts: github.com/bitnami/containers, libmysql.sh.
import type { Process, Program } from '../machine/process';
import { quoteText } from './mysql-engine/describe';
import { isInitialized, openInstance, runAsRoot, type ServerOptions, serve, startLog } from './mysql-server/server';

const START_MS = 1000;

interface Flavour {
  /** As its lines and folders name it: `mysql`. */
  name: 'mysql' | 'mariadb';
  binary: string;
  comment: string;
  version: (release: string) => string;
}

const bitnami =
  ({ name, binary, comment, version }: Flavour): Program =>
  async (proc) => {
    const prefix = name.toUpperCase();
    const variable = (key: string): string | undefined => {
      const file = proc.env[`${prefix}_${key}_FILE`];
      return file && proc.files.exists(file) ? proc.files.readText(file).trim() : proc.env[`${prefix}_${key}`];
    };
    const line = (level: string, text: string) =>
      proc.complain(`${name} ${new Date(proc.machine.clock.now()).toISOString().slice(11, 22)} ${level} ==> ${text}\n`);
    const info = (text: string) => line('INFO ', text);
    await info('');
    await info(`Welcome to the Bitnami ${name} container`);
    await info('Subscribe to project updates by watching https://github.com/bitnami/containers');
    await info('');
    await info(`** Starting ${name === 'mysql' ? 'MySQL' : 'MariaDB'} setup **`);
    await info(`Validating settings in MYSQL_*/MARIADB_* env vars`);
    const root = variable('ROOT_PASSWORD');
    if (!root && proc.env['ALLOW_EMPTY_PASSWORD'] !== 'yes') {
      await line(
        'ERROR',
        `The ${prefix}_ROOT_PASSWORD environment variable is empty or not set. Set the environment variable ALLOW_EMPTY_PASSWORD=yes to allow the container to be started with blank passwords. This is recommended only for development.`,
      );
      return 1;
    }
    const folder = `/bitnami/${name}`;
    const stat = proc.files.find(folder);
    if (!stat || !proc.files.may(stat, 'write')) {
      await proc.complain(`mkdir: cannot create directory '${folder}/data': Permission denied\n`);
      return 1;
    }
    const options: ServerOptions = {
      binary,
      comment,
      version: version(proc.env['APP_VERSION'] ?? ''),
      datadir: `${folder}/data`,
      socket: `/opt/bitnami/${name}/tmp/mysql.sock`,
      port: Number(variable('PORT_NUMBER') ?? 3306),
      maxConnections: 151,
    };
    const first = !isInitialized(proc, options.datadir);
    await info(`Initializing ${name} database`);
    if (!first) await info('Using persisted data');
    const instance = await openInstance(proc, options);
    if (first) {
      await info('Installing database');
      await info(`Starting ${name} in background`);
      await proc.sleep(START_MS);
      await configure(proc, root ?? '', variable, info, (sql) => runAsRoot(instance, sql));
    }
    await info(`** ${name === 'mysql' ? 'MySQL' : 'MariaDB'} setup finished! **`);
    await info(`** Starting ${name === 'mysql' ? 'MySQL' : 'MariaDB'} **`);
    await startLog(proc, options);
    return serve(proc, instance, options);
  };

async function configure(
  proc: Process,
  root: string,
  variable: (key: string) => string | undefined,
  info: (text: string) => Promise<void>,
  run: (sql: string) => Promise<void>,
): Promise<void> {
  await info('Configuring authentication');
  const password = quoteText(root);
  await run(
    `ALTER USER 'root'@'localhost' IDENTIFIED BY ${password}; CREATE USER 'root'@'%' IDENTIFIED BY ${password}; GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION`,
  );
  const [database, user] = [variable('DATABASE'), variable('USER')];
  if (database !== undefined) await run(`CREATE DATABASE IF NOT EXISTS \`${database}\``);
  if (user !== undefined) {
    await info(`Creating user ${user}`);
    await run(`CREATE USER ${quoteText(user)}@'%' IDENTIFIED BY ${quoteText(variable('PASSWORD') ?? '')}`);
    if (database !== undefined) await run(`GRANT ALL ON \`${database}\`.* TO ${quoteText(user)}@'%'`);
  }
  const scripts = '/docker-entrypoint-initdb.d';
  for (const file of proc.files.exists(scripts) ? proc.files.list(scripts) : []) {
    if (!file.endsWith('.sql')) continue;
    await info(`Loading user's custom files from ${scripts}`);
    await run(`${database === undefined ? '' : `USE \`${database}\`; `}${proc.files.readText(`${scripts}/${file}`)}`);
  }
}

export const bitnamiMysql = bitnami({
  name: 'mysql',
  binary: '/opt/bitnami/mysql/bin/mysqld',
  comment: 'Source distribution',
  version: (release) => release || '8.4.3',
});

export const bitnamiMariadb = bitnami({
  name: 'mariadb',
  binary: '/opt/bitnami/mariadb/sbin/mariadbd',
  comment: 'Source distribution',
  version: (release) => `${release || '11.4.4'}-MariaDB`,
});
