// A running database: its catalog, accounts, sessions, and the one writer at a time that SQLite allows.
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import { errors } from '../mysql-protocol/errors';
import type { SqlValue } from '../mysql-protocol/types';
import type { LiteConnection, Sql, Storage } from '../sql/engine';
import { Accounts } from './accounts';
import { Catalog, SYSTEM_DATABASES } from './catalog';
import type { DataFiles } from './data-files';
import { defineNatives } from './natives';
import type { Session } from './session';
import { defaults, type ServerFacts } from './variables';

export interface InstanceOptions {
  facts: ServerFacts;
  clock: Clock;
  random: Random;
  files: DataFiles;
}

/** A connection to SQLite with the error that a native function threw last. */
export interface Connection {
  lite: LiteConnection;
  error: unknown;
  assign: (name: string, value: SqlValue) => void;
}

export class Instance {
  readonly catalog: Catalog;
  readonly accounts: Accounts;
  readonly globals: Map<string, SqlValue>;
  readonly sessions = new Map<number, Session>();
  readonly startedAt: number;
  /** Counters of SHOW STATUS. */
  readonly counters = { questions: 0, connections: 0, aborted: 0, maxUsed: 0 };
  private readonly storage: Storage;
  private readonly idle: Connection[] = [];
  private writer: Session | undefined;
  private waiting: (() => void)[] = [];
  private saved: Promise<void> = Promise.resolve();
  private saving: Promise<void> | undefined;
  private savedMeta = new Map<string, string>();
  private nextId = 8; // the first numbers go to the server's own threads
  /** Called when SHUTDOWN was asked for. */
  onShutdown: (user: string) => void = () => {};

  constructor(
    sql: Sql,
    readonly options: InstanceOptions,
  ) {
    const bytes = options.files.load();
    this.storage = sql.storage(bytes);
    this.startedAt = options.clock.now();
    this.globals = defaults(options.facts);
    const connection = this.connect();
    connection.lite.run('CREATE TABLE IF NOT EXISTS d.meta (name TEXT PRIMARY KEY, value TEXT)');
    for (const [name, value] of connection.lite.all('SELECT name, value FROM d.meta'))
      this.savedMeta.set(String(name), String(value));
    this.idle.push(connection);
    this.catalog = new Catalog(this.savedMeta.get('catalog'));
    this.accounts = new Accounts(this.savedMeta.get('accounts'));
    this.loadCounters();
  }

  get clock(): Clock {
    return this.options.clock;
  }

  takeConnectionId(): number {
    return this.nextId++;
  }

  takeConnection(): Connection {
    return this.idle.pop() ?? this.connect();
  }

  giveBack(connection: Connection): void {
    if (this.idle.length < IDLE_CONNECTIONS) this.idle.push(connection);
    else connection.lite.close();
  }

  /** Waits until no other session writes; throws 1205 after innodb_lock_wait_timeout. */
  async lock(session: Session): Promise<void> {
    const limit = Number(session.variable('innodb_lock_wait_timeout')) * 1000;
    const end = this.clock.now() + limit;
    while (this.writer && this.writer !== session) {
      const left = end - this.clock.now();
      if (left <= 0) throw errors.lockWait();
      await Promise.race([
        new Promise<void>((resolve) => this.waiting.push(resolve)),
        this.clock.sleep(left, session.killed),
      ]);
      session.killed.throwIfAborted();
    }
    this.writer = session;
  }

  unlock(session: Session): void {
    if (this.writer !== session) return;
    this.writer = undefined;
    for (const go of this.waiting.splice(0)) go();
  }

  holdsLock(session: Session): boolean {
    return this.writer === session;
  }

  /** Puts what is kept beside the rows into the transaction that is about to be committed. */
  writeMeta(connection: Connection): void {
    const counters = Object.fromEntries(this.catalog.allTables().map((table) => [table.id, String(table.nextAuto)]));
    const meta = { catalog: this.catalog.save(), accounts: this.accounts.save(), counters: JSON.stringify(counters) };
    for (const [name, value] of Object.entries(meta)) {
      if (this.savedMeta.get(name) === value) continue;
      connection.lite.run('INSERT OR REPLACE INTO d.meta VALUES (?, ?)', [name, value]);
      this.savedMeta.set(name, value);
    }
  }

  /** Writes a new data directory. */
  async initialize(): Promise<void> {
    const connection = this.takeConnection();
    connection.lite.run('BEGIN IMMEDIATE');
    this.writeMeta(connection);
    connection.lite.run('COMMIT');
    this.giveBack(connection);
    await this.save();
  }

  /** Resolves when everything committed so far is durable. */
  save(): Promise<void> {
    this.saving ??= this.saved
      .catch(() => {})
      .then(() => {
        this.saving = undefined;
        const names = [...this.catalog.databases.keys()].filter((name) => name !== 'information_schema');
        this.saved = this.options.files.save(this.storage.bytes(), names);
        return this.saved;
      });
    return this.saving;
  }

  forgetDatabase(name: string): void {
    if (!SYSTEM_DATABASES.includes(name)) this.options.files.forget(name);
  }

  close(): void {
    for (const connection of this.idle.splice(0)) connection.lite.close();
    this.storage.close();
  }

  private connect(): Connection {
    const connection: Connection = { lite: this.storage.connect(), error: undefined, assign: () => {} };
    const { random } = this.options;
    defineNatives(
      connection.lite,
      (error) => {
        connection.error = error;
      },
      [
        ['my_rand', 0, () => random.float()],
        ['my_rand_seeded', 1, (seed) => seeded(Number(seed))],
        ['my_uuid', 0, () => random.uuid()],
        [
          'my_assign',
          2,
          (name, value) => {
            connection.assign(String(name), value as SqlValue);
            return value as SqlValue;
          },
        ],
      ],
    );
    return connection;
  }

  private loadCounters(): void {
    const counters = JSON.parse(this.savedMeta.get('counters') ?? '{}') as Record<string, string>;
    for (const table of this.catalog.allTables()) table.nextAuto = BigInt(counters[table.id] ?? table.nextAuto);
  }
}

const IDLE_CONNECTIONS = 4; // a client that connects anew for each query finds one ready

/** RAND(n): the first draw of MySQL's generator for a seed. */
function seeded(seed: number): number {
  const max = 0x3fffffff;
  const s1 = (seed * 0x10001 + 55555555) % max;
  const s2 = (seed * 0x10000001) % max;
  return ((s1 * 3 + s2) % max) / max;
}
