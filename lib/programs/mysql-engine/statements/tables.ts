// CREATE, ALTER, DROP of tables, indexes, views, databases. Each commits what was open, as MySQL does.
import { errors } from '../../mysql-protocol/errors';
import type { SqlType } from '../../mysql-protocol/types';
import { may } from '../accounts';
import type { AlterAction, ColumnDef, IndexDef, Select, Statement, TableName } from '../ast';
import {
  addCheck,
  addColumn,
  addForeign,
  addIndex,
  checkAuto,
  DEFAULT_COLLATION,
  defineTable,
  findColumn,
  primaryKey,
  SYSTEM_DATABASES,
  sameName,
  type Table,
} from '../catalog';
import type { SessionContext } from '../context';
import { isCaseless, quoteId, valueFragment } from '../emit/fragment';
import { QueryEmitter, tableId } from '../emit/queries';
import type { Result, Session } from '../session';
import { store } from '../store';
import { RowChanger } from './rows';

type Of<K extends Statement['k']> = Extract<Statement, { k: K }>;
const OK: Result = { k: 'ok', affected: 0n };

/** A type in SQLite: what decides its sorting and conversions there. */
function liteType(type: SqlType): string {
  if (/int$|^bit$|^year$/.test(type.name)) return 'INTEGER';
  if (/^(decimal|float|double)$/.test(type.name)) return 'REAL';
  if (/binary|blob/.test(type.name)) return 'BLOB';
  return isCaseless(type) ? 'TEXT COLLATE NOCASE' : 'TEXT';
}

export class TableChanger {
  constructor(
    private readonly session: Session,
    private readonly context: SessionContext,
  ) {}

  private get catalog() {
    return this.session.instance.catalog;
  }

  /** Runs a definition: commits what was open, then the change by itself. */
  private async define(work: () => void | Promise<void>): Promise<Result> {
    await this.session.commit();
    await this.session.atomically(async () => {
      // tables are rebuilt and renamed; SQLite must not follow references meanwhile
      this.session.change('PRAGMA defer_foreign_keys=ON');
      this.session.change('PRAGMA legacy_alter_table=ON');
      await work();
    });
    await this.session.commit();
    return OK;
  }

  private place(table: TableName, privilege: string): { db: string; name: string } {
    const db = table.db ?? this.context.database();
    this.catalog.getDatabase(db);
    if (!may(this.session.account, privilege, db, table.name)) {
      if (SYSTEM_DATABASES.includes(db)) throw errors.dbAccessDenied(this.session.user, this.session.host, db);
      throw errors.tableAccessDenied(privilege, this.session.user, this.session.host, table.name);
    }
    if (db === 'information_schema') throw errors.dbAccessDenied(this.session.user, this.session.host, db);
    return { db, name: table.name };
  }

  async createTable(statement: Of<'create table'>): Promise<Result> {
    const { db, name } = this.place(statement.table, 'CREATE');
    const { temporary } = this.session;
    const exists = statement.temporary
      ? temporary.has(`${db}.${name}`)
      : this.catalog.findTable(db, name) || this.catalog.findView(db, name);
    if (exists) {
      if (!statement.ifNotExists) throw errors.tableExists(name);
      this.session.warn('Note', 1050, `Table '${name}' already exists`);
      return OK;
    }
    const id = statement.temporary ? `tt${this.catalog.takeId()}` : this.catalog.takeId();
    const table = statement.like ? this.copyOf(statement.like, db, name, id) : this.defined(statement, db, id);
    for (const column of table.columns) if (column.generated) throw errors.unsupported('generated columns');
    if (statement.temporary) {
      this.build(table);
      temporary.set(`${db}.${name}`, table);
      if (statement.query) return this.fill(table, statement.query);
      return OK;
    }
    this.resolveForeigns(table);
    let filled = OK;
    await this.define(async () => {
      this.build(table);
      this.catalog.add(table);
    });
    if (statement.query) filled = await this.fill(table, statement.query);
    return filled;
  }

