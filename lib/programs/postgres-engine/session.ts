// One client's session: database, role, settings, transaction; runs statements one after the other.
import type { Random } from '../../sim/random';
import type { LiteValue } from '../sql/engine';
import { type Parsed, parseSql, SyntaxFailure, type Tree } from '../sql/postgres-parser';
import type { AnyRelation, Catalog, Database, Role } from './catalog';
import type { Compiler, CompilerSession, OutputColumn, Parameters, Query } from './compiler';
import { type ErrorFields, PgError } from './error';
import { expression } from './expressions';
import type { Activity } from './function-context';
import { INFORMATION_SCHEMA } from './information-schema';
import type { Instance, Lite } from './instance';
import { mayRelation, maySchema, owns } from './privileges';
import { quoteText } from './quote';
import type { Globals } from './roles';
import { selectQuery } from './select';
import { PARAMETERS, parameterName, settable } from './settings';
import { execute } from './statements';
import { classText } from './system-functions';
import { PG_CATALOG } from './system-tables';
import { copyOf, endsBlock, isControl } from './transactions';
import { isReg } from './types';
import { output } from './values';

/** What a statement gives. */
export interface Result {
  /** `INSERT 0 1`; empty for an empty query. */
  tag: string;
  columns?: OutputColumn[];
  rows?: LiteValue[][];
  /** COPY … FROM STDIN waits for data. */
  copyIn?: { columns: number; finish(data: Uint8Array): Promise<Result> };
  /** COPY … TO STDOUT gives lines. */
  copyOut?: { columns: number; lines: string[] };
}

export interface Peer {
  /** null for the local socket. */
  address: string | null;
  port: number;
}

const MAX_STEPS = 500_000; // rows of a recursive query: half a second in which nobody else of the world is heard

export class Session implements CompilerSession {
  readonly pid: number;
  readonly since: number;
  user: string;
  databaseName: string;
  /** `I`dle, in a `T`ransaction, or in a failed one (`E`). */
  state: 'I' | 'T' | 'E' = 'I';
  notices: PgError[] = [];
  /** Parameters that changed, to be reported. */
  readonly changed = new Set<string>();
  running = '';
  readonly named = new Map<string, { statement: Parsed; sql: string; types: string[] }>();
  private readonly own = new Map<string, string>();
  private readonly local = new Map<string, string | undefined>();
  private working: Globals | undefined;
  private connection: Lite | undefined;
  private writing = false;
  private savepoints: { name: string; working: Globals | undefined }[] = [];
  private transactionStart = 0;
  private steps = 0;
  private statement = 0;
  private readonly materialised = new Map<string, number>();
  private readonly currentValues = new Map<number, string>();
  private lastSequence: number | undefined;
  private acting: string | undefined;
  private readonly abort = new AbortController();

  constructor(
    readonly instance: Instance,
    readonly sessionUser: string,
    databaseName: string,
    readonly peer: Peer,
    readonly serverAddress: string | null,
    pid: number,
  ) {
    this.user = sessionUser;
    this.databaseName = databaseName;
    this.pid = pid;
    this.since = instance.clock.now();
    instance.sessions.set(pid, this);
    const role = this.roles.get(sessionUser);
    for (const [name, value] of Object.entries({ ...this.database.settings, ...role?.settings }))
      this.own.set(name, value);
  }

  get stopped(): AbortSignal {
    return this.abort.signal;
  }

  terminate(): void {
    this.abort.abort(
      new PgError('57P01', 'terminating connection due to administrator command', { severity: 'FATAL' }),
    );
  }

  get world(): Globals {
    return this.working ?? this.instance.globals;
  }

  get database(): Database {
    const found = this.world.databases.get(this.databaseName);
    if (!found) throw new PgError('3D000', `database "${this.databaseName}" does not exist`, { severity: 'FATAL' });
    return found;
  }

  get catalog(): Catalog {
    return this.database.catalog;
  }

  get roles(): ReadonlyMap<string, Role> {
    return this.world.roles;
  }

  get databases(): ReadonlyMap<string, Database> {
    return this.world.databases;
  }

