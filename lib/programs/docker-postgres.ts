// docker-entrypoint.sh of the official postgres image: what it demands, makes at first, and logs.
// Texts: github.com/docker-library/postgres, initdb.
import type { Process, Program } from '../machine/process';
import { PgError } from './postgres-engine/error';
import { quoteIdent, quoteText } from './postgres-engine/quote';
import { isInitialized, log, openInstance, runAsSuperuser, type ServerOptions, serve } from './postgres-server/server';

const START_MS = 1000; // a round of waiting for the temporary server

export const dockerPostgres: Program = async (proc) => {
  const [command = 'postgres', ...rest] = proc.argv.slice(1);
  if (command !== 'postgres' && !command.startsWith('-')) {
    const child = proc.spawn([command, ...rest]);
    return (await child.exited).code;
  }
  const { env } = proc;
  const superuser = env['POSTGRES_USER'] || 'postgres';
  const datadir = env['PGDATA'] || '/var/lib/postgresql/data';
  const trustAll = env['POSTGRES_HOST_AUTH_METHOD'] === 'trust';
  const options: ServerOptions = {
    version: versionOf(proc),
    platform: 'gcc (Debian 12.2.0-14) 12.2.0',
    datadir,
    socketFolder: '/var/run/postgresql',
    port: Number(/(?:^| )-p\s*(\d+)|port=(\d+)/.exec(rest.join(' '))?.slice(1).find(Boolean) ?? env['PGPORT'] ?? 5432),
    maxConnections: Number(/max_connections=(\d+)/.exec(rest.join(' '))?.[1] ?? 100),
    superuser,
    trustLocal: true,
    trustAll,
  };
  if (isInitialized(proc, datadir)) {
    await proc.print('\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n');
    return serve(proc, await openInstance(proc, options), options);
  }
  const password = secret(proc, 'POSTGRES_PASSWORD');
  if (!password && !trustAll) return refuse(proc);
  if (trustAll) await proc.complain(TRUST_WARNING);
  if (!(await initdb(proc, datadir))) return 1;
  const instance = await openInstance(proc, options);
  await proc.print('waiting for server to start....');
  await log(
    proc,
    `LOG:  starting PostgreSQL ${options.version} on x86_64-pc-linux-gnu, compiled by ${options.platform}, 64-bit`,
    48,
  );
  await log(proc, `LOG:  listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"`, 48);
  await log(proc, 'LOG:  database system is ready to accept connections', 48);
  await proc.sleep(START_MS);
  await proc.print(' done\nserver started\n');
  await instance.initialize();
  if (password)
    await runAsSuperuser(instance, superuser, `ALTER USER ${quoteIdent(superuser)} PASSWORD ${quoteText(password)}`);
  const database = env['POSTGRES_DB'] || superuser;
  if (database !== 'postgres') {
    await runAsSuperuser(instance, superuser, `CREATE DATABASE ${quoteIdent(database)}`);
    await proc.print('CREATE DATABASE\n\n');
  }
  await initScripts(proc, (sql) => runAsSuperuser(instance, superuser, sql, database));
  await log(proc, 'LOG:  received fast shutdown request', 48);
  await proc.print('waiting for server to shut down....');
  await log(proc, 'LOG:  database system is shut down', 48);
  await proc.print(' done\nserver stopped\n\nPostgreSQL init process complete; ready for start up.\n\n');
  return serve(proc, instance, options);
};

/** `15.8 (Debian 15.8-1.pgdg120+1)` of the image's PG_VERSION. */
function versionOf(proc: Process): string {
  const full = proc.env['PG_VERSION'] ?? '17.0-1.pgdg120+1';
  return /pgdg/.test(full) ? `${full.split('-')[0]} (Debian ${full})` : full;
}

/** A variable, or the file that its `_FILE` names. */
function secret(proc: Process, name: string): string | undefined {
  const path = proc.env[`${name}_FILE`];
  return proc.env[name] ?? (path ? proc.files.readText(path).replace(/\n$/, '') : undefined);
}

async function refuse(proc: Process): Promise<number> {
  await proc.complain(`Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
`);
  return 1;
}

const TRUST_WARNING = `********************************************************************************
WARNING: POSTGRES_HOST_AUTH_METHOD has been set to "trust". This will allow
         anyone with access to the Postgres port to access your database without
         a password, even if POSTGRES_PASSWORD is set. See PostgreSQL
         documentation about "trust":
         https://www.postgresql.org/docs/current/auth-trust.html
         In Docker's default configuration, this is effectively any other
         container on the same system.

         It is not recommended to use POSTGRES_HOST_AUTH_METHOD=trust. Replace
         it with "-e POSTGRES_PASSWORD=password" instead to set a password in
         "docker run".
********************************************************************************
`;

