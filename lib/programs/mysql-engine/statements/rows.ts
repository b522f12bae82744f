// Changing rows: INSERT, REPLACE, UPDATE, DELETE, with MySQL's counting and its errors.
import { errors } from '../../mysql-protocol/errors';
import { type Column, formatValue, type SqlValue } from '../../mysql-protocol/types';
import type { ColumnDef, Expr, Select, Statement } from '../ast';
import { findColumn, primaryKey, sameName, type Table } from '../catalog';
import type { SessionContext } from '../context';
import { foreignText, isNow, quoteName } from '../describe';
import { instant } from '../emit/expressions';
import { quoteId, valueFragment } from '../emit/fragment';
import { QueryEmitter, tableId, tableSource } from '../emit/queries';
import { type From, NOWHERE, type Scope, type Source } from '../emit/scope';
import type { Result, Session } from '../session';
import { store } from '../store';

type Insert = Extract<Statement, { k: 'insert' }>;
type Update = Extract<Statement, { k: 'update' }>;
type Delete = Extract<Statement, { k: 'delete' }>;

const sql = (value: SqlValue): string => valueFragment(value).sql;
const ROWS_PER_SLICE = 200; // rows changed before others get their turn

/** A row's values by column, in the table's order. */
type Row = SqlValue[];

export class RowChanger {
  private readonly emitter: QueryEmitter;
  private rows = 0;

  constructor(
    private readonly session: Session,
    private readonly context: SessionContext,
  ) {
    this.emitter = new QueryEmitter(context);
  }

  private async pause(): Promise<void> {
    if (++this.rows % ROWS_PER_SLICE === 0) await this.session.instance.clock.yield();
    this.session.killed.throwIfAborted();
  }

  // INSERT

  async insert(statement: Insert): Promise<Result> {
    const table = this.context.table(statement.table.db, statement.table.name, 'INSERT');
    if (statement.replace) this.context.table(statement.table.db, statement.table.name, 'DELETE');
    const columns = this.insertColumns(table, statement.columns);
    return this.session.atomically(async () => {
      const given = statement.query
        ? this.queryRows(statement.query, columns.length)
        : (statement.rows ?? []).map((row, i) => this.valueRow(table, columns, row, i + 1));
      const state = { affected: 0n, firstAuto: 0n, duplicates: 0 };
      for (const [i, values] of given.entries()) {
        await this.pause();
        const row = this.completeRow(table, columns, values, i + 1, statement.ignore);
        if (row) this.put(table, statement, row, state);
      }
      this.checkConstraints(table);
      if (state.firstAuto > 0n) this.session.lastInsertId = state.firstAuto;
      const many = given.length > 1 || statement.query !== undefined;
      return {
        k: 'ok',
        affected: state.affected,
        insertId: state.firstAuto,
        ...(many
          ? {
              info: `Records: ${given.length}  Duplicates: ${state.duplicates}  Warnings: ${this.session.warnings.length}`,
            }
          : {}),
      };
    });
  }

  private insertColumns(table: Table, names: string[] | undefined): ColumnDef[] {
    if (!names) return table.columns;
    const seen = new Set<string>();
    return names.map((name) => {
      const column = findColumn(table, name);
      if (!column) throw errors.badField(name, 'field list');
      if (seen.has(column.name)) throw errors.fieldTwice(column.name);
      seen.add(column.name);
      return column;
    });
  }

  private queryRows(query: Select, count: number): (SqlValue | undefined)[][] {
    const emitted = this.emitter.select(query);
    if (emitted.columns.length !== count) throw errors.valueCount(1);
    return this.session.query(emitted.sql).map((row) => row.map((value, i) => asGiven(value, emitted.columns[i])));
  }