  get random(): Random {
    return this.instance.options.random;
  }

  get version(): string {
    return this.instance.options.facts.version;
  }

  get server() {
    return { address: this.serverAddress, port: this.instance.options.facts.port, startedAt: this.instance.startedAt };
  }

  get superuser(): boolean {
    return this.roles.get(this.user)?.superuser ?? false;
  }

  now = (): number => this.instance.clock.now() * 1000;

  transactionTime(): number {
    return this.transactionStart || this.now();
  }

  tick(): boolean {
    if (++this.steps > MAX_STEPS)
      throw new PgError('53400', 'not supported: recursive queries of more than 500000 rows');
    return true;
  }

  activity(): Activity[] {
    return [...this.instance.sessions.values()].map((s) => ({
      pid: s.pid,
      database: s.databaseName,
      user: s.sessionUser,
      application: s.setting('application_name') ?? '',
      address: s.peer.address,
      port: s.peer.address === null ? -1 : s.peer.port,
      since: s.since * 1000,
      state: s === this ? 'active' : s.state === 'I' ? 'idle' : 'idle in transaction',
      query: s.running,
    }));
  }

  cancel(pid: number, terminate: boolean): boolean {
    const other = this.instance.sessions.get(pid);
    if (!other) {
      this.notice(`PID ${pid} is not a PostgreSQL backend process`, '01000', 'WARNING');
      return false;
    }
    if (terminate) other.terminate();
    return true;
  }

  sizeOf(oid: number): number {
    const table = this.catalog.relations.find((relation) => relation.oid === oid);
    if (table?.k !== 'table') return 8192;
    const rows = Number(this.lite.lite.all(`SELECT count(*) FROM d."t${oid}"`)[0]?.[0] ?? 0n);
    return Math.ceil((rows * 64) / 8192) * 8192;
  }

  notice(message: string, code = '00000', severity: NonNullable<ErrorFields['severity']> = 'NOTICE'): void {
    if (severity === 'NOTICE' && /^(warning|error)$/i.test(this.setting('client_min_messages') ?? '')) return;
    this.notices.push(new PgError(code, message, { severity }));
  }

  // Settings

  setting(name: string): string | undefined {
    const known = parameterName(name);
    if (!known) return undefined;
    const { facts } = this.instance.options;
    const [version = ''] = facts.version.split(' ');
    const computed: Record<string, string> = {
      server_version: facts.version,
      server_version_num: `${version.split('.')[0]}${(version.split('.')[1] ?? '0').padStart(4, '0')}`,
      is_superuser: this.superuser ? 'on' : 'off',
      session_authorization: this.sessionUser,
      port: String(facts.port),
      max_connections: String(facts.maxConnections),
    };
    return computed[known] ?? this.own.get(known) ?? PARAMETERS[known];
  }

  settings(): [string, string][] {
    return Object.keys(PARAMETERS)
      .sort()
      .map((name) => [name, this.setting(name) ?? '']);
  }

  set(name: string, value: string, local: boolean): void {
    const known = settable(name);
    if (local && this.state !== 'I' && !this.local.has(known)) this.local.set(known, this.own.get(known));
    this.own.set(known, value);
    this.changed.add(known);
  }

  unset(name: string): void {
    const known = settable(name);
    this.own.delete(known);
    this.changed.add(known);
  }

  resetAll(): void {
    for (const name of this.own.keys()) this.changed.add(name);
    this.own.clear();
  }

  searchPath(): string[] {
    const names = (this.setting('search_path') ?? '')
      .split(',')
      .map((part) => part.trim().replace(/^"(.*)"$/, '$1'))
      .filter(Boolean);
    return names.map((name) => (name === '$user' ? this.user : name));
  }

  temporarySchema(create = false): string {
    const name = `pg_temp_${this.pid}`;
    if (create) this.catalog.schemas[name] ??= { oid: this.instance.nextOid(), owner: this.user };
    return name;
  }

  // Names

