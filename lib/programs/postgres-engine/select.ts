// SELECT, VALUES and set operations.
import type { Tree } from '../sql/postgres-parser';
import { isAggregate } from './aggregates';
import { alike, cast, implicit } from './casts';
import { type Compiler, type Cte, type Expr, type OutputColumn, type Query, Scope } from './compiler';
import { PgError, unsupported } from './error';
import { missingTable, rootOf, shape, truth } from './expressions';
import { fromClause } from './from';
import { comparable } from './operators';
import { direction, sortKey } from './order';
import type { Typed } from './types';

/** Translates a query; its columns are `c1`, `c2`, … in SQLite. `wanted` are the types of an INSERT's columns. */
export function selectQuery(c: Compiler, node: Tree, parent: Scope | undefined, wanted?: Typed[]): Query {
  const select = node.SelectStmt ?? node;
  if (select.withClause) return withQuery(c, select, parent, wanted);
  if (select.valuesLists) return valuesQuery(c, select, parent, wanted);
  if (select.op && select.op !== 'SETOP_NONE') return setOperation(c, select, parent, wanted);
  return plainSelect(c, select, parent, wanted);
}

function withQuery(c: Compiler, select: Tree, parent: Scope | undefined, wanted?: Typed[]): Query {
  const { ctes, recursive } = select.withClause;
  const known = new Map<string, Cte>(parent?.ctes);
  const inner = new Scope(parent, known);
  const texts: string[] = [];
  for (const { CommonTableExpr: cte } of ctes as Tree[]) {
    if (!cte.ctequery.SelectStmt) throw unsupported('data-modifying statements in WITH');
    const query = commonTable(c, cte, inner, known, recursive === true);
    const sqlName = `w${known.size}_${++rootOf(inner).nextAlias}`;
    const columns = query.columns.map((column, i) => ({
      ...column,
      name: cte.aliascolnames?.[i]?.String.sval ?? column.name,
      type: column.type === 'unknown' ? 'text' : column.type,
    }));
    texts.push(`${query.name ?? sqlName}(${columns.map((_, i) => `c${i + 1}`).join(', ')}) AS (${query.sql})`);
    known.set(cte.ctename, { sql: query.name ?? sqlName, columns });
  }
  const { withClause: _gone, ...rest } = select;
  const query = selectQuery(c, { SelectStmt: rest }, inner, wanted);
  return { ...query, sql: `WITH ${recursive ? 'RECURSIVE ' : ''}${texts.join(', ')} ${query.sql}` };
}

function commonTable(
  c: Compiler,
  cte: Tree,
  scope: Scope,
  known: Map<string, Cte>,
  recursive: boolean,
): Query & { name?: string } {
  const body = cte.ctequery.SelectStmt;
  if (!recursive || body.op !== 'SETOP_UNION') return c.select(cte.ctequery, scope);
  // the first part gives the columns that the second sees
  const first = c.select({ SelectStmt: body.larg }, scope);
  const name = `w_${++rootOf(scope).nextAlias}`;
  const columns = first.columns.map((column, i) => ({
    ...column,
    name: cte.aliascolnames?.[i]?.String.sval ?? column.name,
    type: column.type === 'unknown' ? 'text' : column.type,
  }));
  known.set(cte.ctename, { sql: name, columns });
  const second = c.select({ SelectStmt: counted(body.rarg) }, scope, columns);
  return {
    name,
    columns,
    sql: `${bare(first.sql, columns)} UNION ${body.all ? 'ALL ' : ''}${bare(second.sql, columns)}`,
  };
}

/** With a count of its steps, so that a recursion without end has one. */
function counted(select: Tree): Tree {
  const tick = { FuncCall: { funcname: [{ String: { sval: 'pg_tick' } }] } };
  return {
    ...select,
    whereClause: select.whereClause ? { BoolExpr: { boolop: 'AND_EXPR', args: [tick, select.whereClause] } } : tick,
  };
}

/** A part of a compound without ORDER BY of its own. */
const bare = (sql: string, columns: OutputColumn[]): string =>
  / (ORDER BY|LIMIT) /.test(sql) ? `SELECT ${columns.map((_, i) => `c${i + 1}`).join(', ')} FROM (${sql})` : sql;