  private valueRow(table: Table, columns: ColumnDef[], row: (Expr | undefined)[], n: number): (SqlValue | undefined)[] {
    if (row.length === 0 && columns === table.columns) return columns.map(() => undefined);
    if (row.length !== columns.length) throw errors.valueCount(n);
    return this.evaluate(
      row.map((expr, i) =>
        expr?.k === 'call' && expr.name === 'DEFAULT' ? undefined : this.columnless(expr, columns, row, i),
      ),
    );
  }

  /** Earlier columns may be named in a row: `VALUES (1, id + 1)`; DEFAULT stays undefined. */
  private columnless(
    expr: Expr | undefined,
    columns: ColumnDef[],
    row: (Expr | undefined)[],
    at: number,
  ): Expr | undefined {
    if (expr?.k !== 'col') return expr;
    const earlier = columns.findIndex((column) => sameName(column.name, expr.name));
    return earlier >= 0 && earlier < at ? row[earlier] : expr;
  }

  private evaluate(exprs: (Expr | undefined)[]): (SqlValue | undefined)[] {
    const constants = exprs.map((expr) => (expr ? constant(expr, this.context) : undefined));
    if (exprs.every((expr, i) => !expr || constants[i] !== undefined)) return constants;
    const scope: Scope = { from: NOWHERE, clause: 'field list' };
    const fragments = exprs.map((expr) => (expr ? this.emitter.expr(expr, scope) : undefined));
    const [values = []] = this.session.query(`SELECT ${fragments.map((f) => f?.sql ?? 'NULL').join(', ')}`);
    return fragments.map((f, i) => (f ? asGiven(values[i] ?? null, { name: '', type: f.type }) : undefined));
  }

  /** Every column's value: given, default, or the next number. Undefined when IGNORE drops the row. */
  private completeRow(
    table: Table,
    columns: ColumnDef[],
    values: (SqlValue | undefined)[],
    n: number,
    ignore: boolean,
  ): Row | undefined {
    try {
      return table.columns.map((column) => {
        const at = columns.indexOf(column);
        const value = at >= 0 ? values[at] : undefined;
        if (column.autoIncrement && (value === undefined || value === null || value === 0n)) return null;
        return store(column, value === undefined ? this.defaultOf(column) : value, n);
      });
    } catch (error) {
      if (!ignore || !(error instanceof Error)) throw error;
      this.session.warn('Warning', (error as { code?: number }).code ?? 1265, error.message);
      return undefined;
    }
  }

  private defaultOf(column: ColumnDef): SqlValue {
    const value = column.default;
    if (!value) {
      if (column.notNull && !column.autoIncrement) {
        if (column.type.name === 'enum') return column.type.values?.[0] ?? null;
        throw errors.noDefault(column.name);
      }
      return null;
    }
    if (isNow(value)) return instant(this.context.now, column.type.scale ?? 0);
    return this.evaluate([value])[0] ?? null;
  }

  private put(
    table: Table,
    statement: Insert,
    row: Row,
    state: { affected: bigint; firstAuto: bigint; duplicates: number },
  ): void {
    const auto = table.columns.findIndex((column) => column.autoIncrement);
    const generated = auto >= 0 && row[auto] === null;
    if (generated) row[auto] = store(table.columns[auto] as ColumnDef, table.nextAuto, 1);
    const value = auto >= 0 ? BigInt(row[auto] as bigint | number) : 0n;
    for (let tries = 0; ; tries++) {
      const conflict = this.tryInsert(table, row);
      if (!conflict) break;
      if (statement.replace && tries < MAX_KEYS) {
        state.affected += BigInt(
          this.session.change(`DELETE FROM ${tableId(table)} WHERE ${this.sameKey(table, conflict, row)}`),
        );
        state.duplicates++;
        continue;
      }
      if (statement.onDuplicate) return void this.updateDuplicate(table, statement, row, conflict, state);
      if (!statement.ignore) throw conflict.error;
      this.session.warn('Warning', conflict.error.code, conflict.error.message);
      state.duplicates++;
      return;
    }
    state.affected++;
    if (auto < 0) return;
    if (generated && state.firstAuto === 0n) state.firstAuto = value;
    if (value >= table.nextAuto) table.nextAuto = value + 1n;
  }

