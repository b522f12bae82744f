// docker-entrypoint.sh of the official mysql and mariadb images: what they demand, make at first, and log.
import type { Process, Program } from '../machine/process';
import { quoteText } from './mysql-engine/describe';
import { isInitialized, openInstance, runAsRoot, type ServerOptions, serve, startLog } from './mysql-server/server';

interface Flavour {
  /** As the log names it: `MySQL Server`. */
  product: string;
  /** The image's variable with its package's version, and the version of an image without one. */
  version: { variable: string; otherwise: string };
  options: (release: string) => Pick<ServerOptions, 'binary' | 'comment' | 'version'>;
  /** Prefixes of its variables, the first wins. */
  prefixes: string[];
}

const entrypoint =
  (flavour: Flavour): Program =>
  async (proc) => {
    const [command = 'mysqld', ...rest] = proc.argv.slice(1);
    if (!/^(mysqld|mariadbd)$/.test(command)) {
      const child = proc.spawn([command, ...rest]);
      return (await child.exited).code;
    }
    const variable = (name: string): string | undefined =>
      flavour.prefixes
        .map((prefix) => proc.env[`${prefix}_${name}`])
        .find((value) => value !== undefined && value !== '');
    const note = (text: string) => proc.print(`${stamp(proc)} [Note] [Entrypoint]: ${text}\n`);
    const packaged = proc.env[flavour.version.variable] || flavour.version.otherwise;
    const options: ServerOptions = {
      ...flavour.options(/\d+\.\d+\.\d+/.exec(packaged)?.[0] ?? flavour.version.otherwise),
      datadir: '/var/lib/mysql',
      socket: '/var/run/mysqld/mysqld.sock',
      port: 3306,
      maxConnections: Number(/--max[-_]connections=(\d+)/.exec(rest.join(' '))?.[1] ?? 151),
    };
    await note(`Entrypoint script for ${flavour.product} ${packaged} started.`);
    const first = !isInitialized(proc, options.datadir);
    const root =
      variable('ROOT_PASSWORD') ?? (variable('RANDOM_ROOT_PASSWORD') ? proc.machine.random.suffix(24) : undefined);
    if (first && root === undefined && !variable('ALLOW_EMPTY_PASSWORD') && !variable('ALLOW_EMPTY_ROOT_PASSWORD'))
      return refuse(proc, flavour);
    if (!(await writable(proc, options.datadir))) return 1;
    if (first) await note('Initializing database files');
    const instance = await openInstance(proc, options);
    if (first) {
      await note('Database files initialized');
      await note('Starting temporary server');
      await proc.sleep(START_MS);
      await note('Temporary server started.');
      if (variable('RANDOM_ROOT_PASSWORD') && !variable('ROOT_PASSWORD'))
        await note(`GENERATED ROOT PASSWORD: ${root}`);
      await runAsRoot(instance, rootStatements(root ?? '', proc.env['MYSQL_ROOT_HOST'] ?? '%'));
      const database = variable('DATABASE');
      const user = variable('USER');
      if (database !== undefined) {
        await note(`Creating database ${database}`);
        await runAsRoot(instance, `CREATE DATABASE IF NOT EXISTS \`${database}\``);
      }
      if (user !== undefined && variable('PASSWORD') !== undefined) {
        await note(`Creating user ${user}`);
        await runAsRoot(
          instance,
          `CREATE USER ${quoteText(user)}@'%' IDENTIFIED BY ${quoteText(variable('PASSWORD') ?? '')}`,
        );
        if (database !== undefined) {
          await note(`Giving user ${user} access to schema ${database}`);
          await runAsRoot(instance, `GRANT ALL ON \`${database.replaceAll('_', '\\_')}\`.* TO ${quoteText(user)}@'%'`);
        }
      }
      await initScripts(proc, note, (sql) =>
        runAsRoot(instance, `${database === undefined ? '' : `USE \`${database}\`; `}${sql}`),
      );
      await note('Stopping temporary server');
      await note('Temporary server stopped');
      await proc.print('\n');
      await note(
        `${flavour.prefixes.includes('MARIADB') ? 'MariaDB' : 'MySQL'} init process done. Ready for start up.`,
      );
      await proc.print('\n');
    }
    proc.argv = [command, ...rest];
    await startLog(proc, options);
    return serve(proc, instance, options);
  };

const START_MS = 1000; // a round of waiting for the temporary server

const stamp = (proc: Process): string =>
  `${new Date(proc.machine.clock.now()).toISOString().slice(0, 19).replace('T', ' ')}+00:00`;

async function refuse(proc: Process, { prefixes }: Flavour): Promise<number> {
  const maria = prefixes.includes('MARIADB');
  const names = maria
    ? [
        'MARIADB_ROOT_PASSWORD',
        'MARIADB_ROOT_PASSWORD_HASH',
        'MARIADB_ALLOW_EMPTY_ROOT_PASSWORD',
        'MARIADB_RANDOM_ROOT_PASSWORD',
      ]
    : ['MYSQL_ROOT_PASSWORD', 'MYSQL_ALLOW_EMPTY_PASSWORD', 'MYSQL_RANDOM_ROOT_PASSWORD'];
  const list = maria
    ? `\tYou need to specify one of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
    : `    You need to specify one of the following as an environment variable:\n${names.map((name) => `    - ${name}`).join('\n')}`;
  await proc.complain(
    `${stamp(proc)} [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n${list}\n`,
  );
  return 1;
}

/** Under OpenShift's restricted policy a random user may not write to the image's own directory. */
async function writable(proc: Process, datadir: string): Promise<boolean> {
  const stat = proc.files.find(datadir);
  if (stat && proc.files.may(stat, 'write')) return true;
  await proc.complain(
    `mysqld: Can't create/write to file '${datadir}/is_writable' (OS errno 13 - Permission denied)\n`,
  );
  return false;
}

const rootStatements = (password: string, host: string): string =>
  `ALTER USER 'root'@'localhost' IDENTIFIED BY ${quoteText(password)}; CREATE USER 'root'@${quoteText(host)} IDENTIFIED BY ${quoteText(password)}; GRANT ALL ON *.* TO 'root'@${quoteText(host)} WITH GRANT OPTION`;

/** Scripts that a volume puts into /docker-entrypoint-initdb.d. */
async function initScripts(
  proc: Process,
  note: (text: string) => Promise<void>,
  run: (sql: string) => Promise<void>,
): Promise<void> {
  const folder = '/docker-entrypoint-initdb.d';
  if (!proc.files.exists(folder)) return;
  for (const name of proc.files.list(folder)) {
    const path = `${folder}/${name}`;
    if (proc.files.stat(path).type === 'dir') continue;
    if (!name.endsWith('.sql')) {
      await note(`${folder}: ignoring ${path}`);
      continue;
    }
    await note(`running ${path}`);
    await run(proc.files.readText(path));
  }
}

export const dockerMysql = entrypoint({
  product: 'MySQL Server',
  version: { variable: 'MYSQL_VERSION', otherwise: '8.0.40-1.el9' },
  options: (version) => ({ binary: '/usr/sbin/mysqld', comment: 'MySQL Community Server - GPL', version }),
  prefixes: ['MYSQL'],
});

export const dockerMariadb = entrypoint({
  product: 'MariaDB Server',
  version: { variable: 'MARIADB_VERSION', otherwise: '1:11.4.3+maria~ubu2404' },
  options: (release) => ({
    binary: 'mariadbd',
    comment: 'mariadb.org binary distribution',
    version: `${release}-MariaDB`,
  }),
  prefixes: ['MARIADB', 'MYSQL'],
});