  private defined(statement: Of<'create table'>, db: string, id: string): Table {
    const { engine } = statement.options;
    if (engine && !/^(innodb|myisam|memory|csv|archive|blackhole)$/i.test(engine)) throw errors.unknownEngine(engine);
    const database = this.catalog.getDatabase(db);
    const inherited = database.charset === 'utf8mb4' ? {} : { charset: database.charset, collate: database.collate };
    const options =
      statement.options.charset || statement.options.collate
        ? statement.options
        : { ...inherited, ...statement.options };
    return defineTable(
      { ...statement, options, columns: [...statement.columns, ...this.queryColumns(statement)] },
      db,
      id,
      this.context.now,
    );
  }

  /** The columns that CREATE TABLE … SELECT adds. */
  private queryColumns(statement: Of<'create table'>): ColumnDef[] {
    if (!statement.query) return [];
    const { columns } = new QueryEmitter(this.context).select(statement.query);
    return columns
      .filter((column) => !statement.columns.some((known) => sameName(known.name, column.name)))
      .map((column) => ({
        name: column.name,
        type: column.type.name === 'null' ? { name: 'binary', length: 0 } : column.type,
        notNull: column.notNull ?? false,
      }));
  }

  private fill(table: Table, query: Select): Promise<Result> {
    const { columns } = new QueryEmitter(this.context).select(query);
    return new RowChanger(this.session, this.context).insert({
      k: 'insert',
      table: { db: table.db, name: table.name },
      columns: columns.map((column) => column.name),
      query,
      replace: false,
      ignore: false,
    });
  }

  private copyOf(source: TableName, db: string, name: string, id: string): Table {
    const table = this.context.table(source.db, source.name, 'SELECT');
    return { ...structuredClone(table), db, name, id, foreigns: [], nextAuto: 1n, createdAt: this.context.now };
  }

  private resolveForeigns(table: Table): void {
    for (const foreign of table.foreigns) {
      const db = foreign.table.db ?? table.db;
      const parent =
        db === table.db && foreign.table.name === table.name ? table : this.catalog.findTable(db, foreign.table.name);
      if (!parent) {
        if (this.session.variable('foreign_key_checks') === 0n) continue;
        throw errors.fkNoParent(foreign.table.name);
      }
      if (foreign.refColumns.length === 0)
        foreign.refColumns = primaryKey(parent)?.columns.map((column) => column.name) ?? [];
      const covered = parent.indexes.some((index) =>
        foreign.refColumns.every((name, i) => sameName(index.columns[i]?.name ?? '', name)),
      );
      if (!covered) throw errors.fkMissingIndex(foreign.name, parent.name);
    }
  }

  /** Makes the table in SQLite: rows in primary-key order, as InnoDB keeps them. */
  private build(table: Table): void {
    const parts = table.columns.map((column) => `${quoteId(column.name)} ${liteType(column.type)}`);
    const primary = primaryKey(table);
    if (primary) parts.push(`PRIMARY KEY (${primary.columns.map(({ name }) => quoteId(name)).join(', ')})`);
    for (const foreign of table.foreigns) parts.push(this.foreignClause(table, foreign));
    this.session.change(
      `CREATE ${table.temporary ? 'TEMP ' : ''}TABLE ${tableId(table)} (${parts.join(', ')})${primary ? ' WITHOUT ROWID' : ''}`,
    );
    for (const index of table.indexes) this.buildIndex(table, index);
    // SQLite wants the columns that are referred to unique
    for (const { foreign } of this.catalog.children(table)) this.parentIndex(table, foreign.refColumns);
  }

  private foreignClause(table: Table, foreign: Table['foreigns'][number]): string {
    const db = foreign.table.db ?? table.db;
    const parent =
      foreign.table.name === table.name && db === table.db ? table : this.catalog.findTable(db, foreign.table.name);
    const names = (list: string[]) => list.map(quoteId).join(', ');
    const update = foreign.onUpdate && foreign.onUpdate !== 'RESTRICT' ? ` ON UPDATE ${foreign.onUpdate}` : '';
    const remove = foreign.onDelete && foreign.onDelete !== 'RESTRICT' ? ` ON DELETE ${foreign.onDelete}` : '';
    return `FOREIGN KEY (${names(foreign.columns)}) REFERENCES ${quoteId(parent?.id ?? `missing_${foreign.table.name}`)} (${names(foreign.refColumns)})${remove}${update}`;
  }

