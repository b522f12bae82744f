// The server around a database: opens its data directory, listens, logs as mysqld does, shuts down in order.
import { Errno } from '../../machine/errno';
import type { Connection, Listener } from '../../machine/net';
import type { Process } from '../../machine/process';
import { listenLocal } from '../local-socket';
import { DataFiles } from '../mysql-engine/data-files';
import { Instance } from '../mysql-engine/instance';
import { Session } from '../mysql-engine/session';
import type { ServerFacts } from '../mysql-engine/variables';
import { loadSql } from '../sql/engine';
import { serveConnection } from './connection';

export const VERSION = '8.0.36';

export interface ServerOptions {
  /** As the log names it: `/usr/libexec/mysqld`. */
  binary: string;
  comment: string;
  /** `8.0.36`; a MariaDB says `10.11.9-MariaDB`. */
  version: string;
  datadir: string;
  socket: string;
  port: number;
  maxConnections: number;
}

export const isInitialized = (proc: Process, datadir: string): boolean => proc.files.exists(`${datadir}/mysql`);

/** Opens the database of a data directory. */
export async function openInstance(proc: Process, options: ServerOptions): Promise<Instance> {
  const sql = await proc.machine.clock.busy(loadSql());
  const { datadir, socket, port, comment, maxConnections, version } = options;
  const facts: ServerFacts = {
    version,
    comment,
    port,
    datadir,
    socket,
    hostname: proc.machine.hostname,
    maxConnections,
  };
  return new Instance(sql, {
    facts,
    clock: proc.machine.clock,
    random: proc.machine.random,
    files: new DataFiles(proc, datadir),
  });
}

/** Runs statements as the local root, as start-up scripts do. */
export async function runAsRoot(instance: Instance, sql: string): Promise<void> {
  const root = instance.accounts.find({ user: 'root', host: 'localhost' });
  if (!root) throw new Error('no local root user');
  const session = new Session(instance, root, 'root', 'localhost', 0);
  try {
    for await (const _ of session.run(sql));
  } finally {
    session.close();
  }
}

/** A line of the server's error log. */
export async function log(
  proc: Process,
  level: 'System' | 'Warning' | 'Note' | 'ERROR',
  code: number,
  subsystem: string,
  text: string,
  thread = 0,
): Promise<void> {
  const iso = new Date(proc.machine.clock.now()).toISOString();
  const micros = String(proc.machine.random.int(1000)).padStart(3, '0');
  await proc.complain(
    `${iso.slice(0, -1)}${micros}Z ${thread} [${level}] [MY-${String(code).padStart(6, '0')}] [${subsystem}] ${text}\n`,
  );
}

/** Serves until SIGTERM or SHUTDOWN; gives the exit status. */
export async function serve(proc: Process, instance: Instance, options: ServerOptions): Promise<number> {
  const { binary, comment, socket, port, version } = options;
  let listener: Listener;
  try {
    listener = proc.listen(port);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await log(proc, 'ERROR', 10262, 'Server', `Can't start server: Bind on TCP/IP port: ${error.message}`);
    await log(proc, 'ERROR', 10257, 'Server', `Do you already have another mysqld server running on port: ${port} ?`);
    await log(proc, 'ERROR', 10119, 'Server', 'Aborting');
    return 1;
  }
  const stopped = new AbortController();
  const signal = AbortSignal.any([stopped.signal, proc.killed]);
  let by = '<via user signal>';
  const stop = (user: string) => {
    by = user;
    stopped.abort(new Errno('EINTR'));
    listener.close();
  };
  proc.on('SIGTERM', () => stop('<via user signal>'));
  proc.on('SIGINT', () => stop('<via user signal>'));
  proc.ignore('SIGHUP');
  instance.onShutdown = (user) => {
    by = user;
    proc.machine.clock.after(0, () => stop(user));
  };
  const run = (
    connection: Pick<Connection, 'read' | 'write' | 'close'>,
    peer: { host: string; address: string; port: number },
  ) =>
    void serveConnection(instance, connection, peer, signal)
      .catch((error: unknown) => reportUnlessGone(proc, error, signal))
      .finally(() => connection.close());
  listenLocal(proc, socket, (stream) => run(stream, { host: 'localhost', address: '127.0.0.1', port: 0 }));
  await log(
    proc,
    'System',
    11323,
    'Server',
    `X Plugin ready for connections. Bind-address: '::' port: 33060, socket: /var/lib/mysql/mysqlx.sock`,
  );
  await log(
    proc,
    'System',
    10931,
    'Server',
    `${binary}: ready for connections. Version: '${version}'  socket: '${socket}'  port: ${port}  ${comment}.`,
  );
  for (
    let connection = await listener.accept(proc.killed);
    connection;
    connection = await listener.accept(proc.killed)
  ) {
    const local = connection.remoteAddress.startsWith('127.');
    run(connection, {
      host: local ? 'localhost' : connection.remoteAddress,
      address: connection.remoteAddress,
      port: connection.remotePort,
    });
  }
  await log(
    proc,
    'System',
    13172,
    'Server',
    `Received SHUTDOWN from user ${by}. Shutting down mysqld (Version: ${version}).`,
  );
  await instance.save();
  instance.close();
  await log(proc, 'System', 10910, 'Server', `${binary}: Shutdown complete (mysqld ${version})  ${comment}.`);
  return 0;
}

/** A client that goes, or a server that stops, is no fault. */
function reportUnlessGone(proc: Process, error: unknown, signal: AbortSignal): void {
  if (signal.aborted || error instanceof Errno || (error as { code?: string }).code === 'EPIPE') return;
  proc.machine.reportBug(error);
}

export const startLog = async (proc: Process, options: ServerOptions): Promise<void> => {
  await log(
    proc,
    'System',
    10116,
    'Server',
    `${options.binary} (mysqld ${options.version}) starting as process ${proc.pid}`,
  );
  await log(proc, 'System', 13576, 'InnoDB', 'InnoDB initialization has started.', 1);
  await log(proc, 'System', 13577, 'InnoDB', 'InnoDB initialization has ended.', 1);
  await log(proc, 'Warning', 10068, 'Server', 'CA certificate ca.pem is self signed.');
  await log(
    proc,
    'System',
    13602,
    'Server',
    'Channel mysql_main configured to support TLS. Encrypted connections are now supported for this channel.',
  );
};
