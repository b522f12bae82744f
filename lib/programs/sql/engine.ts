// The SQL engine under the database servers: SQLite in WebAssembly (sql.js). Many connections share one database file, each
// with its own transaction, as SQLite isolates them.
import initSqlJs, { type Database, type SqlJsStatic } from 'sql.js';

/** sql.js can give integers as bigint; its types do not say so. */
type Getter = { get(params: null, config: { useBigInt: boolean }): LiteValue[] };

/** sql.js' aggregates, as its types do not say them. */
interface Aggregating {
  create_aggregate(
    name: string,
    steps: {
      init: () => LiteValue[];
      step: (values: LiteValue[], value: LiteValue) => LiteValue[];
      finalize: (values: LiteValue[]) => LiteValue;
    },
  ): void;
}

let wasm: Uint8Array | undefined;
let loading: Promise<SqlJsStatic> | undefined;

/**
 * Hands in the bytes of `sql.js/dist/sql-wasm.wasm`: a world reads no file of the host, so whoever runs worlds calls this
 * once. Works the same bundled (esbuild's `binary` loader), under tsx and in tests (`readFileSync`).
 */
export function provideSqlWasm(bytes: Uint8Array): void {
  wasm = bytes;
}

/** Loads the engine; call it inside `clock.busy`. */
export async function loadSql(): Promise<Sql> {
  if (!wasm) throw new Error('no SQL engine: provideSqlWasm was not called');
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer;
  loading ??= initSqlJs({ wasmBinary });
  return new Sql(await loading);
}

/** A value of SQLite. */
export type LiteValue = null | number | bigint | string | Uint8Array;
export type LiteFunction = (...args: LiteValue[]) => LiteValue;

export class Sql {
  constructor(private readonly lib: SqlJsStatic) {}

  /** A database held in memory, from the bytes of its file or empty. */
  storage(bytes?: Uint8Array): Storage {
    return new Storage(this.lib, new this.lib.Database(bytes ?? null));
  }
}

/** One database file, as long as its server runs. */
export class Storage {
  constructor(
    private readonly lib: SqlJsStatic,
    private readonly db: Database,
  ) {
    this.db.run('PRAGMA page_size=4096'); // the unit in which changes reach the disk
    this.db.run('PRAGMA auto_vacuum=NONE');
  }

  /** A connection; the file is its schema `d`. */
  connect(): LiteConnection {
    const db = new this.lib.Database();
    const { filename } = this.db as unknown as { filename: string };
    db.run(`ATTACH '${filename}' AS d`);
    // Uncommitted pages stay in the connection's memory, so that the file holds only what is committed.
    db.run('PRAGMA d.cache_spill=OFF');
    db.run('PRAGMA d.journal_mode=MEMORY');
    db.run('PRAGMA d.synchronous=OFF');
    return new LiteConnection(db);
  }

  /** The file's bytes: what is committed. */
  bytes(): Uint8Array {
    return this.db.export();
  }

  close(): void {
    this.db.close();
  }
}

/** One connection's view of the database. */
export class LiteConnection {
  /** Functions that no statement has named yet: making them all known costs more than a connection's few statements. */
  private readonly unnamed = new Map<string, () => void>();

  constructor(private readonly db: Database) {}

  define(name: string, fn: LiteFunction): void {
    this.unnamed.set(name, () => this.db.create_function(name, fn));
  }

  /** A function of any number of arguments. */
  defineAny(name: string, fn: LiteFunction): void {
    this.define(
      name,
      Object.defineProperty((...args: LiteValue[]) => fn(...args), 'length', { value: -1 }),
    );
  }

  /** An aggregate over the values of its one argument, nulls and all. */
  aggregate(name: string, finish: (values: LiteValue[]) => LiteValue): void {
    const { db } = this as unknown as { db: Aggregating };
    this.unnamed.set(name, () =>
      db.create_aggregate(name, {
        init: () => [],
        step: (values, value) => {
          values.push(value);
          return values;
        },
        finalize: (values) => finish(values),
      }),
    );
  }

  /** Runs `act`, which prepares `sql`, with the functions that it names, and that the definitions of its tables name. */
  private naming<T>(sql: string, act: () => T): T {
    for (const [name] of sql.matchAll(/\b[a-z]+_\w+/g)) this.makeKnown(name);
    for (;;)
      try {
        return act();
      } catch (error) {
        const missing = /(?:no such|unknown) function: (\w+)/.exec(error instanceof Error ? error.message : '')?.[1];
        if (!missing || !this.makeKnown(missing)) throw error;
      }
  }

  private makeKnown(name: string): boolean {
    const make = this.unnamed.get(name);
    make?.();
    return this.unnamed.delete(name);
  }

  /** Rows of one statement; integers come as bigint. */
  all(sql: string, params: LiteValue[] = []): LiteValue[][] {
    const statement = this.naming(sql, () => this.db.prepare(sql));
    try {
      statement.bind(params.map(small) as never);
      const rows: LiteValue[][] = [];
      while (statement.step()) rows.push((statement as unknown as Getter).get(null, { useBigInt: true }));
      return rows;
    } finally {
      statement.free();
    }
  }

  /** Runs one statement for each row of parameters. */
  insertAll(sql: string, rows: LiteValue[][]): void {
    const statement = this.naming(sql, () => this.db.prepare(sql));
    try {
      for (const row of rows) statement.run(row.map(small) as never);
    } finally {
      statement.free();
    }
  }

  /** Runs one statement; gives the number of rows it changed. */
  run(sql: string, params: LiteValue[] = []): number {
    this.naming(sql, () => this.db.run(sql, params.map(small) as never));
    return this.db.getRowsModified();
  }

  close(): void {
    this.db.close();
  }
}

/** sql.js binds a bigint as text; one of 32 bits can go as a number. */
const small = (value: LiteValue): LiteValue =>
  typeof value === 'bigint' && BigInt.asIntN(32, value) === value ? Number(value) : value;