function valuesQuery(c: Compiler, select: Tree, parent: Scope | undefined, wanted?: Typed[]): Query {
  const scope = new Scope(parent);
  const rows = (select.valuesLists as Tree[]).map(({ List: list }) =>
    ((list.items ?? []) as Tree[]).map((item) => c.expr(item, scope)),
  );
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) throw new PgError('42601', 'VALUES lists must all be the same length');
  const columns: OutputColumn[] = [];
  for (let i = 0; i < width; i++) {
    const column = rows.map((row) => row[i] as Expr);
    const target = wanted?.[i];
    const { type, exprs } =
      target && column.every((e) => implicit(e.type, target.type))
        ? { type: target.type, exprs: column.map((e) => cast(c, e, { type: target.type }, false)) }
        : alike(c, column, 'VALUES');
    for (const [at, row] of rows.entries()) row[i] = exprs[at] as Expr;
    columns.push({ name: `column${i + 1}`, type });
  }
  const texts = rows.map((row) => `(${row.map(({ sql }) => sql).join(', ')})`);
  const names = columns.map((_, i) => `column${i + 1} AS c${i + 1}`).join(', ');
  return tail(c, select, { sql: `SELECT ${names} FROM (VALUES ${texts.join(', ')})`, columns }, scope);
}

const SET_WORDS: Record<string, string> = {
  SETOP_UNION: 'UNION',
  SETOP_INTERSECT: 'INTERSECT',
  SETOP_EXCEPT: 'EXCEPT',
};

function setOperation(c: Compiler, select: Tree, parent: Scope | undefined, wanted?: Typed[]): Query {
  const word = SET_WORDS[select.op as string] as string;
  const [left, right] = [
    c.select({ SelectStmt: select.larg }, parent, wanted),
    c.select({ SelectStmt: select.rarg }, parent, wanted),
  ];
  if (left.columns.length !== right.columns.length)
    throw new PgError('42601', `each ${word} query must have the same number of columns`);
  const columns = left.columns.map((column, i) => {
    const other = right.columns[i] as OutputColumn;
    const { type } = alike(c, [asExpr(column, i), asExpr(other, i)], word);
    return { name: column.name, type };
  });
  const side = (query: Query): string =>
    `SELECT ${columns.map(({ type }, i) => `${recast(c, query.columns[i] as OutputColumn, i, type)} AS c${i + 1}`).join(', ')} FROM (${query.sql})`;
  const all = select.all && word === 'UNION' ? ' ALL' : '';
  if (select.all && word !== 'UNION') throw unsupported(`${word} ALL`);
  const sql = `SELECT ${columns.map((_, i) => `c${i + 1}`).join(', ')} FROM (${side(left)} ${word}${all} ${side(right)})`;
  return tail(c, select, { sql, columns }, new Scope(parent));
}

const asExpr = (column: OutputColumn, i: number): Expr => ({
  ...column,
  sql: `c${i + 1}`,
  ...(column.type === 'unknown' ? { literal: '' } : {}),
});

function recast(c: Compiler, column: OutputColumn, i: number, type: string): string {
  const e: Expr = { sql: `c${i + 1}`, type: column.type === 'unknown' ? 'text' : column.type };
  return e.type === type || (column.type === 'unknown' && type === 'text') ? e.sql : cast(c, e, { type }).sql;
}

interface Target extends Expr {
  name: string;
  node: Tree | undefined;
  source?: { table: number; number: number };
}

function plainSelect(c: Compiler, select: Tree, parent: Scope | undefined, wanted?: Typed[]): Query {
  const scope = new Scope(parent);
  const from = select.fromClause ? fromClause(c, select.fromClause, scope) : '';
  for (const { WindowDef: window } of (select.windowClause ?? []) as Tree[]) scope.windows.set(window.name, window);
  const where = whereText(c, select.whereClause, scope);
  const groups = grouping(c, select, scope);
  const targets = targetList(c, select.targetList ?? [], scope);
  for (const [i, target] of targets.entries()) settleUnknown(c, targets, i, target, wanted?.[i]);
  const having = select.havingClause ? truth(c, c.expr(select.havingClause, scope), 'HAVING').sql : undefined;
  const order = orderText(c, select, scope, targets);
  const sets = scope.extra.length > 0 ? `json_each(pg_zip(${scope.extra.join(', ')})) AS srf` : '';
  const sources = [from, sets].filter(Boolean).join(', ');
  const distinct = select.distinctClause ? 'DISTINCT ' : '';
  const on = distinctOn(select);
  const list = targets.map(({ sql }, i) => `${sql} AS c${i + 1}`);
  const body = `${sources ? ` FROM ${sources}` : ''}${where}${groups ? ` GROUP BY ${groups}` : ''}${having ? ` HAVING ${having}` : ''}`;
  const columns = targets.map(({ name, type, mod, source }) => ({ name, type, mod, ...(source ? { source } : {}) }));
  const limit = limitText(c, select, scope);
  if (on) return { columns, sql: onlyFirst(c, on, scope, targets, list, body, order, limit) };
  if (distinct && order) {
    const names = targets.map((_, i) => `c${i + 1}`).join(', ');
    return {
      columns,
      sql: `SELECT ${names} FROM (SELECT DISTINCT ${list.join(', ')}${body})${distinctOrder(select, targets)}${limit}`,
    };
  }
  return { columns, sql: `SELECT ${distinct}${list.join(', ')}${body}${order ? ` ORDER BY ${order}` : ''}${limit}` };
}