  private parentIndex(table: Table, columns: string[]): void {
    const unique = table.indexes.some(
      (index) =>
        /primary|unique/.test(index.kind) &&
        index.columns.length === columns.length &&
        columns.every((name) => index.columns.some((column) => sameName(column.name, name))),
    );
    if (!unique) throw errors.unsupported('a foreign key to columns that are not unique');
  }

  private buildIndex(table: Table, index: IndexDef & { name: string }): void {
    if (index.kind === 'primary' || index.kind === 'fulltext') return;
    const unique = index.kind === 'unique' ? 'UNIQUE ' : '';
    const columns = index.columns.map(({ name, desc }) => quoteId(name) + (desc ? ' DESC' : '')).join(', ');
    const name = `${table.temporary ? 'temp' : 'd'}.${quoteId(`${table.id}.${index.name}`)}`;
    this.session.change(`CREATE ${unique}INDEX ${name} ON ${quoteId(table.id)} (${columns})`);
  }

  // ALTER

  async alter(statement: Of<'alter table'>): Promise<Result> {
    const { db, name } = this.place(statement.table, 'ALTER');
    const old = this.session.temporary.get(`${db}.${name}`) ?? this.catalog.findTable(db, name);
    if (!old) throw errors.noSuchTable(`${db}.${name}`);
    const table: Table = structuredClone(old);
    const sources = new Map(old.columns.map((column) => [column.name, column.name]));
    for (const action of statement.actions) this.applyAction(table, action, sources);
    checkAuto(table);
    if (table.columns.length === 0) throw errors.noColumnsLeft();
    this.resolveForeigns(table);
    let count = 0;
    await this.define(() => {
      const rename = table.name !== old.name || table.db !== old.db;
      if (rename && this.catalog.findTable(table.db, table.name)) throw errors.tableExists(table.name);
      count = this.rebuild(old, table, sources);
      this.catalog.remove(old);
      this.catalog.add(table);
      if (rename) this.renameInForeigns(old, table);
    });
    const copied = statement.actions.some(
      (action) =>
        /^(change|drop primary)$/.test(action.k) || (action.k === 'add index' && action.index.kind === 'primary'),
    );
    const affected = copied ? BigInt(count) : 0n;
    return { k: 'ok', affected, info: `Records: ${affected}  Duplicates: 0  Warnings: 0` };
  }

  /** Foreign keys of other tables follow a table's new name. */
  private renameInForeigns(from: Table, to: Table): void {
    for (const { foreign } of this.catalog.children(from)) foreign.table = { db: to.db, name: to.name };
  }

  /** Writes the table anew under the same SQLite name and gives the number of its rows. */
  private rebuild(old: Table, table: Table, sources: Map<string, string>): number {
    const kept = table.columns.filter((column) => sources.has(column.name));
    const rows = this.session.query(
      `SELECT ${kept.map((column) => quoteId(sources.get(column.name) as string)).join(', ') || '1'} FROM ${tableId(old)}`,
    );
    const aside = `${old.id}_old`;
    for (const index of old.indexes)
      if (index.kind === 'unique' || index.kind === 'index')
        this.session.change(
          `DROP INDEX IF EXISTS ${old.temporary ? 'temp' : 'd'}.${quoteId(`${old.id}.${index.name}`)}`,
        );
    this.session.change(`ALTER TABLE ${tableId(old)} RENAME TO ${quoteId(aside)}`);
    this.build(table);
    const names = table.columns.map((column) => quoteId(column.name)).join(', ');
    for (const [n, row] of rows.entries()) {
      const values = table.columns.map((column) => {
        const at = kept.indexOf(column);
        if (at >= 0) return store(column, row[at] ?? null, n + 1);
        if (column.autoIncrement) return table.nextAuto++;
        return this.filler(column);
      });
      this.insertCopied(
        table,
        names,
        values.map((value) => valueFragment(value).sql),
      );
    }
    this.session.change(`DROP TABLE ${tableId({ ...old, id: aside })}`);
    return rows.length;
  }

