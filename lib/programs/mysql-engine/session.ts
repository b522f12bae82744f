// One client's session: its database, variables, transaction; runs statements one after the other.
import { errors, SqlError } from '../mysql-protocol/errors';
import type { Column, SqlValue } from '../mysql-protocol/types';
import type { LiteValue } from '../sql/engine';
import type { UserRow } from './accounts';
import type { Statement } from './ast';
import type { Table } from './catalog';
import { SessionContext } from './context';
import type { Connection, Instance } from './instance';
import { parse } from './parser/parser';
import { execute, explainColumns } from './statements/execute';

/** What a statement gives. */
export type Result =
  | { k: 'rows'; columns: Column[]; rows: SqlValue[][]; warnings?: number }
  | { k: 'ok'; affected?: bigint; insertId?: bigint; info?: string; warnings?: number };

export interface Warning {
  level: 'Note' | 'Warning' | 'Error';
  code: number;
  message: string;
}

export interface Prepared {
  id: number;
  sql: string;
  parameters: number;
  columns: Column[];
}

export class Session {
  readonly id: number;
  db: string | undefined;
  readonly variables = new Map<string, SqlValue>();
  readonly uservars = new Map<string, SqlValue>();
  /** Tables of CREATE TEMPORARY TABLE. */
  readonly temporary = new Map<string, Table>();
  readonly named = new Map<string, string>();
  inTransaction = false;
  lastInsertId = 0n;
  rowCount = -1n;
  foundRows = 0n;
  warnings: Warning[] = [];
  command = 'Sleep';
  running = '';
  /** Seconds since when, for SHOW PROCESSLIST. */
  since: number;
  private readonly abort = new AbortController();
  private connection: Connection | undefined;
  private writing = false;
  private statements = new Map<number, Prepared>();
  private nextStatement = 1;

  constructor(
    readonly instance: Instance,
    public account: UserRow,
    /** The user name that the client gave, and where it comes from. */
    public user: string,
    readonly host: string,
    readonly port: number,
  ) {
    this.id = instance.takeConnectionId();
    this.since = instance.clock.now();
    instance.sessions.set(this.id, this);
  }

  get killed(): AbortSignal {
    return this.abort.signal;
  }

  kill(): void {
    this.abort.abort(errors.interrupted());
  }

  variable(name: string): SqlValue {
    return this.variables.get(name) ?? this.instance.globals.get(name) ?? null;
  }

  get autocommit(): boolean {
    return this.variable('autocommit') !== 0n;
  }

  /** Runs all statements of a text; one result each. */
  async *run(sql: string, parameters: SqlValue[] = []): AsyncGenerator<{ result: Result; more: boolean }> {
    let rest: string | undefined = sql;
    while (rest !== undefined) {
      const parsed = parse(rest);
      this.instance.counters.questions++;
      this.running = rest;
      const result = await this.one(parsed.statement, rest, parameters);
      rest = parsed.next === undefined ? undefined : rest.slice(parsed.next);
      yield { result, more: rest !== undefined };
    }
  }

  private async one(statement: Statement, sql: string, parameters: SqlValue[]): Promise<Result> {
    if (statement.k === 'empty') throw errors.emptyQuery();
    this.killed.throwIfAborted();
    const keeps = statement.k === 'show' && /warnings|errors/.test(statement.what);
    if (!keeps) this.warnings = [];
    try {
      const result = await execute(this, new SessionContext(this, parameters), statement, sql);
      this.rowCount = result.k === 'ok' ? (result.affected ?? 0n) : -1n;
      if (result.k === 'rows' && !keeps) this.foundRows = BigInt(result.rows.length);
      return { ...result, warnings: keeps ? 0 : this.warnings.length };
    } catch (error) {
      this.rowCount = -1n;
      if (error instanceof SqlError && !keeps) this.warn('Error', error.code, error.message);
      throw error;
    }
  }

  warn(level: Warning['level'], code: number, message: string): void {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push({ level, code, message });
  }

  // SQLite

  private get lite(): Connection {
    if (!this.connection) {
      this.connection = this.instance.takeConnection();
      this.connection.assign = (name, value) => this.uservars.set(name.toLowerCase(), value);
    }
    return this.connection;
  }

  query(sql: string): LiteValue[][] {
    return this.guard(() => this.lite.lite.all(sql));
  }

  change(sql: string): number {
    return this.guard(() => this.lite.lite.run(sql));
  }