function whereText(c: Compiler, node: Tree | undefined, scope: Scope): string {
  if (!node) return '';
  scope.noAggregates = 'WHERE';
  const { sql } = truth(c, c.expr(node, scope), 'WHERE');
  scope.noAggregates = undefined;
  return ` WHERE ${sql}`;
}

/** A literal without a type is text, unless a column of another type waits for it. */
function settleUnknown(c: Compiler, targets: Target[], i: number, target: Target, wanted: Typed | undefined): void {
  if (target.type !== 'unknown') return;
  const type = wanted && wanted.type !== 'unknown' ? { type: wanted.type } : { type: 'text' };
  targets[i] = { ...target, ...cast(c, target, type, false), ...type };
}

// Targets

function targetList(c: Compiler, list: Tree[], scope: Scope): Target[] {
  return list.flatMap(({ ResTarget: target }) => {
    const fields = target.val.ColumnRef?.fields as Tree[] | undefined;
    if (fields?.at(-1)?.A_Star) return star(c, fields, scope, target.location);
    const e = c.expr(target.val, scope);
    const source = sourceOf(target.val, scope);
    return [{ ...e, name: target.name ?? columnName(target.val), node: target.val, ...(source ? { source } : {}) }];
  });
}

function sourceOf(node: Tree, scope: Scope): { table: number; number: number } | undefined {
  const fields = node.ColumnRef?.fields as Tree[] | undefined;
  const name = fields?.at(-1)?.String?.sval;
  if (name === undefined) return undefined;
  const relation = fields && fields.length > 1 ? fields.at(-2)?.String.sval : undefined;
  return scope.columns.find(
    (column) => column.name === name && (relation === undefined || column.relation === relation),
  )?.source;
}

function star(c: Compiler, fields: Tree[], scope: Scope, at: number): Target[] {
  const relation = fields.length > 1 ? (fields.at(-2)?.String.sval as string) : undefined;
  if (relation !== undefined && !scope.relations.has(relation)) throw missingTable(scope, relation, at);
  if (scope.relations.size === 0) throw new PgError('42601', 'SELECT * with no tables specified is not valid', { at });
  return scope.columns
    .filter((column) =>
      relation === undefined ? column.bare : column.relation === relation && !HIDDEN.has(column.name),
    )
    .map((column) => ({
      ...c.expr(columnNode(column.relation, column.name, at), scope),
      sql: column.sql,
      type: column.type,
      mod: column.mod,
      name: column.name,
      node: undefined,
      ...(column.source ? { source: column.source } : {}),
    }));
}
const HIDDEN = new Set(['ctid', 'tableoid', 'xmin']);

const columnNode = (relation: string, name: string, location: number): Tree => ({
  ColumnRef: { fields: [...(relation ? [{ String: { sval: relation } }] : []), { String: { sval: name } }], location },
});

/** The name of a column without AS (FigureColname). */
function columnName(node: Tree): string {
  return named(node) ?? '?column?';
}