  findRelation(name: string, schema?: string): AnyRelation | undefined {
    const path =
      schema === undefined
        ? [this.temporarySchema(), ...this.searchPath()]
        : [schema === 'pg_temp' ? this.temporarySchema() : schema];
    for (const place of path) {
      const found = this.catalog.relations.find((relation) => relation.name === name && relation.schema === place);
      if (found) return found;
    }
    return undefined;
  }

  /** Makes a table of the system's for this statement. */
  systemTable(schema: string, name: string): { from: string; columns: OutputColumn[] } | undefined {
    const table = (schema === 'pg_catalog' ? PG_CATALOG : schema === 'information_schema' ? INFORMATION_SCHEMA : {})[
      name
    ];
    if (!table) return undefined;
    const columns = table.columns.split(',').map((text) => {
      const [column = '', type = 'text'] = text.split(' ');
      return { name: column, type };
    });
    const from = `temp."${schema}.${name}"`;
    if (this.materialised.get(from) === this.statement) return { from, columns };
    this.materialised.set(from, this.statement);
    const { lite } = this.lite;
    lite.run(`DROP TABLE IF EXISTS ${from}`);
    lite.run(`CREATE TABLE ${from} (${columns.map((_, i) => `c${i + 1}`).join(', ')})`);
    const insert = `INSERT INTO ${from} VALUES (${columns.map(() => '?').join(', ')})`;
    lite.insertAll(insert, table.rows(this));
    return { from, columns };
  }

  // Privileges

  as<T>(role: string, body: () => T): T {
    const before = this.acting;
    this.acting = role;
    try {
      return body();
    } finally {
      this.acting = before;
    }
  }

  may(role: string, relation: AnyRelation, letter: string): boolean {
    return mayRelation(this.roles, role, relation, letter);
  }

  requirePrivilege(target: { oid: number }, letter: string): void {
    const relation = this.catalog.relations.find(({ oid }) => oid === target.oid);
    if (!relation) return;
    const role = this.acting ?? this.user;
    const schema = this.catalog.schemas[relation.schema];
    if (
      schema &&
      !relation.schema.startsWith('pg_temp_') &&
      !maySchema(this.roles, role, schema, this.database.owner, 'U')
    )
      throw new PgError('42501', `permission denied for schema ${relation.schema}`);
    if (!this.may(role, relation, letter))
      throw new PgError('42501', `permission denied for ${relation.k} ${relation.name}`);
  }

  mayCreateIn(name: string, at?: number): void {
    const schema = this.catalog.schemas[name];
    if (schema && !maySchema(this.roles, this.user, schema, this.database.owner, 'C'))
      throw new PgError('42501', `permission denied for schema ${name}`, { at });
  }

  mustOwn(thing: { owner: string; name: string }, what: string): void {
    if (!owns(this.roles, this.user, thing.owner)) throw new PgError('42501', `must be owner of ${what} ${thing.name}`);
  }

  // Sequences

  private sequence(oid: number) {
    const found = this.catalog.relations.find((relation) => relation.oid === oid);
    if (found?.k !== 'sequence') throw new PgError('42809', `"${classText(this, oid)}" is not a sequence`);
    return found;
  }

  currentValue(oid: number): { value: string; called: boolean } {
    return this.instance.counters.get(oid) ?? { value: this.sequence(oid).start, called: false };
  }

  nextval(oid: number): string {
    const sequence = this.sequence(oid);
    if (!this.may(this.user, sequence, 'U') && !this.may(this.user, sequence, 'w'))
      throw new PgError('42501', `permission denied for sequence ${sequence.name}`);
    const { value, called } = this.currentValue(oid);
    let next = called ? BigInt(value) + BigInt(sequence.increment) : BigInt(value);
    const [min, max] = [BigInt(sequence.min), BigInt(sequence.max)];
    if (next > max || next < min) {
      if (!sequence.cycle)
        throw new PgError(
          '2200H',
          `nextval: reached ${next > max ? 'maximum' : 'minimum'} value of sequence "${sequence.name}" (${next > max ? max : min})`,
        );
      next = next > max ? min : max;
    }
    this.instance.counters.set(oid, { value: String(next), called: true });
    this.currentValues.set(oid, String(next));
    this.lastSequence = oid;
    return String(next);
  }