  /** An error of a native function is thrown as it was; SQLite keeps only its text. */
  private guard<T>(work: () => T): T {
    this.lite.error = undefined;
    try {
      return work();
    } catch (error) {
      const { error: own } = this.lite;
      throw own instanceof SqlError ? own : error;
    }
  }

  // Transactions

  /** Makes this session the writer, with a transaction open. */
  async write(): Promise<void> {
    if (this.writing) return;
    await this.instance.lock(this);
    this.change(`PRAGMA foreign_keys=${this.variable('foreign_key_checks') === 0n ? 'OFF' : 'ON'}`);
    this.change('BEGIN IMMEDIATE');
    this.writing = true;
    if (!this.autocommit) this.inTransaction = true;
    for (const name of this.savepoints) this.change(`SAVEPOINT ${name}`);
  }

  /** Runs a statement that writes; all of it or nothing. Outside a transaction it is committed, durably. */
  async atomically<T>(work: () => Promise<T> | T): Promise<T> {
    await this.write();
    this.change('SAVEPOINT statement');
    try {
      const result = await work();
      this.change('RELEASE statement');
      if (!this.inTransaction) await this.commit();
      return result;
    } catch (error) {
      this.change('ROLLBACK TO statement');
      this.change('RELEASE statement');
      if (!this.inTransaction) this.rollback();
      throw error;
    }
  }

  /** Commits; resolves when it is durable. */
  async commit(): Promise<void> {
    this.inTransaction = false;
    this.savepoints = [];
    if (!this.writing) return;
    this.instance.writeMeta(this.lite);
    this.change('COMMIT');
    this.writing = false;
    this.instance.unlock(this);
    await this.instance.save();
  }

  rollback(): void {
    this.inTransaction = false;
    this.savepoints = [];
    if (!this.writing) return;
    this.change('ROLLBACK');
    this.writing = false;
    this.instance.unlock(this);
  }

  private savepoints: string[] = [];

  savepoint(name: string): void {
    if (!this.inTransaction) return;
    const id = savepointId(name);
    this.savepoints = [...this.savepoints.filter((other) => other !== id), id];
    if (this.writing) this.change(`SAVEPOINT ${id}`);
  }

  rollbackTo(name: string): void {
    const id = savepointId(name);
    const at = this.savepoints.indexOf(id);
    if (at < 0) throw errors.savepoint(name);
    this.savepoints = this.savepoints.slice(0, at + 1);
    if (this.writing) this.change(`ROLLBACK TO ${id}`);
  }

  release(name: string): void {
    const id = savepointId(name);
    const at = this.savepoints.indexOf(id);
    if (at < 0) throw errors.savepoint(name);
    this.savepoints = this.savepoints.slice(0, at);
    if (this.writing) this.change(`RELEASE ${id}`);
  }

  // Prepared statements

  prepare(sql: string): Prepared {
    const { statement, parameters, next } = parse(sql);
    if (next !== undefined) throw errors.parse(sql.slice(next), 1);
    if (statement.k === 'empty') throw errors.emptyQuery();
    const nulls = Array.from({ length: parameters }, () => null);
    const columns = explainColumns(this, new SessionContext(this, nulls), statement);
    const prepared = { id: this.nextStatement++, sql, parameters, columns };
    this.statements.set(prepared.id, prepared);
    return prepared;
  }

  findPrepared(id: number): Prepared | undefined {
    return this.statements.get(id);
  }

  closePrepared(id: number): void {
    this.statements.delete(id);
  }

  /** Puts the session back to its beginning, as COM_RESET_CONNECTION does. */
  reset(): void {
    this.rollback();
    for (const table of this.temporary.values()) this.change(`DROP TABLE IF EXISTS temp."${table.id}"`);
    this.temporary.clear();
    this.variables.clear();
    this.uservars.clear();
    this.named.clear();
    this.statements.clear();
    this.warnings = [];
  }

  close(): void {
    this.reset();
    this.instance.sessions.delete(this.id);
    if (this.connection) this.instance.giveBack(this.connection);
    this.connection = undefined;
  }
}

const MAX_WARNINGS = 64; // max_error_count of a small server

/** A savepoint's name in SQLite: any name will do there when it is hexadecimal. */
const savepointId = (name: string): string => `sp_${Buffer.from(name.toLowerCase()).toString('hex')}`;
