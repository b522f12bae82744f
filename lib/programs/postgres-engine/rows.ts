// Putting rows into tables, changing and removing them: constraints, and what follows from them.
import type { LiteValue } from '../sql/engine';
import { assignable, cast, literal } from './casts';
import {
  type Check,
  type Column,
  columnNumbered,
  type Foreign,
  type Index,
  liveColumns,
  rowsOf,
  type Table,
} from './catalog';
import { type Compiler, type Expr, Scope } from './compiler';
import { expressionText } from './definitions';
import { PgError } from './error';
import { tableColumn } from './from';
import { quoteIdent } from './quote';
import { displayType, typeNamed } from './types';
import { checkedInteger, output } from './values';

/** A row by column number. */
export type Row = Map<number, LiteValue>;

/** What runs statements of SQLite inside the open transaction. */
export interface RowStore {
  all(sql: string, params?: LiteValue[]): LiteValue[][];
  run(sql: string, params?: LiteValue[]): number;
}

/** A scope over the rows of one table. */
export function tableScope(table: Table, alias: string, sqlAlias: string): Scope {
  const scope = new Scope(undefined);
  scope.relations.add(alias);
  scope.columns = liveColumns(table).map((column) => ({ ...tableColumn(table, column, sqlAlias), relation: alias }));
  return scope;
}

/** A value for a column, as an assignment converts it. */
export function assign(c: Compiler, e: Expr, column: Column): Expr {
  if (!assignable(e.type, column.type))
    throw new PgError(
      '42804',
      `column "${column.name}" is of type ${displayType({ type: column.type })} but expression is of type ${displayType({ type: e.type })}`,
      {
        hint: 'You will need to rewrite or cast the expression.',
        at: e.at,
      },
    );
  return cast(c, e, { type: column.type, mod: column.mod }, false);
}

const shownRow = (table: Table, row: Row): string =>
  liveColumns(table)
    .map((column) => {
      const value = row.get(column.number) ?? null;
      return value === null ? 'null' : output(column.type, value);
    })
    .join(', ');

/** Values for a statement: integers are written out, since SQLite would take a bound one as text. */
function bound(values: LiteValue[]): { marks: string[]; params: LiteValue[] } {
  const isWritten = (value: LiteValue) => typeof value === 'bigint';
  return {
    marks: values.map((value) => (isWritten(value) ? literal(value) : '?')),
    params: values.filter((value) => !isWritten(value)),
  };
}

export class Rows {
  /** Checked at the end of the statement. */
  private readonly pending: (() => void)[] = [];

  constructor(
    private readonly c: Compiler,
    private readonly store: RowStore,
  ) {}

  private tables(): Table[] {
    return this.c.session.catalog.relations.filter((relation): relation is Table => relation.k === 'table');
  }

  /** Runs the checks that wait for the end of the statement. */
  settle(): void {
    for (const check of this.pending.splice(0)) check();
  }

  /** Puts in a row; gives its rowid. */
  insert(table: Table, row: Row): bigint {
    this.generate(table, row);
    this.check(table, row);
    for (const index of table.indexes) if (index.unique) this.unique(table, index, row, undefined);
    const columns = [...row.keys()];
    const { marks, params } = bound(columns.map((number) => row.get(number) ?? null));
    this.store.run(
      `INSERT INTO ${rowsOf(table)} (${columns.map((number) => `c${number}`).join(', ')}) VALUES (${marks.join(', ')})`,
      params,
    );
    this.referencesOf(table, row);
    return this.store.all('SELECT last_insert_rowid()')[0]?.[0] as bigint;
  }

  /** Gives a row other values; gives false when it is gone. */
  update(table: Table, rowid: bigint, changes: Row): boolean {
    const old = this.read(table, rowid);
    if (!old) return false;
    const row = new Map([...old, ...changes]);
    this.generate(table, row);
    this.check(table, row);
    for (const index of table.indexes) if (index.unique) this.unique(table, index, row, rowid);
    const columns = [...row.keys()].filter((number) => row.get(number) !== old.get(number));
    if (columns.length > 0) {
      const { marks, params } = bound(columns.map((number) => row.get(number) ?? null));
      const sets = columns.map((number, at) => `c${number} = ${marks[at]}`).join(', ');
      this.store.run(`UPDATE ${rowsOf(table)} SET ${sets} WHERE rowid = ${rowid}`, params);
    }
    this.referencesOf(table, row, new Set(columns));
    this.changedKeys(table, old, row);
    return true;
  }

  remove(table: Table, rowid: bigint): boolean {
    const old = this.read(table, rowid);
    if (!old) return false;
    this.store.run(`DELETE FROM ${rowsOf(table)} WHERE rowid = ${rowid}`);
    for (const [child, foreign] of this.referrers(table))
      this.orphan(child, foreign, table, old, foreign.onDelete, undefined);
    return true;
  }

