// INSERT, UPDATE, DELETE, TRUNCATE.
import type { LiteValue } from '../sql/engine';
import type { Tree } from '../sql/postgres-parser';
import { type Column, type Index, liveColumns, rowsOf, type Table } from './catalog';
import { type Compiler, type Expr, type OutputColumn, Scope } from './compiler';
import { PgError, undefinedTable, unsupported } from './error';
import { truth } from './expressions';
import { fromClause } from './from';
import { functionsNamed } from './functions';
import { assign, type Row, type RowStore, Rows, tableScope } from './rows';
import { selectQuery } from './select';

export interface Changed {
  count: number;
  columns?: OutputColumn[];
  rows?: LiteValue[][];
}

const nextval = functionsNamed('nextval')[0];

/** The table that a statement changes; the error says what else the name is. */
export function targetTable(c: Compiler, range: Tree, letters: string): Table {
  const { relname, schemaname, location } = range;
  const found = c.session.findRelation(relname, schemaname);
  if (!found) {
    if (c.session.systemTable(schemaname ?? 'pg_catalog', relname))
      throw new PgError('42501', `permission denied: "${relname}" is a system catalog`);
    throw undefinedTable(schemaname ? `${schemaname}.${relname}` : relname, location);
  }
  if (found.k === 'view')
    throw new PgError('55000', `cannot change view "${relname}"`, { detail: 'not supported: updatable views.' });
  if (found.k !== 'table')
    throw new PgError('42809', `cannot open relation "${relname}"`, {
      detail: 'This operation is not supported for sequences.',
    });
  for (const letter of letters) c.session.requirePrivilege(found, letter);
  return found;
}

function columnOf(table: Table, name: string, at: number): Column {
  const found = liveColumns(table).find((column) => column.name === name);
  if (!found) throw new PgError('42703', `column "${name}" of relation "${table.name}" does not exist`, { at });
  return found;
}

/** The value of a column that a row does not give. */
export function defaultOf(c: Compiler, column: Column, table: Table): Expr {
  if (column.identity) {
    const sequence = c.session.catalog.relations.find(
      (r) => r.k === 'sequence' && r.ownedBy?.table === table.oid && r.ownedBy.column === column.number,
    );
    return { sql: `CAST(${nextval?.id}(${sequence?.oid ?? 0}) AS INTEGER)`, type: column.type };
  }
  if (!column.default) return { sql: 'NULL', type: column.type };
  return assign(c, c.expr(column.default, new Scope(undefined)), column);
}

export function insert(c: Compiler, store: RowStore, node: Tree): Changed {
  const table = targetTable(c, node.relation, 'a');
  const given = node.cols
    ? (node.cols as Tree[]).map(({ ResTarget: target }) => columnOf(table, target.name, target.location))
    : undefined;
  const twice = given?.find((column, i) => given.indexOf(column) !== i);
  if (twice) throw new PgError('42701', `column "${twice.name}" specified more than once`);
  const values = sourceRows(c, node, table, given);
  const rows = new Rows(c, store);
  const touched: bigint[] = [];
  for (const row of store.all(values.sql)) {
    const full: Row = new Map(values.columns.map((column, i) => [column.number, row[i] ?? null]));
    const done = insertOrResolve(c, rows, store, table, full, node);
    if (done !== undefined) touched.push(done);
  }
  rows.settle();
  return returning(c, store, node, table, touched);
}