  currval(oid: number): string {
    const value = this.currentValues.get(oid);
    if (value === undefined)
      throw new PgError('55000', `currval of sequence "${this.sequence(oid).name}" is not yet defined in this session`);
    return value;
  }

  lastval(): string {
    if (this.lastSequence === undefined) throw new PgError('55000', 'lastval is not yet defined in this session');
    return this.currval(this.lastSequence);
  }

  setval(oid: number, value: string, called: boolean): string {
    this.sequence(oid);
    this.instance.counters.set(oid, { value, called });
    if (called) this.currentValues.set(oid, value);
    return value;
  }

  // SQLite

  get lite(): Lite {
    this.connection ??= this.instance.takeConnection(this);
    return this.connection;
  }

  all(sql: string, params: LiteValue[] = []): LiteValue[][] {
    return this.guard(() => this.lite.lite.all(sql, params));
  }

  run(sql: string, params: LiteValue[] = []): number {
    return this.guard(() => this.lite.lite.run(sql, params));
  }

  /** An error of a function is thrown as it was; SQLite keeps only its text. */
  private guard<T>(work: () => T): T {
    this.lite.error = undefined;
    try {
      return work();
    } catch (error) {
      const { error: own } = this.lite;
      if (own instanceof PgError) throw own;
      throw error;
    }
  }

  scalar(sql: string): LiteValue {
    return this.all(`SELECT ${sql}`)[0]?.[0] ?? null;
  }

  /** The text of a value, as it goes to the client. */
  textOf(type: string, value: LiteValue): string {
    if (isReg(type)) return String(this.scalar(`pg_out(${quoteText(type)}, ${value})`));
    return output(type, value);
  }

  compiler(parameters: Parameters = { values: [], types: [] }): Compiler {
    const compiler: Compiler = {
      session: this,
      parameters,
      expr: (node, scope) => expression(compiler, node, scope),
      select: (node, parent, wanted) => selectQuery(compiler, node, parent, wanted),
    };
    return compiler;
  }

  /** The columns that a query will have, and the types of its parameters. */
  describe(statement: Tree, types: string[]): Query | undefined {
    this.statement++;
    const parameters: Parameters = { values: undefined, types };
    const compiler = this.compiler(parameters);
    if (statement.SelectStmt && !statement.SelectStmt.intoClause) return compiler.select(statement, undefined);
    return undefined;
  }

  // Transactions

  /** Makes this session the writer, with a transaction open in SQLite. */
  async write(): Promise<void> {
    if (this.writing) return;
    await this.instance.lock(this);
    this.run('BEGIN IMMEDIATE');
    this.writing = true;
    for (const [i] of this.savepoints.entries()) this.run(`SAVEPOINT sp${i}`);
  }

  /** Works on a copy of roles and catalogs, put in place when the work succeeds. */
  async change<T>(work: () => T | Promise<T>): Promise<T> {
    await this.write();
    const before = this.working;
    this.working = copyOf(this.world, this.databaseName);
    try {
      return await work();
    } catch (error) {
      this.working = before;
      throw error;
    }
  }

  begin(): void {
    this.transactionStart = this.now();
    this.state = 'T';
  }

  /** Commits; resolves when it is durable. */
  async commit(): Promise<void> {
    this.endBlock();
    if (!this.writing) return;
    this.instance.writeMeta(this.lite.lite, this.world);
    this.run('COMMIT');
    if (this.working) this.instance.globals = this.working;
    this.working = undefined;
    this.writing = false;
    this.instance.unlock(this);
    await this.instance.save();
  }

  rollback(): void {
    this.endBlock();
    this.working = undefined;
    if (!this.writing) return;
    this.run('ROLLBACK');
    this.writing = false;
    this.instance.unlock(this);
  }

  private endBlock(): void {
    this.state = 'I';
    this.savepoints = [];
    this.transactionStart = 0;
    for (const [name, value] of this.local) {
      if (value === undefined) this.own.delete(name);
      else this.own.set(name, value);
      this.changed.add(name);
    }
    this.local.clear();
  }