  private insertCopied(table: Table, names: string, values: string[]): void {
    try {
      this.session.change(`INSERT INTO ${tableId(table)} (${names}) VALUES (${values.join(', ')})`);
    } catch (error) {
      const found = /^UNIQUE constraint failed: (.*)$/.exec(error instanceof Error ? error.message : '');
      if (!found) throw error;
      const columns = (found[1] ?? '').split(', ').map((name) => name.slice(name.indexOf('.') + 1));
      const index = table.indexes.find(
        (i) =>
          i.columns.length === columns.length && i.columns.every(({ name }, n) => sameName(name, columns[n] ?? '')),
      );
      const entry = columns.map((name) =>
        values[table.columns.findIndex((column) => sameName(column.name, name))]?.replace(/^'|'$/g, ''),
      );
      throw errors.dupEntry(entry.join('-'), `${table.name}.${index?.name ?? 'PRIMARY'}`);
    }
  }

  /** What existing rows get in a new column: its default, or the type's zero. */
  private filler(column: ColumnDef): ReturnType<typeof store> {
    if (column.default) {
      const [row = []] = this.session.query(
        `SELECT ${new QueryEmitter(this.context).expr(column.default, { from: { sql: '', sources: [], shared: [] }, clause: 'field list' }).sql}`,
      );
      return store(column, row[0] ?? null, 1);
    }
    if (!column.notNull) return null;
    if (/int$|bit|year/.test(column.type.name)) return 0n;
    if (/decimal|float|double/.test(column.type.name)) return 0;
    if (column.type.values) return column.type.values[0] ?? '';
    return column.type.name === 'date'
      ? '0000-00-00'
      : /datetime|timestamp/.test(column.type.name)
        ? '0000-00-00 00:00:00'
        : '';
  }

  private applyAction(table: Table, action: AlterAction, sources: Map<string, string>): void {
    switch (action.k) {
      case 'add':
        if (action.column.generated) throw errors.unsupported('generated columns');
        addColumn(table, action.column);
        return this.move(table, action);
      case 'drop':
        return this.dropColumn(table, action.name, sources);
      case 'change':
        return this.changeColumn(table, action, sources);
      case 'rename column':
        return this.renameColumn(table, action.from, action.to, sources);
      case 'default': {
        const column = this.getColumn(table, action.column);
        if (action.value) column.default = action.value;
        else delete column.default;
        return;
      }
      case 'rename': {
        const { db, name } = this.place({ db: table.db, ...action.to }, 'CREATE');
        table.db = db;
        table.name = name;
        return;
      }
      case 'add index':
        return addIndex(table, action.index);
      case 'drop index':
      case 'drop primary': {
        const name = action.k === 'drop primary' ? 'PRIMARY' : action.name;
        if (!table.indexes.some((index) => sameName(index.name, name))) throw errors.cantDrop(name);
        table.indexes = table.indexes.filter((index) => !sameName(index.name, name));
        return;
      }
      case 'rename index': {
        const index = table.indexes.find((candidate) => sameName(candidate.name, action.from));
        if (!index) throw errors.keyMissing(action.from, table.name);
        index.name = action.to;
        return;
      }
      case 'add foreign':
        return addForeign(table, action.foreign);
      case 'drop foreign': {
        const before = table.foreigns.length + table.checks.length;
        table.foreigns = table.foreigns.filter((foreign) => !sameName(foreign.name, action.name));
        table.checks = table.checks.filter((check) => !sameName(check.name, action.name));
        if (table.foreigns.length + table.checks.length === before) throw errors.cantDrop(action.name);
        return;
      }
      case 'add check':
        return addCheck(table, action.check);
      case 'options':
        Object.assign(table.options, action.options);
        if (action.options.autoIncrement !== undefined) table.nextAuto = action.options.autoIncrement;
    }
  }

  private getColumn(table: Table, name: string): ColumnDef {
    const column = findColumn(table, name);
    if (!column) throw errors.badField(name, table.name);
    return column;
  }

  private move(
    table: Table,
    { column, first, after }: { column: { name: string }; first?: boolean; after?: string },
  ): void {
    if (!first && after === undefined) return;
    const moved = this.getColumn(table, column.name);
    const rest = table.columns.filter((other) => other !== moved);
    const at = first ? 0 : rest.indexOf(this.getColumn(table, after as string)) + 1;
    table.columns = [...rest.slice(0, at), moved, ...rest.slice(at)];
  }

