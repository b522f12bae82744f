// mysqld as it is called by hand: `--initialize` makes a data directory, otherwise it serves one.
import type { Process, Program } from '../machine/process';
import { isInitialized, log, openInstance, type ServerOptions, serve, startLog, VERSION } from './mysql-server/server';

export const mysqld: Program = async (proc) => {
  const option = (name: string) => proc.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const has = (name: string) => proc.argv.includes(`--${name}`);
  const binary = '/usr/libexec/mysqld';
  if (has('version') || proc.argv.includes('-V')) {
    const packaged = /\d+\.\d+\.\d+/.exec(proc.env['MARIADB_VERSION'] ?? proc.env['MYSQL_VERSION'] ?? '')?.[0];
    const tail = proc.env['MARIADB_VERSION'] ? '-MariaDB' : '';
    await proc.print(
      packaged
        ? `/usr/sbin/${proc.name}  Ver ${packaged}${tail} for Linux on x86_64 (${tail ? 'mariadb.org binary distribution' : 'MySQL Community Server - GPL'})\n`
        : `${binary}  Ver ${VERSION} for Linux on x86_64 (Source distribution)\n`,
    );
    return 0;
  }
  const options: ServerOptions = {
    binary,
    comment: 'Source distribution',
    version: VERSION,
    datadir: option('datadir') ?? '/var/lib/mysql/data',
    socket: option('socket') ?? '/var/lib/mysql/mysql.sock',
    port: Number(option('port') ?? 3306),
    maxConnections: Number(option('max-connections') ?? option('max_connections') ?? 151),
  };
  if (has('initialize') || has('initialize-insecure')) return initialize(proc, options, has('initialize'));
  if (!isInitialized(proc, options.datadir)) {
    await log(proc, 'ERROR', 11011, 'Server', 'Failed to find valid data directory.');
    await log(proc, 'ERROR', 10020, 'Server', 'Data Dictionary initialization failed.');
    await log(proc, 'ERROR', 10119, 'Server', 'Aborting');
    return 1;
  }
  await startLog(proc, options);
  return serve(proc, await openInstance(proc, options), options);
};

async function initialize(proc: Process, options: ServerOptions, withPassword: boolean): Promise<number> {
  const { binary } = options;
  await log(
    proc,
    'System',
    13169,
    'Server',
    `${binary} (mysqld ${VERSION}) initializing of server in progress as process ${proc.pid}`,
  );
  if (isInitialized(proc, options.datadir)) {
    await log(
      proc,
      'ERROR',
      10457,
      'Server',
      '--initialize specified but the data directory has files in it. Aborting.',
    );
    await log(proc, 'ERROR', 10119, 'Server', 'Aborting');
    return 1;
  }
  const instance = await openInstance(proc, options);
  if (withPassword) {
    const password = `${proc.machine.random.suffix(6)}A!${proc.machine.random.suffix(4)}`;
    instance.accounts.alter({ user: 'root', host: 'localhost' }, { password });
    await log(proc, 'Note', 10454, 'Server', `A temporary password is generated for root@localhost: ${password}`, 6);
  } else
    await log(
      proc,
      'Warning',
      10453,
      'Server',
      'root@localhost is created with an empty password ! Please consider switching off the --initialize-insecure option.',
      6,
    );
  await instance.initialize();
  instance.close();
  return 0;
}
