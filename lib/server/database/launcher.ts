// Runs the PostgreSQL that comes with the npm packages: on a Unix socket in a closed folder, never on TCP, never as root.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { NO_ENVIRONMENT } from '../no-environment';
import { databaseBinaries } from './binaries';
import { findDatabaseUser, type HostUser, isReachable } from './host-user';
import { stopLeftOver } from './left-over';

const USER = 'podlab';
/** A crash recovery after much writing takes seconds, not minutes. */
const START_DEADLINE_MS = 60_000;
const POLL_MS = 15;
/** Only root needs it, and root may make it. */
const OPEN_FOLDER = '/var/lib/podlab';
/** Small: a class of forty is a few writes a second, and students' laptops run this too. */
const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '40',
  shared_buffers: '32MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  io_method: 'sync',
  logging_collector: 'off',
};

/** A connection as `pg` takes it: the folder of a Unix socket is its host. */
export interface DatabaseAddress {
  host: string;
  user: string;
  database: string;
}

export interface RunningDatabase {
  address: DatabaseAddress;
  close(): Promise<void>;
}

/**
 * Starts PostgreSQL on `dataDir/pg`, making it first if there is none. Whoever calls holds the lock on `dataDir`.
 * @param socketDir a folder that this may own, short enough for a socket in it (107 bytes)
 */
export async function startDatabase(dataDir: string, socketDir: string): Promise<RunningDatabase> {
  const user = findDatabaseUser();
  const bin = databaseBinaries(user);
  const { data, sockets } = placeFor(dataDir, socketDir, user);
  ownedFolder(sockets, user);
  if (existsSync(data)) await stopLeftOver(data, join(bin, 'postgres'));
  else initialise(bin, data, user);

  const child = launch(bin, data, sockets, join(dataDir, 'postgres.log'), user);
  const address = { host: sockets, user: USER, database: USER };
  await untilItAnswers(child, { ...address, database: 'postgres' }, join(dataDir, 'postgres.log'));
  return { address, close: () => stop(child) };
}

/** Below the data folder, unless that is closed to the database's user (a checkout in /root): then in a place of its own. */
function placeFor(dataDir: string, sockets: string, user: HostUser | undefined): { data: string; sockets: string } {
  if (!user || isReachable(dataDir, user)) return { data: join(dataDir, 'pg'), sockets };
  const own = join(OPEN_FOLDER, createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
  mkdirSync(own, { recursive: true, mode: 0o711 });
  return { data: join(own, 'pg'), sockets: join(own, 'run') };
}

function ownedFolder(folder: string, user: HostUser | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (user) chownSync(folder, user.uid, user.gid);
}

/** Makes the data folder beside its place and moves it there whole, so that a kill half-way leaves nothing to trip over. */
function initialise(bin: string, data: string, user: HostUser | undefined): void {
  const making = `${data}.new`;
  rmSync(making, { recursive: true, force: true });
  ownedFolder(making, user);
  const options = ['-D', making, '-U', USER, '--auth=trust', '--encoding=UTF8', '--no-locale'];
  const { status, stderr, error } = spawnSync(join(bin, 'initdb'), options, {
    ...user,
    env: NO_ENVIRONMENT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`);
  renameSync(making, data);
}

/** Detached: Ctrl-C on the terminal is for us, and we stop the database after the last write. */
function launch(bin: string, data: string, sockets: string, logFile: string, user: HostUser | undefined): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return spawn(join(bin, 'postgres'), ['-D', data, '-k', sockets, ...settings], {
    ...user,
    env: NO_ENVIRONMENT,
    cwd: data,
    detached: true,
    stdio: ['ignore', log, log],
  });
}

async function untilItAnswers(child: ChildProcess, address: DatabaseAddress, logFile: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  for (;;) {
    if (failure || child.exitCode !== null)
      throw new Error(`PostgreSQL did not start (${failure?.message ?? `exit ${child.exitCode}`}), see ${logFile}`);
    try {
      return await ensureDatabase(address);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

async function ensureDatabase(address: DatabaseAddress): Promise<void> {
  const client = new pg.Client(address);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [USER]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${USER}`);
  } finally {
    await client.end();
  }
}

/** SIGINT is PostgreSQL's fast shutdown: end the connections, write a checkpoint. */
function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGINT');
  });
}