/** initdb's report; false when the directory cannot be used. */
export async function initdb(proc: Process, datadir: string, owner = 'postgres'): Promise<boolean> {
  const stat = proc.files.find(datadir);
  await proc.print(`The files belonging to this database system will be owned by user "${owner}".
This user must also own the server process.

The database cluster will be initialized with locale "en_US.utf8".
The default database encoding has accordingly been set to "UTF8".
The default text search configuration will be set to "english".

Data page checksums are disabled.

`);
  if (stat && proc.files.list(datadir).length > 0) {
    const [first = ''] = proc.files.list(datadir);
    const hint =
      first === 'lost+found'
        ? 'It contains a lost+found directory, perhaps due to it being a mount point.\ninitdb: hint: Using a mount point directly as the data directory is not recommended.\nCreate a subdirectory under the mount point.'
        : `If you want to create a new database system, either remove or empty the directory "${datadir}" or run initdb with an argument other than "${datadir}".`;
    await proc.complain(`initdb: error: directory "${datadir}" exists but is not empty\ninitdb: detail: ${hint}\n`);
    return false;
  }
  if (!(await prepareDirectory(proc, datadir, stat !== undefined))) return false;
  for (const step of STEPS) await proc.print(`${step} ... ok\n`.replace('type ... ok', 'type ... posix'));
  await proc.print(
    `\n\nSuccess. You can now start the database server using:\n\n    pg_ctl -D ${datadir} -l logfile start\n\n`,
  );
  await proc.complain(
    'initdb: warning: enabling "trust" authentication for local connections\ninitdb: hint: You can change this by editing pg_hba.conf or using the option -A, or --auth-local and --auth-host, the next time you run initdb.\n',
  );
  return true;
}

const STEPS = [
  'creating subdirectories',
  'creating configuration files',
  'running bootstrap script',
  'performing post-bootstrap initialization',
  'syncing data to disk',
];

/** Under OpenShift's restricted policy a random user may not change the mode of the image's own directory. */
async function prepareDirectory(proc: Process, datadir: string, there: boolean): Promise<boolean> {
  const stat = proc.files.find(datadir);
  try {
    if (!there) proc.files.mkdir(datadir, 0o700);
  } catch {
    await proc.complain(`initdb: error: could not create directory "${datadir}": Permission denied\n`);
    return false;
  }
  if (!stat || proc.uid === 0 || stat.uid === proc.uid || (stat.gid === proc.gid && (stat.mode & 0o2020) === 0o2020)) {
    await proc.print(`${there ? 'fixing permissions on existing' : 'creating'} directory ${datadir} ... ok\n`);
    return true;
  }
  await proc.print(`fixing permissions on existing directory ${datadir} ... `);
  await proc.complain(
    `initdb: error: could not change permissions of directory "${datadir}": Operation not permitted\n`,
  );
  return false;
}

/** Scripts that a volume puts into /docker-entrypoint-initdb.d. */
async function initScripts(proc: Process, run: (sql: string) => Promise<string[]>): Promise<void> {
  const folder = '/docker-entrypoint-initdb.d';
  const names = proc.files.exists(folder) ? proc.files.list(folder).filter((name) => !name.startsWith('..')) : [];
  if (names.length === 0) await proc.print(`\n/usr/local/bin/docker-entrypoint.sh: ignoring ${folder}/*\n\n`);
  for (const name of names) {
    const path = `${folder}/${name}`;
    if (name.endsWith('.sql')) {
      await proc.print(`/usr/local/bin/docker-entrypoint.sh: running ${path}\n`);
      try {
        for (const tag of await run(proc.files.readText(path))) await proc.print(`${tag}\n`);
      } catch (error) {
        if (!(error instanceof PgError)) throw error;
        await proc.complain(`psql:${path}: ERROR:  ${error.message}\n`);
        proc.exit(3);
      }
      await proc.print('\n\n');
    } else if (name.endsWith('.sh')) {
      await proc.print(`/usr/local/bin/docker-entrypoint.sh: running ${path}\n`);
      await proc.complain('not supported: shell scripts in /docker-entrypoint-initdb.d\n');
    } else await proc.print(`/usr/local/bin/docker-entrypoint.sh: ignoring ${path}\n`);
  }
}