function named(node: Tree): string | undefined {
  if (node.ColumnRef) return node.ColumnRef.fields.filter((f: Tree) => f.String).at(-1)?.String.sval;
  if (node.FuncCall) return node.FuncCall.funcname.at(-1).String.sval;
  if (node.TypeCast) return named(node.TypeCast.arg) ?? (node.TypeCast.typeName.names.at(-1).String.sval as string);
  if (node.A_Indirection) return named(node.A_Indirection.arg);
  if (node.CollateClause) return named(node.CollateClause.arg);
  if (node.CaseExpr) return (node.CaseExpr.defresult && named(node.CaseExpr.defresult)) ?? 'case';
  if (node.CoalesceExpr) return 'coalesce';
  if (node.MinMaxExpr) return node.MinMaxExpr.op === 'IS_GREATEST' ? 'greatest' : 'least';
  if (node.A_ArrayExpr) return 'array';
  if (node.RowExpr) return 'row';
  if (node.A_Const?.boolval) return 'bool';
  if (node.A_Expr?.kind === 'AEXPR_NULLIF') return 'nullif';
  if (node.SQLValueFunction) return node.SQLValueFunction.op.replace('SVFOP_', '').replace(/_N$/, '').toLowerCase();
  if (node.SubLink) return subLinkName(node.SubLink);
  return undefined;
}

function subLinkName(link: Tree): string | undefined {
  if (link.subLinkType === 'EXISTS_SUBLINK') return 'exists';
  if (link.subLinkType === 'ARRAY_SUBLINK') return 'array';
  if (link.subLinkType !== 'EXPR_SUBLINK') return undefined;
  const target = link.subselect.SelectStmt?.targetList?.[0]?.ResTarget;
  return target ? (target.name ?? named(target.val)) : undefined;
}

// Groups

function grouping(c: Compiler, select: Tree, scope: Scope): string | undefined {
  const clauses = (select.groupClause ?? []) as Tree[];
  const nodes = [select.targetList, select.havingClause, select.sortClause];
  if (clauses.length === 0 && !select.havingClause && !nodes.some(hasAggregate)) return undefined;
  const keys: string[] = [];
  const grouped = { sql: new Set<string>(), trees: new Set<string>(), whole: new Set<string>() };
  for (const clause of clauses) {
    if (clause.GroupingSet) throw unsupported('GROUPING SETS, ROLLUP and CUBE');
    const node = groupNode(clause, select, scope);
    scope.noAggregates = 'GROUP BY';
    const e = c.expr(node, scope);
    scope.noAggregates = undefined;
    keys.push(e.type === 'numeric' ? `CAST(${e.sql} AS REAL)` : e.sql);
    grouped.sql.add(e.sql);
    if (!node.ColumnRef) grouped.trees.add(shape(node));
  }
  wholeTables(c, scope, grouped);
  scope.grouped = grouped;
  return keys.length > 0 ? keys.join(', ') : undefined;
}

/** Grouping by a primary key settles all columns of its table. */
function wholeTables(c: Compiler, scope: Scope, grouped: { sql: Set<string>; whole: Set<string> }): void {
  for (const relation of scope.relations) {
    const columns = scope.columns.filter((column) => column.relation === relation);
    const table = c.session.catalog.relations.find(({ oid }) => oid === columns[0]?.source?.table);
    if (table?.k !== 'table') continue;
    const key = table.constraints.find((constraint) => constraint.k === 'key' && constraint.primary);
    if (
      key?.k === 'key' &&
      key.columns.every((number) =>
        columns.some((column) => column.source?.number === number && grouped.sql.has(column.sql)),
      )
    )
      grouped.whole.add(relation);
  }
}

/** `GROUP BY 1` and `GROUP BY name` stand for a target. */
function groupNode(node: Tree, select: Tree, scope: Scope): Tree {
  const targets = (select.targetList ?? []) as Tree[];
  const position = node.A_Const?.ival?.ival;
  if (node.A_Const?.ival) {
    const target = targets[position - 1]?.ResTarget;
    if (!target)
      throw new PgError('42P10', `GROUP BY position ${position ?? 0} is not in select list`, {
        at: node.A_Const.location,
      });
    return target.val;
  }
  const fields = node.ColumnRef?.fields as Tree[] | undefined;
  const name = fields?.length === 1 ? fields[0]?.String?.sval : undefined;
  if (name === undefined || scope.columns.some((column) => column.name === name)) return node;
  return targets.find(({ ResTarget: target }) => target.name === name)?.ResTarget.val ?? node;
}

/** Whether a tree calls an aggregate of its own level. */
function hasAggregate(node: Tree): boolean {
  if (node === null || typeof node !== 'object') return false;
  if (Array.isArray(node)) return node.some(hasAggregate);
  if (node.SubLink) return hasAggregate(node.SubLink.testexpr);
  if (node.FuncCall && !node.FuncCall.over && isAggregate(node.FuncCall.funcname.at(-1).String.sval)) return true;
  return Object.values(node).some(hasAggregate);
}

// Order and limit