  read(table: Table, rowid: bigint): Row | undefined {
    const columns = liveColumns(table);
    const names = columns.map(({ number }) => `c${number}`).join(', ') || 'rowid';
    const [found] = this.store.all(`SELECT ${names} FROM ${rowsOf(table)} WHERE rowid = ${rowid}`);
    return found && new Map(columns.map(({ number }, i) => [number, found[i] ?? null]));
  }

  private generate(table: Table, row: Row): void {
    for (const column of liveColumns(table))
      if (column.generated) row.set(column.number, this.evaluate(table, column.generated, row, column));
  }

  /** An expression over the columns of a row that is not in the table yet. */
  private evaluate(table: Table, node: unknown, row: Row, column?: Column): LiteValue {
    const scope = tableScope(table, table.name, 'r');
    const e = this.c.expr(node, scope);
    const sql = column ? assign(this.c, e, column).sql : e.sql;
    const columns = liveColumns(table);
    const { marks, params } = bound(columns.map(({ number }) => row.get(number) ?? null));
    const cells = columns.map(({ number }, i) => `${marks[i]} AS c${number}`).join(', ');
    return this.store.all(`SELECT ${sql} FROM (SELECT ${cells}) AS r`, params)[0]?.[0] ?? null;
  }

  private check(table: Table, row: Row): void {
    for (const column of liveColumns(table)) {
      const value = row.get(column.number) ?? null;
      if (value === null && column.notNull)
        throw new PgError(
          '23502',
          `null value in column "${column.name}" of relation "${table.name}" violates not-null constraint`,
          { detail: `Failing row contains (${shownRow(table, row)}).` },
        );
      if (typeof value === 'bigint') checkedInteger(column.type, value);
    }
    for (const constraint of table.constraints)
      if (constraint.k === 'check' && this.evaluate(table, constraint.expression, row) === 0n)
        throw this.checkFailed(table, constraint, row);
  }

  private checkFailed(table: Table, { name }: Check, row: Row): PgError {
    return new PgError('23514', `new row for relation "${table.name}" violates check constraint "${name}"`, {
      detail: `Failing row contains (${shownRow(table, row)}).`,
    });
  }

  // Unique indexes

  private indexValues(table: Table, index: Index, row: Row): LiteValue[] {
    return index.elements.map((element) => {
      if (element.name === undefined) return this.evaluate(table, element.expr, row);
      return row.get(liveColumns(table).find(({ name }) => name === element.name)?.number ?? -1) ?? null;
    });
  }

  /** The row that has the same values in a unique index. */
  findSame(table: Table, index: Index, row: Row, except?: bigint): { rowid: bigint; values: LiteValue[] } | undefined {
    if (index.where && this.evaluate(table, index.where, row) !== 1n) return undefined;
    const values = this.indexValues(table, index, row);
    if (values.includes(null)) return undefined;
    const scope = tableScope(table, table.name, 'r');
    const tests = index.elements.map(
      (element) =>
        `${element.name === undefined ? this.c.expr(element.expr, scope).sql : `r.c${liveColumns(table).find(({ name }) => name === element.name)?.number}`} = ?`,
    );
    const where = index.where ? ` AND ${this.c.expr(index.where, scope).sql}` : '';
    const found = this.store.all(
      `SELECT rowid FROM ${rowsOf(table)} AS r WHERE ${tests.join(' AND ')}${where} LIMIT 2`,
      values,
    );
    const other = found.map(([rowid]) => rowid as bigint).find((rowid) => rowid !== except);
    return other === undefined ? undefined : { rowid: other, values };
  }

  private unique(table: Table, index: Index, row: Row, except: bigint | undefined): void {
    if (except === undefined) return this.refuseSame(table, index, row, except);
    // a statement may pass through a state that its end does not show
    this.pending.push(() => this.refuseSame(table, index, row, except));
  }

  private refuseSame(table: Table, index: Index, row: Row, except: bigint | undefined): void {
    const same = this.findSame(table, index, row, except);
    if (!same) return;
    const names = index.elements.map((element) =>
      element.name === undefined ? expressionText(element.expr, table) : quoteIdent(element.name),
    );
    throw new PgError('23505', `duplicate key value violates unique constraint "${index.name}"`, {
      detail: `Key (${names.join(', ')})=(${this.texts(table, index, same.values).join(', ')}) already exists.`,
    });
  }

  private texts(table: Table, index: Index, values: LiteValue[]): string[] {
    return values.map((value, i) => {
      const column = liveColumns(table).find(({ name }) => name === index.elements[i]?.name);
      return value === null ? 'null' : output(column?.type ?? 'text', value);
    });
  }

