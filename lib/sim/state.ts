// Everything of a world that outlives its running code: named tables of immutable values. A snapshot is a copy of the maps.

/** A JSON value, or bytes. Never changed once stored: put a new one. */
export type Value = unknown;

/** One change: value undefined means deleted. Batches of these are the world's log. */
export interface Change {
  table: string;
  key: string;
  value: Value | undefined;
}

/** Where a world's log goes. `append` resolves when the changes are durable. */
export interface Journal {
  append(changes: Change[]): Promise<void>;
}

/** The whole durable state of a world. */
export type Snapshot = Map<string, ReadonlyMap<string, Value>>;

/**
 * The tables of one world. Writes are seen at once, and are durable when `commit` resolves.
 * @example
 * state.table('pods').set('default/web', pod);
 * await state.commit();
 */
export class State {
  private readonly tables = new Map<string, Table>();
  private pending: Change[] = [];
  private flushed: Promise<void> = Promise.resolve();

  constructor(
    from?: Snapshot,
    private journal?: Journal,
  ) {
    for (const [name, rows] of from ?? []) this.tables.set(name, new Table(name, new Map(rows), this.note));
  }

  table(name: string): Table {
    let table = this.tables.get(name);
    if (!table) this.tables.set(name, (table = new Table(name, new Map(), this.note)));
    return table;
  }

  tableNames(): string[] {
    return [...this.tables.keys()];
  }

  /** Forgets a whole table (a deleted container's files). */
  drop(name: string): void {
    const table = this.tables.get(name);
    if (!table) return;
    for (const key of [...table.keys()]) table.delete(key);
    this.tables.delete(name);
  }

  /** Lets go of a table without rows; it is made anew when somebody asks for it. */
  forgetEmpty(name: string): void {
    if (this.tables.get(name)?.size === 0) this.tables.delete(name);
  }

  /** Starts writing the log; what was changed before is in the snapshot that the log begins with. */
  attach(journal: Journal): void {
    this.journal = journal;
    this.pending = [];
  }

  /** Resolves when every change made so far is durable. Calls made meanwhile share one append. */
  commit(): Promise<void> {
    if (this.pending.length === 0) return this.flushed;
    const journal = this.journal;
    if (!journal) {
      this.pending = [];
      return this.flushed;
    }
    if (this.queued) return this.queued;
    const run = async () => {
      await this.flushed.catch(() => {});
      this.queued = undefined;
      const changes = this.pending;
      this.pending = [];
      this.flushed = journal.append(changes);
      return this.flushed;
    };
    this.queued = run();
    return this.queued;
  }

  private queued: Promise<void> | undefined;

  snapshot(): Snapshot {
    return new Map([...this.tables].map(([name, table]) => [name, table.copy()]));
  }

  /** Applies a log to a snapshot, as recovery does. */
  static replay(snapshot: Snapshot, log: Iterable<Change>): Snapshot {
    const tables = new Map([...snapshot].map(([name, rows]) => [name, new Map(rows)]));
    for (const { table, key, value } of log) {
      let rows = tables.get(table);
      if (!rows) tables.set(table, (rows = new Map()));
      if (value === undefined) rows.delete(key);
      else rows.set(key, value);
    }
    return tables;
  }

  private note = (change: Change): void => {
    if (this.journal) this.pending.push(change);
  };
}

/** One table: a map whose writes go to the log. */
export class Table {
  constructor(
    readonly name: string,
    private readonly rows: Map<string, Value>,
    private readonly note: (change: Change) => void,
  ) {}

  get<T = Value>(key: string): T | undefined {
    return this.rows.get(key) as T | undefined;
  }

  has(key: string): boolean {
    return this.rows.has(key);
  }

  get size(): number {
    return this.rows.size;
  }

  set(key: string, value: Value): void {
    this.rows.set(key, value);
    this.note({ table: this.name, key, value });
  }

  delete(key: string): void {
    if (this.rows.delete(key)) this.note({ table: this.name, key, value: undefined });
  }

  keys(): IterableIterator<string> {
    return this.rows.keys();
  }

  entries<T = Value>(): IterableIterator<[string, T]> {
    return this.rows.entries() as IterableIterator<[string, T]>;
  }

  copy(): ReadonlyMap<string, Value> {
    return new Map(this.rows);
  }
}