function orderText(c: Compiler, select: Tree, scope: Scope, targets: Target[]): string | undefined {
  const sorts = (select.sortClause ?? []) as Tree[];
  if (sorts.length === 0) return undefined;
  return sorts.map(({ SortBy: sort }) => `${sortedBy(c, sort.node, scope, targets)} ${direction(sort)}`).join(', ');
}

function sortedBy(c: Compiler, node: Tree, scope: Scope, targets: Target[]): string {
  const target = targetOf(node, targets);
  return sortKey(target ?? c.expr(node, scope));
}

function targetOf(node: Tree, targets: Target[]): Target | undefined {
  if (node.A_Const?.ival) {
    const position = node.A_Const.ival.ival ?? 0;
    const target = targets[position - 1];
    if (!target)
      throw new PgError('42P10', `ORDER BY position ${position} is not in select list`, { at: node.A_Const.location });
    return target;
  }
  const fields = node.ColumnRef?.fields as Tree[] | undefined;
  const name = fields?.length === 1 ? fields[0]?.String?.sval : undefined;
  return name === undefined ? undefined : targets.find((target) => target.name === name);
}

function distinctOrder(select: Tree, targets: Target[]): string {
  const parts = (select.sortClause as Tree[]).map(({ SortBy: sort }) => {
    const target = targetOf(sort.node, targets) ?? targets.find((t) => t.node && shape(t.node) === shape(sort.node));
    if (!target)
      throw new PgError('42P10', 'for SELECT DISTINCT, ORDER BY expressions must appear in select list', {
        at: (Object.values(sort.node)[0] as Tree).location,
      });
    return `${sortKey({ ...target, sql: `c${targets.indexOf(target) + 1}` })} ${direction(sort)}`;
  });
  return ` ORDER BY ${parts.join(', ')}`;
}

const distinctOn = (select: Tree): Tree[] | undefined => {
  const nodes = (select.distinctClause ?? []) as Tree[];
  return nodes.length > 0 && Object.keys(nodes[0]).length > 0 ? nodes : undefined;
};

function onlyFirst(
  c: Compiler,
  on: Tree[],
  scope: Scope,
  targets: Target[],
  list: string[],
  body: string,
  order: string | undefined,
  limit: string,
): string {
  const keys = on.map((node) => comparable(targetOf(node, targets) ?? c.expr(node, scope)));
  const names = targets.map((_, i) => `c${i + 1}`).join(', ');
  const over = `PARTITION BY ${keys.join(', ')}${order ? ` ORDER BY ${order}` : ''}`;
  const sorted = order ? `row_number() OVER (ORDER BY ${order})` : '1';
  return `SELECT ${names} FROM (SELECT ${list.join(', ')}, row_number() OVER (${over}) AS rn, ${sorted} AS place${body}) WHERE rn = 1 ORDER BY place${limit}`;
}

function limitText(c: Compiler, select: Tree, scope: Scope): string {
  const count = (node: Tree | undefined): string | undefined => {
    if (!node || node.A_Const?.isnull) return undefined;
    const e = cast(c, c.expr(node, new Scope(scope)), { type: 'int8' }, false);
    return e.sql === 'NULL' ? undefined : e.sql;
  };
  const [limit, offset] = [count(select.limitCount), count(select.limitOffset)];
  if (limit !== undefined && /^\(?- ?\d/.test(limit)) throw new PgError('2201W', 'LIMIT must not be negative');
  if (limit === undefined && offset === undefined) return '';
  return ` LIMIT ${limit ?? -1}${offset === undefined ? '' : ` OFFSET ${offset}`}`;
}

/** ORDER BY and LIMIT after VALUES or a set operation. */
function tail(c: Compiler, select: Tree, query: Query, scope: Scope): Query {
  const limit = limitText(c, select, scope);
  if (!select.sortClause && !limit) return query;
  const targets: Target[] = query.columns.map((column, i) => ({ ...column, sql: `c${i + 1}`, node: undefined }));
  const own = new Scope(scope.parent);
  own.columns = targets.map((target) => ({
    name: target.name,
    relation: '',
    sql: target.sql,
    type: target.type,
    mod: target.mod,
    bare: true,
  }));
  const order = orderText(c, select, own, targets);
  return {
    columns: query.columns,
    sql: `SELECT ${targets.map(({ sql }) => sql).join(', ')} FROM (${query.sql})${order ? ` ORDER BY ${order}` : ''}${limit}`,
  };
}