  private tryInsert(table: Table, row: Row): Conflict | undefined {
    const names = table.columns.map((column) => quoteId(column.name)).join(', ');
    try {
      this.session.change(`INSERT INTO ${tableId(table)} (${names}) VALUES (${row.map(sql).join(', ')})`);
      return undefined;
    } catch (error) {
      const conflict = this.conflict(table, error, row);
      if (!conflict) throw this.foreignError(table, error, row);
      return conflict;
    }
  }

  /** Reads SQLite's complaint: which key, which value. */
  private conflict(table: Table, error: unknown, row: Row): Conflict | undefined {
    const found = /^UNIQUE constraint failed: (.*)$/.exec(error instanceof Error ? error.message : '');
    if (!found) return undefined;
    const names = (found[1] ?? '').split(', ').map((name) => name.slice(name.indexOf('.') + 1));
    const index = table.indexes.find(
      (candidate) =>
        candidate.columns.length === names.length &&
        candidate.columns.every(({ name }, i) => sameName(name, names[i] ?? '')),
    );
    const entry = names.map((name) => {
      const at = table.columns.findIndex((column) => sameName(column.name, name));
      const value = row[at] ?? null;
      return value === null ? 'NULL' : formatValue(value, (table.columns[at] as ColumnDef).type);
    });
    return {
      columns: names,
      error: errors.dupEntry(entry.join('-').slice(0, 64), `${table.name}.${index?.name ?? 'PRIMARY'}`),
    };
  }

  private sameKey(table: Table, conflict: Conflict, row: Row): string {
    return conflict.columns
      .map(
        (name) =>
          `${quoteId(name)} = ${sql(row[table.columns.findIndex((column) => sameName(column.name, name))] ?? null)}`,
      )
      .join(' AND ');
  }

