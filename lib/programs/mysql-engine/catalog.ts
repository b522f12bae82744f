// What the server knows of its databases, tables and views. SQLite holds the rows; what only MySQL has (types, lengths,
// comments, key names) lives here and is kept as the CREATE statements that make it.
import { errors } from '../mysql-protocol/errors';
import type { SqlType } from '../mysql-protocol/types';
import type { CheckDef, ColumnDef, ForeignDef, IndexDef, Statement, TableOptions } from './ast';
import { createTableText } from './describe';
import { parse } from './parser/parser';

export interface NamedIndex extends IndexDef {
  name: string;
}
export interface NamedForeign extends ForeignDef {
  name: string;
}
interface NamedCheck extends CheckDef {
  name: string;
}

export interface Table {
  db: string;
  name: string;
  /** The table's name in SQLite. */
  id: string;
  columns: ColumnDef[];
  indexes: NamedIndex[];
  foreigns: NamedForeign[];
  checks: NamedCheck[];
  options: TableOptions;
  /** Milliseconds since the epoch. */
  createdAt: number;
  temporary?: boolean;
  /** The next AUTO_INCREMENT value. */
  nextAuto: bigint;
}

export interface View {
  db: string;
  name: string;
  text: string;
  columns?: string[];
  definer: string;
}

export interface Database {
  name: string;
  charset: string;
  collate: string;
}

/** The stored form. */
interface Stored {
  nextId: number;
  databases: Database[];
  tables: { db: string; id: string; sql: string; createdAt: number }[];
  views: View[];
}

export const SYSTEM_DATABASES: readonly string[] = ['information_schema', 'mysql', 'performance_schema', 'sys'];

export class Catalog {
  readonly databases = new Map<string, Database>();
  private readonly tables = new Map<string, Table>();
  readonly views = new Map<string, View>();
  private nextId = 1;

  constructor(stored?: string) {
    for (const name of SYSTEM_DATABASES)
      this.databases.set(name, { name, charset: 'utf8mb4', collate: DEFAULT_COLLATION });
    if (stored) this.load(JSON.parse(stored) as Stored);
  }

  save(): string {
    const stored: Stored = {
      nextId: this.nextId,
      databases: [...this.databases.values()].filter(({ name }) => !SYSTEM_DATABASES.includes(name)),
      tables: this.allTables().map((table) => ({
        db: table.db,
        id: table.id,
        sql: createTableText(table, { autoIncrement: false }),
        createdAt: table.createdAt,
      })),
      views: [...this.views.values()],
    };
    return JSON.stringify(stored);
  }

  private load(stored: Stored): void {
    this.nextId = stored.nextId;
    for (const database of stored.databases) this.databases.set(database.name, database);
    for (const { db, id, sql, createdAt } of stored.tables) {
      const statement = parse(sql).statement as Extract<Statement, { k: 'create table' }>;
      this.add(defineTable(statement, db, id, createdAt));
    }
    for (const view of stored.views) this.views.set(key(view.db, view.name), view);
  }

  takeId(): string {
    return `t${this.nextId++}`;
  }

  getDatabase(name: string): Database {
    const database = this.databases.get(name);
    if (!database) throw errors.badDb(name);
    return database;
  }

  findTable(db: string, name: string): Table | undefined {
    return this.tables.get(key(db, name));
  }

  findView(db: string, name: string): View | undefined {
    return this.views.get(key(db, name));
  }

  add(table: Table): void {
    this.tables.set(key(table.db, table.name), table);
  }

  remove(table: { db: string; name: string }): void {
    this.tables.delete(key(table.db, table.name));
  }

  allTables(db?: string): Table[] {
    const all = [...this.tables.values()].filter((table) => db === undefined || table.db === db);
    return all.sort((a, b) => (a.db < b.db || (a.db === b.db && a.name < b.name) ? -1 : 1));
  }

  allViews(db?: string): View[] {
    return [...this.views.values()].filter((view) => db === undefined || view.db === db);
  }

  /** Tables with a foreign key to this one. */
  children(table: Table): { child: Table; foreign: NamedForeign }[] {
    return this.allTables().flatMap((child) =>
      child.foreigns
        .filter((foreign) => (foreign.table.db ?? child.db) === table.db && foreign.table.name === table.name)
        .map((foreign) => ({ child, foreign })),
    );
  }
}

export const DEFAULT_COLLATION = 'utf8mb4_0900_ai_ci';
const key = (db: string, name: string): string => `${db}.${name}`;

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export const findColumn = (table: Table, name: string): ColumnDef | undefined =>
  table.columns.find((column) => sameName(column.name, name));