/** The rows to put in, each with all columns of the table. */
function sourceRows(
  c: Compiler,
  node: Tree,
  table: Table,
  given: Column[] | undefined,
): { sql: string; columns: Column[] } {
  const columns = liveColumns(table).filter((column) => !column.generated);
  const select = node.selectStmt?.SelectStmt;
  const scope = withScope(c, node.withClause);
  if (!select) return { columns, sql: `SELECT ${columns.map((column) => defaultOf(c, column, table).sql).join(', ')}` };
  const lists =
    select.valuesLists && !select.sortClause && !select.limitCount ? (select.valuesLists as Tree[]) : undefined;
  const width = lists ? (lists[0]?.List.items?.length ?? 0) : undefined;
  const targets = given ?? liveColumns(table).slice(0, width ?? undefined);
  if (lists) {
    const odd = lists.find(({ List: list }) => (list.items?.length ?? 0) !== width)?.List.items as Tree[] | undefined;
    if (odd) throw new PgError('42601', 'VALUES lists must all be the same length', { at: placeOf(odd[0]) });
    const texts = lists.map(({ List: list }) => rowText(c, list.items ?? [], columns, targets, table, node, scope));
    return { columns, sql: `VALUES ${texts.join(', ')}` };
  }
  const query = selectQuery(c, node.selectStmt, scope, targets);
  const used = given ?? targets.slice(0, query.columns.length);
  lengths(query.columns.length, used.length, given);
  const cells = columns.map((column) => {
    const i = used.indexOf(column);
    if (i < 0) return defaultOf(c, column, table).sql;
    refuseGenerated(column, node, undefined);
    const from = query.columns[i] as OutputColumn;
    return assign(c, { sql: `q.c${i + 1}`, type: from.type }, column).sql;
  });
  return { columns, sql: `SELECT ${cells.join(', ')} FROM (${query.sql}) AS q` };
}

function withScope(c: Compiler, clause: Tree | undefined): Scope | undefined {
  if (!clause) return undefined;
  void c;
  throw unsupported('WITH before INSERT, UPDATE or DELETE');
}

function lengths(values: number, targets: number, given: Column[] | undefined, at?: number): void {
  if (values > targets) throw new PgError('42601', 'INSERT has more expressions than target columns', { at });
  if (given && values < targets) throw new PgError('42601', 'INSERT has more target columns than expressions', { at });
}

function rowText(
  c: Compiler,
  items: Tree[],
  columns: Column[],
  targets: Column[],
  table: Table,
  node: Tree,
  scope: Scope | undefined,
): string {
  const given = node.cols ? targets : undefined;
  lengths(
    items.length,
    node.cols ? targets.length : liveColumns(table).length,
    given,
    items[targets.length] && placeOf(items[targets.length]),
  );
  const cells = columns.map((column) => {
    const item = items[targets.indexOf(column)];
    if (!item || item.SetToDefault) return defaultOf(c, column, table).sql;
    refuseGenerated(column, node, undefined);
    return assign(c, c.expr(item, new Scope(scope)), column).sql;
  });
  for (const [i, target] of targets.entries())
    if (target.generated && items[i] && !items[i].SetToDefault)
      throw new PgError('428C9', `cannot insert a non-DEFAULT value into column "${target.name}"`, {
        detail: `Column "${target.name}" is a generated column.`,
      });
  return `(${cells.join(', ')})`;
}

const placeOf = (node: Tree): number | undefined => (Object.values(node)[0] as Tree)?.location;

function refuseGenerated(column: Column, node: Tree, at: number | undefined): void {
  if (column.identity !== 'a' || node.override === 'OVERRIDING_SYSTEM_VALUE') return;
  throw new PgError('428C9', `cannot insert a non-DEFAULT value into column "${column.name}"`, {
    detail: `Column "${column.name}" is an identity column defined as GENERATED ALWAYS.`,
    hint: 'Use OVERRIDING SYSTEM VALUE to override.',
    at,
  });
}

/** Puts a row in, or does what ON CONFLICT says; gives the rowid that was touched. */
function insertOrResolve(
  c: Compiler,
  rows: Rows,
  store: RowStore,
  table: Table,
  row: Row,
  node: Tree,
): bigint | undefined {
  const conflict = node.onConflictClause;
  if (!conflict) return rows.insert(table, row);
  for (const index of arbiters(table, conflict)) {
    const same = rows.findSame(table, index, row);
    if (!same) continue;
    if (conflict.action === 'ONCONFLICT_NOTHING') return undefined;
    return updateConflicting(c, rows, store, table, row, same.rowid, conflict);
  }
  return rows.insert(table, row);
}