  private updateDuplicate(
    table: Table,
    statement: Insert,
    row: Row,
    conflict: Conflict,
    state: { affected: bigint; firstAuto: bigint },
  ): void {
    const source = tableSource(table, table.name, 's0');
    const scope: Scope = {
      from: { sql: '', sources: [source, attempted(table, statement.alias ?? '', row)], shared: [] },
      clause: 'field list',
    };
    const own: Scope = { ...scope, from: { ...scope.from, sources: [source] } };
    const sets = (statement.onDuplicate ?? []).map(({ column: name, value }) => {
      const column = findColumn(table, name);
      if (!column) throw errors.badField(name, 'field list');
      return { column, sql: this.emitter.expr(insertedValues(value, table, row), statement.alias ? scope : own).sql };
    });
    const where = this.sameKey(table, conflict, row);
    const changed = this.applySets(
      table,
      sets,
      `${tableId(table)} AS s0`,
      where.replaceAll(/(^|AND )"/g, '$1s0."'),
      false,
    );
    state.affected += changed.changed > 0 ? 2n : 0n;
    const auto = table.columns.findIndex((column) => column.autoIncrement);
    if (auto < 0) return;
    const [existing] = this.session.query(
      `SELECT ${quoteId((table.columns[auto] as ColumnDef).name)} FROM ${tableId(table)} WHERE ${where}`,
    );
    if (existing) state.firstAuto = BigInt(existing[0] as bigint);
  }

  // UPDATE

  async update(statement: Update): Promise<Result> {
    const from = this.emitter.from(statement.from, undefined, 'UPDATE');
    const scope: Scope = { from, clause: 'field list' };
    const sets = statement.set.map(({ column, value }) => this.target(from, column, value, scope));
    const where = statement.where ? this.emitter.condition(statement.where, { from, clause: 'where clause' }) : '1';
    const tail = this.tail(statement, from);
    const sources = [...new Set(sets.map(({ source }) => source))];
    return this.session.atomically(async () => {
      let [matched, changed] = [0, 0];
      for (const source of sources) {
        const table = source.table as Table;
        const own = sets
          .filter((set) => set.source === source)
          .map(({ column, sql: value }) => ({ column, sql: value }));
        const counts = this.applySets(table, own, from.sql, `${where}${tail}`, statement.ignore, source.id);
        matched += counts.matched;
        changed += counts.changed;
        this.checkConstraints(table);
        await this.pause();
      }
      const info = `Rows matched: ${matched}  Changed: ${changed}  Warnings: ${this.session.warnings.length}`;
      return { k: 'ok', affected: BigInt(changed), info };
    });
  }

  private target(
    from: From,
    name: { table?: string; name: string },
    value: Expr | undefined,
    scope: Scope,
  ): { source: Source; column: ColumnDef; sql: string } {
    const candidates = from.sources.filter(
      (source) =>
        (!name.table || source.alias === name.table) && source.columns.some((c) => sameName(c.name, name.name)),
    );
    const [source] = candidates;
    if (!source) throw errors.badField([name.table, name.name].filter(Boolean).join('.'), 'field list');
    if (candidates.length > 1) throw errors.nonUniq(name.name, 'field list');
    if (!source.table) throw errors.viewNotUpdatable(source.alias, 'UPDATE');
    const column = findColumn(source.table, name.name) as ColumnDef;
    const isDefault = !value || (value.k === 'call' && value.name === 'DEFAULT');
    return { source, column, sql: isDefault ? sql(this.defaultOf(column)) : this.emitter.expr(value, scope).sql };
  }

  private tail(statement: { orderBy: Update['orderBy']; limit?: Update['limit'] }, from: From): string {
    const scope: Scope = { from, clause: 'order clause' };
    const order = statement.orderBy.map(({ of, desc }) => this.emitter.expr(of, scope).sql + (desc ? ' DESC' : ''));
    const limit = statement.limit ? ` LIMIT ${this.emitter.expr(statement.limit.count, scope).sql}` : '';
    return `${order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''}${limit}`;
  }

  /** Works the new values out first, then changes row by row: as many as differ are counted as changed. */
  private applySets(
    table: Table,
    sets: { column: ColumnDef; sql: string }[],
    source: string,
    where: string,
    ignore: boolean,
    id = 's0',
  ): { matched: number; changed: number } {
    const keys = keyColumns(table);
    const list = [...keys, ...sets.map(({ column }) => quoteId(column.name))].map((name) => `${id}.${name}`);
    const rows = this.session.query(
      `SELECT ${[...list, ...sets.map((set) => set.sql)].join(', ')} FROM ${source} WHERE ${where}`,
    );
    let changed = 0;
    const seen = new Set<string>();
    for (const [n, row] of rows.entries()) {
      const keyText = JSON.stringify(row.slice(0, keys.length).map(String));
      if (seen.has(keyText)) continue;
      seen.add(keyText);
      const old = row.slice(keys.length, keys.length + sets.length);
      const fresh = sets.map(({ column }, i) => store(column, row[keys.length + sets.length + i] ?? null, n + 1));
      if (fresh.every((value, i) => same(value, old[i] ?? null))) continue;
      if (
        this.updateRow(
          table,
          keys,
          row.slice(0, keys.length),
          sets.map(({ column }) => column),
          fresh,
          ignore,
        )
      )
        changed++;
    }
    return { matched: seen.size, changed };
  }

  private updateRow(
    table: Table,
    keys: string[],
    key: SqlValue[],
    columns: ColumnDef[],
    values: SqlValue[],
    ignore: boolean,
  ): boolean {
    const assignments = columns.map((column, i) => `${quoteId(column.name)} = ${sql(values[i] ?? null)}`);
    for (const column of table.columns)
      if (column.onUpdateNow && !columns.includes(column))
        assignments.push(`${quoteId(column.name)} = ${sql(instant(this.context.now, column.type.scale ?? 0))}`);
    const where = keys.map((name, i) => `${name} = ${sql(key[i] ?? null)}`).join(' AND ');
    const row = table.columns.map((column) => values[columns.indexOf(column)] ?? null);
    try {
      this.session.change(`UPDATE ${tableId(table)} SET ${assignments.join(', ')} WHERE ${where}`);
      return true;
    } catch (error) {
      const conflict = this.conflict(table, error, this.currentRow(table, where, row));
      if (!conflict) throw this.foreignError(table, error, row);
      if (!ignore) throw conflict.error;
      this.session.warn('Warning', conflict.error.code, conflict.error.message);
      return false;
    }
  }

  private currentRow(table: Table, where: string, changes: Row): Row {
    const [current = []] = this.session.query(
      `SELECT ${table.columns.map((column) => quoteId(column.name)).join(', ')} FROM ${tableId(table)} WHERE ${where}`,
    );
    return table.columns.map((_, i) => changes[i] ?? current[i] ?? null);
  }

  // DELETE

  async delete(statement: Delete): Promise<Result> {
    const from = this.emitter.from(statement.from, undefined, 'DELETE');
    const where = statement.where ? this.emitter.condition(statement.where, { from, clause: 'where clause' }) : '1';
    const tail = this.tail(statement, from);
    const names = statement.targets.length > 0 ? statement.targets : [from.sources[0]?.alias ?? ''];
    const sources = names.map((name) => {
      const source = from.sources.find((s) => s.alias === name);
      if (!source) throw errors.unknownDeleteTable(name);
      if (!source.table) throw errors.viewNotUpdatable(name, 'DELETE');
      return source;
    });
    return this.session.atomically(async () => {
      const found = sources.map(({ id, table }) => {
        const keys = keyColumns(table as Table);
        const list = keys.map((name) => `${id}.${name}`).join(', ');
        const rows = this.session.query(
          `SELECT ${tail ? '' : 'DISTINCT '}${list} FROM ${from.sql} WHERE ${where}${tail}`,
        );
        return { table: table as Table, keys, rows };
      });
      let affected = 0;
      for (const { table, keys, rows } of found)
        for (const row of rows) {
          await this.pause();
          affected += this.deleteRow(table, keys.map((name, i) => `${name} = ${sql(row[i] ?? null)}`).join(' AND '));
        }
      return { k: 'ok', affected: BigInt(affected) };
    });
  }

  private deleteRow(table: Table, where: string): number {
    try {
      return this.session.change(`DELETE FROM ${tableId(table)} WHERE ${where}`);
    } catch (error) {
      throw this.foreignError(table, error, undefined);
    }
  }

  // Constraints

  /** SQLite says only that a foreign key failed; which one is found by looking. */
  private foreignError(table: Table, error: unknown, row: Row | undefined): unknown {
    if (!(error instanceof Error) || !/FOREIGN KEY constraint failed/.test(error.message)) return error;
    const text = (child: Table, foreign: Table['foreigns'][number]) =>
      `${quoteName(child.db)}.${quoteName(child.name)}, ${foreignText(foreign, child.db)}`;
    const missing = row && table.foreigns.find((foreign) => !this.hasParent(table, foreign, row));
    if (missing) return errors.noReferencedRow(text(table, missing));
    const [reference] = this.session.instance.catalog.children(table);
    if (reference) return errors.rowIsReferenced(text(reference.child, reference.foreign));
    const [own] = table.foreigns;
    return own ? errors.noReferencedRow(text(table, own)) : error;
  }

  private hasParent(table: Table, foreign: Table['foreigns'][number], row: Row): boolean {
    const parent = this.session.instance.catalog.findTable(foreign.table.db ?? table.db, foreign.table.name);
    if (!parent) return false;
    const values = foreign.columns.map(
      (name) => row[table.columns.findIndex((column) => sameName(column.name, name))] ?? null,
    );
    if (values.includes(null)) return true;
    const where = foreign.refColumns.map((name, i) => `${quoteId(name)} = ${sql(values[i] ?? null)}`).join(' AND ');
    return this.session.query(`SELECT 1 FROM ${tableId(parent)} WHERE ${where}`).length > 0;
  }

  private checkConstraints(table: Table): void {
    if (table.checks.length === 0) return;
    const source = tableSource(table, table.name, 's0');
    const scope: Scope = { from: { sql: '', sources: [source], shared: [] }, clause: 'check constraint' };
    for (const check of table.checks) {
      const condition = this.emitter.expr(check.expr, scope).sql;
      const broken = this.session.query(`SELECT 1 FROM ${tableId(table)} AS s0 WHERE NOT (${condition}) LIMIT 1`);
      if (broken.length > 0) throw errors.checkViolated(check.name);
    }
  }
}

interface Conflict {
  columns: string[];
  error: ReturnType<typeof errors.dupEntry>;
}

const MAX_KEYS = 64; // of one table: a REPLACE can collide once a key

/** What identifies a row in SQLite: the primary key, or its row number. */
function keyColumns(table: Table): string[] {
  const primary = primaryKey(table);
  return primary ? primary.columns.map(({ name }) => quoteId(name)) : ['rowid'];
}

const same = (a: SqlValue, b: SqlValue): boolean => {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return (
    a === b || (a !== null && b !== null && typeof a !== 'string' && typeof b !== 'string' && Number(a) === Number(b))
  );
};

/** A value on its way from a query into a table: exact decimals as text, so that their digits stay. */
function asGiven(value: SqlValue, column: Column | undefined): SqlValue {
  if (value !== null && typeof value === 'number' && column?.type.name === 'decimal')
    return formatValue(value, column.type);
  return value;
}

/** A literal's value, without asking SQLite; undefined for anything else. */
function constant(expr: Expr, context: SessionContext): SqlValue | undefined {
  switch (expr.k) {
    case 'null':
      return null;
    case 'int':
      return expr.value;
    case 'dec':
      return expr.text;
    case 'double':
      return expr.value;
    case 'str':
    case 'bytes':
      return expr.value;
    case 'bool':
      return expr.value ? 1n : 0n;
    case 'param':
      return context.parameters[expr.index] ?? null;
    default:
      return undefined;
  }
}

/** `VALUES(col)` in ON DUPLICATE KEY UPDATE is the value that was to be inserted. */
function insertedValues(expr: Expr, table: Table, row: Row): Expr {
  if (expr.k === 'call' && expr.name === 'VALUES') {
    const name = expr.args[0]?.k === 'col' ? expr.args[0].name : '';
    const at = table.columns.findIndex((column) => sameName(column.name, name));
    if (at < 0) throw errors.badField(name, 'field list');
    return literal(row[at] ?? null);
  }
  if (expr.k === 'binary')
    return { ...expr, left: insertedValues(expr.left, table, row), right: insertedValues(expr.right, table, row) };
  if (expr.k === 'call') return { ...expr, args: expr.args.map((arg) => insertedValues(arg, table, row)) };
  if (expr.k === 'unary') return { ...expr, of: insertedValues(expr.of, table, row) };
  return expr;
}

function literal(value: SqlValue): Expr {
  if (value === null) return { k: 'null' };
  if (typeof value === 'bigint') return { k: 'int', value };
  if (typeof value === 'number') return { k: 'double', value };
  return typeof value === 'string' ? { k: 'str', value } : { k: 'bytes', value };
}

/** The row to be inserted, as a source that the alias of `INSERT … AS new` names. */
function attempted(table: Table, alias: string, row: Row): Source {
  const columns = table.columns.map((column, i) => {
    const fragment = { ...valueFragment(row[i] ?? null), type: column.type };
    return { name: column.name, fragment, meta: { name: column.name, type: column.type } };
  });
  return { alias, id: 'new', columns };
}