  savepoint(name: string): void {
    if (this.writing) this.run(`SAVEPOINT sp${this.savepoints.length}`);
    this.savepoints.push({ name, working: this.working });
  }

  private findSavepoint(name: string): number {
    const at = this.savepoints.findLastIndex((one) => one.name === name);
    if (at < 0) throw new PgError('3B001', `savepoint "${name}" does not exist`);
    return at;
  }

  rollbackTo(name: string): void {
    const at = this.findSavepoint(name);
    if (this.writing) this.run(`ROLLBACK TO sp${at}`);
    this.working = this.savepoints[at]?.working;
    this.savepoints = this.savepoints.slice(0, at + 1);
    this.state = 'T';
  }

  release(name: string): void {
    const at = this.findSavepoint(name);
    if (this.writing) this.run(`RELEASE sp${at}`);
    this.savepoints = this.savepoints.slice(0, at);
  }

  // Statements

  /** Runs all statements of a text; several of them are one transaction. */
  async *simple(sql: string): AsyncGenerator<Result> {
    const statements = this.parse(sql);
    this.running = sql;
    const block = { implicit: statements.length > 1 && this.state === 'I' };
    try {
      for (const statement of statements)
        yield await this.one(statement, sql, { values: [], types: [] }, block.implicit && !isControl(statement.stmt));
      if (block.implicit && this.state === 'I') await this.commit();
    } catch (error) {
      if (block.implicit && this.state === 'I') this.rollback();
      throw error;
    }
  }

  parse(sql: string): Parsed[] {
    try {
      return parseSql(sql);
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) throw error;
      if (this.state === 'T') this.state = 'E';
      throw Object.assign(new PgError('42601', error.message), { position: error.position });
    }
  }

  /** Runs one statement; outside of a transaction it is committed, durably. `more`: others of the same text follow. */
  async one(statement: Parsed, sql: string, parameters: Parameters, more = false): Promise<Result> {
    this.stopped.throwIfAborted();
    this.statement++;
    this.steps = 0;
    if (this.state === 'E' && !endsBlock(statement.stmt))
      throw new PgError('25P02', 'current transaction is aborted, commands ignored until end of transaction block');
    if (this.state === 'I' && !this.transactionStart) this.transactionStart = this.now();
    try {
      const result = await this.atomically(statement, sql, parameters);
      if (this.state === 'I' && !more) await this.commit();
      return result;
    } catch (error) {
      if (this.state === 'T') this.state = 'E';
      else if (this.state === 'I' && !more) this.rollback();
      throw error;
    }
  }

  /** All of a statement or nothing of it. */
  private async atomically(statement: Parsed, sql: string, parameters: Parameters): Promise<Result> {
    const marked = this.writing && !isControl(statement.stmt);
    if (marked) this.run('SAVEPOINT statement');
    const before = this.working;
    try {
      const result = await execute(this, statement, sql, parameters);
      if (marked && this.writing) this.run('RELEASE statement');
      return result;
    } catch (error) {
      if (marked && this.writing) {
        this.run('ROLLBACK TO statement');
        this.run('RELEASE statement');
      } else if (this.writing && this.state === 'T' && !isControl(statement.stmt)) this.undoFirst();
      this.working = before;
      throw error;
    }
  }

  /** The first statement of a transaction that writes failed: nothing was written before it. */
  private undoFirst(): void {
    this.run('ROLLBACK');
    this.writing = false;
    this.instance.unlock(this);
  }

  close(): void {
    if (this.writing || this.state !== 'I') this.rollback();
    this.dropTemporary();
    this.instance.sessions.delete(this.pid);
    if (this.connection) this.instance.giveBack(this.connection);
    this.connection = undefined;
  }

  private dropTemporary(): void {
    const catalog = this.instance.globals.databases.get(this.databaseName)?.catalog;
    const name = this.temporarySchema();
    if (!catalog?.schemas[name]) return;
    catalog.relations = catalog.relations.filter(({ schema }) => schema !== name);
    delete catalog.schemas[name];
  }
}