function arbiters(table: Table, conflict: Tree): Index[] {
  const unique = table.indexes.filter((index) => index.unique);
  if (!conflict.infer) return unique;
  if (conflict.infer.conname) {
    const named = unique.filter(({ name }) => name === conflict.infer.conname);
    if (named.length === 0)
      throw new PgError('42704', `constraint "${conflict.infer.conname}" for table "${table.name}" does not exist`);
    return named;
  }
  const wanted = (conflict.infer.indexElems as Tree[])
    .map(({ IndexElem: e }) => e.name)
    .sort()
    .join();
  const found = unique.filter(
    (index) =>
      index.elements
        .map((e) => e.name)
        .sort()
        .join() === wanted,
  );
  if (found.length === 0)
    throw new PgError('42P10', 'there is no unique or exclusion constraint matching the ON CONFLICT specification');
  return found;
}

function updateConflicting(
  c: Compiler,
  rows: Rows,
  store: RowStore,
  table: Table,
  row: Row,
  rowid: bigint,
  conflict: Tree,
): bigint | undefined {
  const scope = tableScope(table, table.name, 'r');
  scope.relations.add('excluded');
  const columns = liveColumns(table);
  scope.columns.push(
    ...columns.map((column) => ({
      name: column.name,
      relation: 'excluded',
      sql: `x.c${column.number}`,
      type: column.type,
      mod: column.mod,
      bare: false,
    })),
  );
  const assignments = setList(c, conflict.targetList, table, scope);
  const where = conflict.whereClause ? ` AND ${truth(c, c.expr(conflict.whereClause, scope), 'WHERE').sql}` : '';
  const values = columns.map(({ number }) => row.get(number) ?? null);
  const [found] = store.all(
    `SELECT ${assignments.map(({ sql }) => sql).join(', ')} FROM ${rowsOf(table)} AS r, (SELECT ${columns.map(({ number }) => `? AS c${number}`).join(', ')}) AS x WHERE r.rowid = ?${where}`,
    [...values, rowid],
  );
  if (!found) return undefined;
  rows.update(table, rowid, new Map(assignments.map(({ column }, i) => [column.number, found[i] ?? null])));
  return rowid;
}

function setList(c: Compiler, targets: Tree[], table: Table, scope: Scope): { column: Column; sql: string }[] {
  return targets.map(({ ResTarget: target }, i) => {
    const column = columnOf(table, target.name, target.location);
    const value = target.val.MultiAssignRef ? multiple(target.val.MultiAssignRef, targets, i) : target.val;
    if (value.SetToDefault) return { column, sql: defaultOf(c, column, table).sql };
    if (column.identity === 'a' || column.generated)
      throw new PgError('428C9', `column "${column.name}" can only be updated to DEFAULT`, {
        detail: `Column "${column.name}" is ${column.generated ? 'a generated column' : 'an identity column defined as GENERATED ALWAYS'}.`,
      });
    return { column, sql: assign(c, c.expr(value, scope), column).sql };
  });
}

/** `SET (a, b) = (1, 2)` */
function multiple(ref: Tree, targets: Tree[], _i: number): Tree {
  const source =
    ref.source ?? targets.find(({ ResTarget: t }) => t.val.MultiAssignRef?.source)?.ResTarget.val.MultiAssignRef.source;
  if (source.RowExpr) return source.RowExpr.args[ref.colno - 1];
  if (ref.ncolumns === 1) return source;
  throw unsupported('UPDATE … SET (…) = (SELECT …)');
}