  private dropColumn(table: Table, name: string, sources: Map<string, string>): void {
    const column = findColumn(table, name);
    if (!column) throw errors.cantDrop(name);
    if (table.foreigns.some((foreign) => foreign.columns.some((c) => sameName(c, name))))
      throw errors.fkColumnDrop(name, table.foreigns[0]?.name ?? '');
    table.columns = table.columns.filter((other) => other !== column);
    sources.delete(column.name);
    table.indexes = table.indexes
      .map((index) => ({ ...index, columns: index.columns.filter((c) => !sameName(c.name, name)) }))
      .filter((index) => index.columns.length > 0);
  }

  private changeColumn(
    table: Table,
    action: Extract<AlterAction, { k: 'change' }>,
    sources: Map<string, string>,
  ): void {
    const old = this.getColumn(table, action.from);
    if (!sameName(action.from, action.column.name)) this.renameColumn(table, action.from, action.column.name, sources);
    else if (old.name !== action.column.name) this.renameColumn(table, old.name, action.column.name, sources);
    const { primary: _primary, unique: _unique, check: _check, ...column } = action.column;
    const keyed = primaryKey(table)?.columns.some(({ name }) => sameName(name, column.name)) ?? false;
    table.columns = table.columns.map((other) =>
      sameName(other.name, column.name) ? { ...column, notNull: column.notNull || keyed } : other,
    );
    this.move(table, action);
  }

  private renameColumn(table: Table, from: string, to: string, sources: Map<string, string>): void {
    const column = this.getColumn(table, from);
    if (!sameName(from, to) && findColumn(table, to)) throw errors.dupFieldname(to);
    const source = sources.get(column.name);
    sources.delete(column.name);
    if (source) sources.set(to, source);
    for (const index of table.indexes) for (const part of index.columns) if (sameName(part.name, from)) part.name = to;
    for (const foreign of table.foreigns)
      foreign.columns = foreign.columns.map((name) => (sameName(name, from) ? to : name));
    column.name = to;
  }

  // DROP and the rest

  async drop(statement: Of<'drop'>): Promise<Result> {
    const places = statement.tables.map((table) => this.place(table, 'DROP'));
    const exists = ({ db, name }: { db: string; name: string }) =>
      statement.what === 'view'
        ? this.catalog.findView(db, name)
        : (this.session.temporary.get(`${db}.${name}`) ?? this.catalog.findTable(db, name));
    const missing = places.filter((place) => !exists(place)).map(({ db, name }) => `${db}.${name}`);
    if (missing.length > 0 && !statement.ifExists) throw errors.badTable(missing.join(','));
    for (const name of missing) this.session.warn('Note', 1051, `Unknown table '${name}'`);
    const found = places.filter(exists);
    if (found.length === 0) return OK;
    if (statement.what === 'view')
      return this.define(() => {
        for (const { db, name } of found) this.catalog.views.delete(`${db}.${name}`);
      });
    const temporary = found.filter(({ db, name }) => this.session.temporary.has(`${db}.${name}`));
    for (const { db, name } of temporary) {
      this.session.change(`DROP TABLE temp.${quoteId(this.session.temporary.get(`${db}.${name}`)?.id ?? '')}`);
      this.session.temporary.delete(`${db}.${name}`);
    }
    const tables = found
      .filter((place) => !temporary.includes(place))
      .map(({ db, name }) => this.catalog.findTable(db, name) as Table);
    if (tables.length === 0) return OK;
    this.refuseReferenced(tables);
    return this.define(() => this.dropTables(tables));
  }

  private refuseReferenced(tables: Table[]): void {
    if (this.session.variable('foreign_key_checks') === 0n) return;
    for (const table of tables) {
      const [reference] = this.catalog.children(table).filter(({ child }) => !tables.includes(child));
      if (reference) throw errors.fkDropParent(table.name, reference.foreign.name, reference.child.name);
    }
  }

  private dropTables(tables: Table[]): void {
    const children = tables.filter((table) => table.foreigns.length > 0);
    for (const table of [...children, ...tables.filter((t) => !children.includes(t))]) {
      this.session.change(`DROP TABLE ${tableId(table)}`);
      this.catalog.remove(table);
    }
  }