export const primaryKey = (table: Table): NamedIndex | undefined =>
  table.indexes.find((index) => index.kind === 'primary');

const inPrimary = (table: Table, column: ColumnDef): boolean =>
  primaryKey(table)?.columns.some(({ name }) => sameName(name, column.name)) ?? false;

/** PRI, UNI, MUL or nothing, as DESCRIBE shows it. */
export function keyKind(table: Table, column: ColumnDef): 'PRI' | 'UNI' | 'MUL' | '' {
  if (inPrimary(table, column)) return 'PRI';
  const first = table.indexes.filter((index) => sameName(index.columns[0]?.name ?? '', column.name));
  if (first.some((index) => index.kind === 'unique' && index.columns.length === 1)) return 'UNI';
  return first.length > 0 ? 'MUL' : '';
}

/** Checks a definition and gives every key its name, as the server does. */
export function defineTable(
  statement: Extract<Statement, { k: 'create table' }>,
  db: string,
  id: string,
  createdAt: number,
): Table {
  const table: Table = {
    db,
    name: statement.table.name,
    id,
    columns: [],
    indexes: [],
    foreigns: [],
    checks: [],
    options: statement.options,
    createdAt,
    ...(statement.temporary ? { temporary: true } : {}),
    nextAuto: statement.options.autoIncrement ?? 1n,
  };
  for (const column of statement.columns) addColumn(table, column);
  for (const index of statement.indexes) addIndex(table, index);
  for (const foreign of statement.foreigns) addForeign(table, foreign);
  for (const check of statement.checks) addCheck(table, check);
  checkAuto(table);
  return table;
}

export function addColumn(table: Table, column: ColumnDef): void {
  if (column.name.length > NAME_LIMIT) throw errors.identTooLong(column.name);
  if (findColumn(table, column.name)) throw errors.dupFieldname(column.name);
  const { primary: _primary, unique: _unique, check: _check, ...rest } = column;
  const type: SqlType = /_bin$|_cs$/.test(column.collate ?? table.options.collate ?? '')
    ? { ...column.type, caseSensitive: true }
    : column.type;
  table.columns.push({ ...rest, type });
}

const NAME_LIMIT = 64; // characters of an identifier

export function addIndex(table: Table, index: IndexDef): void {
  for (const { name } of index.columns) if (!findColumn(table, name)) throw errors.keyColumnMissing(name);
  if (index.kind === 'primary') {
    if (primaryKey(table)) throw errors.multiplePrimary();
    for (const column of table.columns)
      if (index.columns.some(({ name }) => sameName(name, column.name))) column.notNull = true;
    table.indexes.unshift({ ...index, name: 'PRIMARY' });
    return;
  }
  const name = index.name ?? freeIndexName(table, index.columns[0]?.name ?? 'key');
  if (table.indexes.some((other) => sameName(other.name, name))) throw errors.dupKeyname(name);
  table.indexes.push({ ...index, name });
}

function freeIndexName(table: Table, base: string): string {
  const taken = (name: string) => table.indexes.some((index) => sameName(index.name, name));
  if (!taken(base)) return base;
  for (let n = 2; ; n++) if (!taken(`${base}_${n}`)) return `${base}_${n}`;
}

export function addForeign(table: Table, foreign: ForeignDef): void {
  for (const name of foreign.columns) if (!findColumn(table, name)) throw errors.keyColumnMissing(name);
  const number = (name: string) => Number(/_ibfk_(\d+)$/.exec(name)?.[1] ?? 0);
  const next = Math.max(0, ...table.foreigns.map(({ name }) => number(name))) + 1;
  const name = foreign.name ?? `${table.name}_ibfk_${next}`;
  table.foreigns.push({ ...foreign, name });
  const covered = table.indexes.some((index) =>
    foreign.columns.every((column, i) => sameName(index.columns[i]?.name ?? '', column)),
  );
  if (covered) return;
  const columns = foreign.columns.map((column) => ({ name: column, desc: false }));
  addIndex(table, { kind: 'index', columns, ...(foreign.name ? { name: foreign.name } : {}) });
}

export function addCheck(table: Table, check: CheckDef): void {
  table.checks.push({ ...check, name: check.name ?? `${table.name}_chk_${table.checks.length + 1}` });
}

export function checkAuto(table: Table): void {
  const autos = table.columns.filter((column) => column.autoIncrement);
  for (const auto of autos) auto.notNull = true;
  const [auto] = autos;
  if (!auto) return;
  const keyed = table.indexes.some((index) => sameName(index.columns[0]?.name ?? '', auto.name));
  if (autos.length > 1 || !keyed) throw errors.wrongAutoKey();
}