export function update(c: Compiler, store: RowStore, node: Tree): Changed {
  const table = targetTable(c, node.relation, 'w');
  withScope(c, node.withClause);
  const alias = node.relation.alias?.aliasname ?? node.relation.relname;
  const scope = tableScope(table, alias, 'r');
  scope.nextAlias = 100;
  const from = node.fromClause ? `, ${fromClause(c, node.fromClause, scope)}` : '';
  const assignments = setList(c, node.targetList, table, scope);
  const where = whereOf(c, node, scope);
  if (where || JSON.stringify(node.targetList).includes('ColumnRef')) c.session.requirePrivilege(table, 'r');
  const found = store.all(
    `SELECT r.rowid, ${assignments.map(({ sql }) => sql).join(', ')} FROM ${rowsOf(table)} AS r${from}${where}`,
  );
  const rows = new Rows(c, store);
  const touched: bigint[] = [];
  for (const [rowid, ...values] of found) {
    if (touched.includes(rowid as bigint) && from) continue;
    if (
      rows.update(
        table,
        rowid as bigint,
        new Map(assignments.map(({ column }, i) => [column.number, values[i] ?? null])),
      )
    )
      touched.push(rowid as bigint);
  }
  rows.settle();
  return returning(c, store, node, table, touched, alias);
}

const whereOf = (c: Compiler, node: Tree, scope: Scope): string =>
  node.whereClause ? ` WHERE ${truth(c, c.expr(node.whereClause, scope), 'WHERE').sql}` : '';

export function remove(c: Compiler, store: RowStore, node: Tree): Changed {
  const table = targetTable(c, node.relation, 'd');
  withScope(c, node.withClause);
  const alias = node.relation.alias?.aliasname ?? node.relation.relname;
  const scope = tableScope(table, alias, 'r');
  scope.nextAlias = 100;
  const using = node.usingClause ? `, ${fromClause(c, node.usingClause, scope)}` : '';
  const where = whereOf(c, node, scope);
  if (where) c.session.requirePrivilege(table, 'r');
  const found = [
    ...new Set(
      store.all(`SELECT r.rowid FROM ${rowsOf(table)} AS r${using}${where}`).map(([rowid]) => rowid as bigint),
    ),
  ];
  const result = returning(c, store, node, table, found, alias);
  const rows = new Rows(c, store);
  const count = found.filter((rowid) => rows.remove(table, rowid)).length;
  rows.settle();
  return { ...result, count };
}

function returning(
  c: Compiler,
  store: RowStore,
  node: Tree,
  table: Table,
  touched: bigint[],
  alias = table.name,
): Changed {
  const list = (node.returningClause?.exprs ?? node.returningList) as Tree[] | undefined;
  if (!list) return { count: touched.length };
  const range = {
    RangeVar: {
      relname: table.name,
      schemaname: table.schema,
      alias: { aliasname: node.relation.alias?.aliasname ?? alias },
      location: 0,
    },
  };
  const query = selectQuery(c, { SelectStmt: { targetList: list, fromClause: [range], op: 'SETOP_NONE' } }, undefined);
  const rows = touched.flatMap((rowid) => store.all(`${query.sql} WHERE r1.rowid = ?`, [rowid]));
  return { count: touched.length, columns: query.columns, rows };
}

export function truncate(c: Compiler, store: RowStore, node: Tree, restart: (oid: number) => void): void {
  const tables = (node.relations as Tree[]).map(({ RangeVar: range }) => targetTable(c, range, 'D'));
  const all = new Set(tables);
  const referring = (): Table[] =>
    c.session.catalog.relations.filter(
      (r): r is Table =>
        r.k === 'table' &&
        !all.has(r) &&
        r.constraints.some((k) => k.k === 'foreign' && [...all].some(({ oid }) => oid === k.table)),
    );
  for (let more = referring(); more.length > 0; more = referring()) {
    if (node.behavior !== 'DROP_CASCADE') {
      const [child] = more as [Table];
      const target = [...all].find(({ oid }) => child.constraints.some((k) => k.k === 'foreign' && k.table === oid));
      throw new PgError('0A000', 'cannot truncate a table referenced in a foreign key constraint', {
        detail: `Table "${child.name}" references "${target?.name}".`,
        hint: `Truncate table "${child.name}" at the same time, or use TRUNCATE ... CASCADE.`,
      });
    }
    for (const table of more) all.add(table);
  }
  for (const table of all) {
    store.run(`DELETE FROM ${rowsOf(table)}`);
    if (node.restart_seqs)
      for (const r of c.session.catalog.relations)
        if (r.k === 'sequence' && r.ownedBy?.table === table.oid) restart(r.oid);
  }
}