  async truncate(statement: Of<'truncate'>): Promise<Result> {
    const table = this.context.table(statement.table.db, statement.table.name, 'DROP');
    const [reference] = this.catalog.children(table).filter(({ child }) => child !== table);
    if (reference && this.session.variable('foreign_key_checks') !== 0n)
      throw errors.fkTruncate(
        `\`${reference.child.db}\`.\`${reference.child.name}\`, CONSTRAINT \`${reference.foreign.name}\``,
      );
    return this.define(() => {
      this.session.change(`DELETE FROM ${tableId(table)}`);
      table.nextAuto = 1n;
    });
  }

  createIndex(statement: Of<'create index'>): Promise<Result> {
    return this.alter({
      k: 'alter table',
      table: statement.table,
      actions: [{ k: 'add index', index: statement.index }],
    });
  }

  dropIndex(statement: Of<'drop index'>): Promise<Result> {
    const action: AlterAction =
      statement.name === 'PRIMARY' ? { k: 'drop primary' } : { k: 'drop index', name: statement.name };
    return this.alter({ k: 'alter table', table: statement.table, actions: [action] });
  }

  async renameTables(statement: Of<'rename table'>): Promise<Result> {
    for (const { from, to } of statement.pairs)
      await this.alter({ k: 'alter table', table: from, actions: [{ k: 'rename', to }] });
    return OK;
  }

  async createView(statement: Of<'create view'>): Promise<Result> {
    const { db, name } = this.place(statement.table, 'CREATE VIEW');
    if (this.catalog.findTable(db, name) || (this.catalog.findView(db, name) && !statement.replace))
      throw errors.tableExists(name);
    new QueryEmitter(this.context).select(statement.query);
    const definer = this.context.account;
    return this.define(() => {
      this.catalog.views.set(`${db}.${name}`, {
        db,
        name,
        text: statement.text,
        definer,
        ...(statement.columns ? { columns: statement.columns } : {}),
      });
    });
  }

  async createDatabase(statement: Of<'create database'>): Promise<Result> {
    const { name } = statement;
    if (!may(this.session.account, 'CREATE', name))
      throw errors.dbAccessDenied(this.session.user, this.session.host, name);
    if (this.catalog.databases.has(name)) {
      if (!statement.ifNotExists) throw errors.dbCreateExists(name);
      this.session.warn('Note', 1007, `Can't create database '${name}'; database exists`);
      return { k: 'ok', affected: 1n };
    }
    const charset = statement.charset ?? statement.collate?.split('_')[0] ?? 'utf8mb4';
    const collate = statement.collate ?? (charset === 'utf8mb4' ? DEFAULT_COLLATION : `${charset}_general_ci`);
    await this.define(() => {
      this.catalog.databases.set(name, { name, charset, collate });
    });
    return { k: 'ok', affected: 1n };
  }

  async alterDatabase(statement: Of<'alter database'>): Promise<Result> {
    const name = statement.name ?? this.context.database();
    if (!may(this.session.account, 'ALTER', name))
      throw errors.dbAccessDenied(this.session.user, this.session.host, name);
    const database = this.catalog.getDatabase(name);
    await this.define(() => {
      if (statement.charset)
        Object.assign(database, { charset: statement.charset, collate: `${statement.charset}_general_ci` });
      if (statement.collate) database.collate = statement.collate;
    });
    return { k: 'ok', affected: 1n };
  }

  async dropDatabase(statement: Of<'drop database'>): Promise<Result> {
    const { name } = statement;
    if (!may(this.session.account, 'DROP', name) || SYSTEM_DATABASES.includes(name))
      throw errors.dbAccessDenied(this.session.user, this.session.host, name);
    if (!this.catalog.databases.has(name)) {
      if (!statement.ifExists) throw errors.dbDropExists(name);
      this.session.warn('Note', 1008, `Can't drop database '${name}'; database doesn't exist`);
      return OK;
    }
    const tables = this.catalog.allTables(name);
    this.refuseReferenced(tables);
    await this.define(() => {
      this.dropTables(tables);
      for (const view of this.catalog.allViews(name)) this.catalog.views.delete(`${view.db}.${view.name}`);
      this.catalog.databases.delete(name);
    });
    this.session.instance.forgetDatabase(name);
    if (this.session.db === name) this.session.db = undefined;
    return { k: 'ok', affected: BigInt(tables.length) };
  }
}