  // Foreign keys

  private target(foreign: Foreign): Table {
    return this.tables().find(({ oid }) => oid === foreign.table) as Table;
  }

  private referencesOf(table: Table, row: Row, changed?: Set<number>): void {
    for (const constraint of table.constraints)
      if (constraint.k === 'foreign' && (!changed || constraint.columns.some((number) => changed.has(number))))
        this.pending.push(() => this.mustExist(table, constraint, row));
  }

  private mustExist(table: Table, foreign: Foreign, row: Row): void {
    const values = foreign.columns.map((number) => row.get(number) ?? null);
    if (values.includes(null)) return;
    const target = this.target(foreign);
    const tests = foreign.references.map((number) => `c${number} = ?`).join(' AND ');
    if (this.store.all(`SELECT 1 FROM ${rowsOf(target)} WHERE ${tests} LIMIT 1`, values).length > 0) return;
    throw new PgError(
      '23503',
      `insert or update on table "${table.name}" violates foreign key constraint "${foreign.name}"`,
      {
        detail: `Key (${namesOf(table, foreign.columns)})=(${textsOf(table, foreign.columns, row)}) is not present in table "${target.name}".`,
      },
    );
  }

  private referrers(table: Table): [Table, Foreign][] {
    return this.tables().flatMap((child) =>
      child.constraints
        .filter((constraint): constraint is Foreign => constraint.k === 'foreign' && constraint.table === table.oid)
        .map((foreign) => [child, foreign] as [Table, Foreign]),
    );
  }

  private changedKeys(table: Table, old: Row, row: Row): void {
    for (const [child, foreign] of this.referrers(table))
      if (foreign.references.some((number) => old.get(number) !== row.get(number)))
        this.orphan(child, foreign, table, old, foreign.onUpdate, row);
  }

  /** What happens to the rows that refer to one that goes, or gets another key. */
  private orphan(child: Table, foreign: Foreign, table: Table, old: Row, action: string, row: Row | undefined): void {
    const values = foreign.references.map((number) => old.get(number) ?? null);
    if (values.includes(null)) return;
    const tests = foreign.columns.map((number) => `c${number} = ?`).join(' AND ');
    const found = this.store
      .all(`SELECT rowid FROM ${rowsOf(child)} WHERE ${tests}`, values)
      .map(([rowid]) => rowid as bigint);
    if (found.length === 0) return;
    if (action === 'r') throw this.stillReferenced(child, foreign, table, old);
    if (action === 'a') {
      this.pending.push(() => this.unreferenced(child, foreign, table, old, values, tests));
      return;
    }
    for (const rowid of found) {
      if (action === 'c' && !row) this.remove(child, rowid);
      else
        this.update(
          child,
          rowid,
          new Map(
            foreign.columns.map((number, i) => [
              number,
              this.follow(child, number, action, row, foreign.references[i] as number),
            ]),
          ),
        );
    }
  }

  private follow(child: Table, number: number, action: string, row: Row | undefined, reference: number): LiteValue {
    if (action === 'c') return row?.get(reference) ?? null;
    const column = columnNumbered(child, number);
    if (action !== 'd' || !column.default) return null;
    return this.c.session.scalar(assign(this.c, this.c.expr(column.default, new Scope(undefined)), column).sql);
  }

  private unreferenced(
    child: Table,
    foreign: Foreign,
    table: Table,
    old: Row,
    values: LiteValue[],
    tests: string,
  ): void {
    const again = foreign.references.map((number) => `c${number} = ?`).join(' AND ');
    if (this.store.all(`SELECT 1 FROM ${rowsOf(table)} WHERE ${again} LIMIT 1`, values).length > 0) return;
    if (this.store.all(`SELECT 1 FROM ${rowsOf(child)} WHERE ${tests} LIMIT 1`, values).length > 0)
      throw this.stillReferenced(child, foreign, table, old);
  }

  private stillReferenced(child: Table, foreign: Foreign, table: Table, old: Row): PgError {
    return new PgError(
      '23503',
      `update or delete on table "${table.name}" violates foreign key constraint "${foreign.name}" on table "${child.name}"`,
      {
        detail: `Key (${namesOf(table, foreign.references)})=(${textsOf(table, foreign.references, old)}) is still referenced from table "${child.name}".`,
      },
    );
  }
}

const namesOf = (table: Table, numbers: number[]): string =>
  numbers.map((number) => columnNumbered(table, number).name).join(', ');
const textsOf = (table: Table, numbers: number[], row: Row): string =>
  numbers
    .map((number) => output(typeNamed(columnNumbered(table, number).type).name, row.get(number) ?? null))
    .join(', ');
