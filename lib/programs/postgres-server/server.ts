// The server around a database: opens its data directory, listens, logs as postgres does, shuts down in order.
import { Errno } from '../../machine/errno';
import type { Connection, Listener } from '../../machine/net';
import type { Process } from '../../machine/process';
import { listenLocal } from '../local-socket';
import { DataFiles } from '../postgres-engine/data-files';
import { PgError } from '../postgres-engine/error';
import { Instance } from '../postgres-engine/instance';
import { type Peer, Session } from '../postgres-engine/session';
import { loadSql } from '../sql/engine';
import { loadParser } from '../sql/postgres-parser';
import { Gone, serveConnection } from './connection';

export interface ServerOptions {
  /** `15.8 (Debian 15.8-1.pgdg120+1)` */
  version: string;
  /** The end of `starting PostgreSQL …`. */
  platform: string;
  datadir: string;
  socketFolder: string;
  port: number;
  maxConnections: number;
  superuser: string;
  /** Whether clients of this machine need no password. */
  trustLocal: boolean;
  /** POSTGRES_HOST_AUTH_METHOD=trust */
  trustAll: boolean;
}

export const isInitialized = DataFiles.isInitialized;

/** Opens the database of a data directory. */
export async function openInstance(proc: Process, options: ServerOptions): Promise<Instance> {
  const { clock, random } = proc.machine;
  const sql = await clock.busy(loadSql());
  await clock.busy(loadParser());
  const { version, port, maxConnections, superuser, datadir } = options;
  const files = new DataFiles(proc, datadir, version.split('.')[0] ?? '15');
  return new Instance(sql, { facts: { version, port, maxConnections }, clock, random, files, superuser });
}

/** Runs statements as the superuser, as start-up scripts do; gives their tags. */
export async function runAsSuperuser(
  instance: Instance,
  superuser: string,
  sql: string,
  database = 'postgres',
): Promise<string[]> {
  const session = new Session(instance, superuser, database, { address: null, port: 0 }, null, 1);
  const tags: string[] = [];
  try {
    for await (const { tag } of session.simple(sql)) tags.push(tag);
  } finally {
    session.close();
  }
  return tags;
}

/** A line of the server's log. */
export async function log(proc: Process, text: string, pid = proc.pid): Promise<void> {
  const stamp = new Date(proc.machine.clock.now()).toISOString().replace('T', ' ').replace('Z', ' UTC');
  await proc.complain(
    `${text
      .split(/\n(?=[A-Z]+:)/)
      .map((line) => `${stamp} [${pid}] ${line}`)
      .join('\n')}\n`,
  );
}

/** Serves until it is told to stop; gives the exit status. */
export async function serve(proc: Process, instance: Instance, options: ServerOptions): Promise<number> {
  const { port, socketFolder } = options;
  await log(
    proc,
    `LOG:  starting PostgreSQL ${options.version} on x86_64-pc-linux-gnu, compiled by ${options.platform}, 64-bit`,
  );
  let listener: Listener;
  try {
    listener = proc.listen(port);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return refused(proc, port);
  }
  const server = new Server(proc, instance, options, listener);
  await log(proc, `LOG:  listening on IPv4 address "0.0.0.0", port ${port}`);
  await log(proc, `LOG:  listening on IPv6 address "::", port ${port}`);
  if (!proc.files.exists(socketFolder)) proc.files.mkdir(socketFolder, 0o3777);
  listenLocal(proc, `${socketFolder}/.s.PGSQL.${port}`, (stream) => server.run(stream, { address: null, port: 0 }));
  await log(proc, `LOG:  listening on Unix socket "${socketFolder}/.s.PGSQL.${port}"`);
  const shutAt = new Date(proc.machine.clock.now()).toISOString().replace('T', ' ').slice(0, 19);
  await log(proc, `LOG:  database system was shut down at ${shutAt} UTC`, server.nextPid());
  await log(proc, 'LOG:  database system is ready to accept connections');
  await server.accept();
  await log(proc, 'LOG:  shutting down', server.nextPid());
  await instance.save();
  instance.close();
  await log(proc, 'LOG:  database system is shut down');
  return 0;
}

async function refused(proc: Process, port: number): Promise<number> {
  await log(proc, `LOG:  could not bind IPv4 address "0.0.0.0": Address already in use`);
  await log(
    proc,
    `HINT:  Is another postmaster already running on port ${port}? If not, wait a few seconds and retry.`,
  );
  await log(proc, 'WARNING:  could not create listen socket for "*"');
  await log(proc, 'FATAL:  could not create any TCP/IP sockets');
  await log(proc, 'LOG:  database system is shut down');
  return 1;
}

class Server {
  private readonly stopped = new AbortController();
  private readonly signal: AbortSignal;
  private pid: number;

  constructor(
    private readonly proc: Process,
    private readonly instance: Instance,
    private readonly options: ServerOptions,
    private readonly listener: Listener,
  ) {
    this.signal = AbortSignal.any([this.stopped.signal, proc.killed]);
    this.pid = proc.pid + 27;
    for (const [signal, kind] of [
      ['SIGTERM', 'smart'],
      ['SIGINT', 'fast'],
      ['SIGQUIT', 'immediate'],
    ] as const)
      proc.on(signal, () => void this.stop(kind));
    proc.on('SIGHUP', () => void log(proc, 'LOG:  received SIGHUP, reloading configuration files'));
  }

  nextPid = (): number => this.pid++;

  /** DIFFERS: a smart shutdown does not wait for clients. */
  private async stop(kind: string): Promise<void> {
    if (this.stopped.signal.aborted) return;
    await log(this.proc, `LOG:  received ${kind} shutdown request`);
    if (kind === 'fast') await log(this.proc, 'LOG:  aborting any active transactions');
    this.stopped.abort(
      new PgError('57P01', 'terminating connection due to administrator command', { severity: 'FATAL' }),
    );
    this.listener.close();
  }

  async accept(): Promise<void> {
    const { killed } = this.proc;
    for (let one = await this.listener.accept(killed); one; one = await this.listener.accept(killed))
      this.run(one, { address: one.remoteAddress, port: one.remotePort });
  }

  run(connection: Pick<Connection, 'read' | 'write' | 'close'>, peer: Peer): void {
    const pid = this.nextPid();
    const hooks = {
      trusts: ({ address }: Peer) =>
        this.options.trustAll ||
        (this.options.trustLocal && (address === null || address.startsWith('127.') || address === '::1')),
      log: (text: string) => log(this.proc, text, pid),
      nextPid: () => pid,
      serverAddress: ({ address }: Peer) =>
        address === null
          ? null
          : address.startsWith('127.')
            ? '127.0.0.1'
            : (this.proc.machine.net.addresses()[0] ?? null),
    };
    void serveConnection(this.instance, connection, peer, hooks, this.signal)
      .catch((error: unknown) => this.report(error))
      .finally(() => connection.close());
  }

  /** A client that goes, or a server that stops, is no fault. */
  private report(error: unknown): void {
    if (
      this.signal.aborted ||
      error instanceof Gone ||
      error instanceof Errno ||
      (error as { code?: string }).code === 'EPIPE'
    )
      return;
    this.proc.machine.reportBug(error);
  }
}
