// A running PostgreSQL server: its databases, roles, sequences and sessions, and the one writer at a time that SQLite allows.
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { LiteConnection, Sql, Storage } from '../sql/engine';
import { type Database, emptyCatalog, type Role } from './catalog';
import type { DataFiles } from './data-files';
import { PgError } from './error';
import type { FunctionContext } from './function-context';
import { defineNatives } from './natives';
import { type Globals, newRole } from './roles';
import type { Session } from './session';

interface ServerFacts {
  /** `15.8 (Debian 15.8-1.pgdg120+1)` */
  version: string;
  port: number;
  maxConnections: number;
}

export interface InstanceOptions {
  facts: ServerFacts;
  clock: Clock;
  random: Random;
  files: DataFiles;
  superuser: string;
}

/** A connection to SQLite, with the session that uses it and the error that a function threw last. */
export interface Lite {
  lite: LiteConnection;
  session: FunctionContext | undefined;
  error: unknown;
}

interface Counter {
  value: string;
  called: boolean;
}

const LOCK_WAIT_MS = 600_000; // a client that waits longer than this for another's transaction is told so
const IDLE_CONNECTIONS = 4;

export class Instance {
  /** What is committed. */
  globals: Globals;
  readonly counters = new Map<number, Counter>();
  readonly sessions = new Map<number, Session>();
  readonly startedAt: number;
  private readonly storage: Storage;
  private readonly idle: Lite[] = [];
  private writer: Session | undefined;
  private waiting: (() => void)[] = [];
  private saved: Promise<void> = Promise.resolve();
  private saving: Promise<void> | undefined;
  private next: { oid: number };
  private savedMeta = new Map<string, string>();

  constructor(
    sql: Sql,
    readonly options: InstanceOptions,
  ) {
    this.storage = sql.storage(options.files.load());
    this.startedAt = options.clock.now();
    const connection = this.connect();
    connection.lite.run('CREATE TABLE IF NOT EXISTS d.meta (name TEXT PRIMARY KEY, value TEXT)');
    const meta = new Map(
      connection.lite.all('SELECT name, value FROM d.meta').map(([name, value]) => [String(name), String(value)]),
    );
    this.savedMeta = meta;
    this.idle.push(connection);
    const saved = JSON.parse(meta.get('globals') ?? 'null') as {
      roles: Role[];
      databases: Database[];
      oid: number;
    } | null;
    this.next = { oid: saved?.oid ?? 16384 };
    this.globals = saved
      ? {
          roles: new Map(saved.roles.map((role) => [role.name, role])),
          databases: new Map(saved.databases.map((database) => [database.name, database])),
        }
      : firstGlobals(options.superuser);
    for (const [oid, counter] of Object.entries(JSON.parse(meta.get('counters') ?? '{}') as Record<string, Counter>))
      this.counters.set(Number(oid), counter);
    this.dropTemporary();
  }

  get clock(): Clock {
    return this.options.clock;
  }

  nextOid = (): number => this.next.oid++;

  takeConnection(session: FunctionContext): Lite {
    const connection = this.idle.pop() ?? this.connect();
    connection.session = session;
    return connection;
  }

  giveBack(connection: Lite): void {
    connection.session = undefined;
    if (this.idle.length < IDLE_CONNECTIONS) this.idle.push(connection);
    else connection.lite.close();
  }

  /** Waits until no other session writes. */
  async lock(session: Session): Promise<void> {
    const end = this.clock.now() + LOCK_WAIT_MS;
    while (this.writer && this.writer !== session) {
      const left = end - this.clock.now();
      if (left <= 0) throw new PgError('55P03', 'canceling statement due to lock timeout');
      await Promise.race([
        new Promise<void>((resolve) => this.waiting.push(resolve)),
        this.clock.sleep(left, session.stopped),
      ]);
      session.stopped.throwIfAborted();
    }
    this.writer = session;
  }

  unlock(session: Session): void {
    if (this.writer !== session) return;
    this.writer = undefined;
    for (const go of this.waiting.splice(0)) go();
  }

  /** Puts roles, catalogs and counters into the transaction that is about to be committed. */
  writeMeta(connection: LiteConnection, globals: Globals): void {
    const { roles, databases } = globals;
    const meta = {
      globals: JSON.stringify({ roles: [...roles.values()], databases: [...databases.values()], oid: this.next.oid }),
      counters: JSON.stringify(Object.fromEntries(this.counters)),
    };
    for (const [name, value] of Object.entries(meta)) {
      if (this.savedMeta.get(name) === value) continue;
      connection.run('INSERT OR REPLACE INTO d.meta VALUES (?, ?)', [name, value]);
      this.savedMeta.set(name, value);
    }
  }

  /** Resolves when everything committed so far is durable. */
  save(): Promise<void> {
    this.saving ??= this.saved
      .catch(() => {})
      .then(() => {
        this.saving = undefined;
        this.saved = this.options.files.save(this.storage.bytes());
        return this.saved;
      });
    return this.saving;
  }

  /** Writes a new data directory. */
  async initialize(): Promise<void> {
    const connection = this.connect();
    connection.lite.run('BEGIN IMMEDIATE');
    this.writeMeta(connection.lite, this.globals);
    connection.lite.run('COMMIT');
    this.giveBack(connection);
    await this.save();
  }

  close(): void {
    for (const connection of this.idle.splice(0)) connection.lite.close();
    this.storage.close();
  }

  private connect(): Lite {
    const connection: Lite = { lite: this.storage.connect(), session: undefined, error: undefined };
    defineNatives(
      connection.lite,
      () => connection.session as FunctionContext,
      (error) => {
        connection.error = error;
      },
    );
    return connection;
  }

  /** Temporary tables of sessions that a crash ended. */
  private dropTemporary(): void {
    for (const { catalog } of this.globals.databases.values()) {
      catalog.relations = catalog.relations.filter(({ schema }) => !schema.startsWith('pg_temp_'));
      for (const name of Object.keys(catalog.schemas)) if (name.startsWith('pg_temp_')) delete catalog.schemas[name];
    }
  }
}

function firstGlobals(superuser: string): Globals {
  const all = { superuser: true, createRole: true, createDb: true, login: true, replication: true, bypassRls: true };
  const database = (oid: number, name: string, template: boolean): Database => ({
    oid,
    name,
    owner: superuser,
    template,
    settings: {},
    connectionLimit: -1,
    catalog: emptyCatalog(superuser),
    ...(template ? { acl: { '': 'c', [superuser]: 'CTc' } } : {}),
  });
  return {
    roles: new Map(
      [
        newRole(superuser, 10, all),
        newRole('pg_database_owner', 6171),
        newRole('pg_read_all_data', 6181),
        newRole('pg_write_all_data', 6182),
        newRole('pg_monitor', 3373),
      ].map((role) => [role.name, role]),
    ),
    databases: new Map(
      [database(5, 'postgres', false), database(1, 'template1', true), database(4, 'template0', true)].map((d) => [
        d.name,
        d,
      ]),
    ),
  };
}
