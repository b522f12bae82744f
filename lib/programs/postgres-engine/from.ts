// FROM: tables, views, subqueries, functions and joins, and the scope of names that they make.
import type { Tree } from '../sql/postgres-parser';
import { alike } from './casts';
import { type Column, liveColumns, rowsOf, type Table } from './catalog';
import { type Compiler, type OutputColumn, Scope, type ScopeColumn } from './compiler';
import { PgError, undefinedTable, unsupported } from './error';
import { rootOf, truth } from './expressions';
import { fromJson, rowsOfFunction } from './function-calls';
import { comparable } from './operators';

/** A name for SQLite that no other relation of the statement has. */
const fresh = (scope: Scope): string => `r${++rootOf(scope).nextAlias}`;

export function tableColumn(table: Table, column: Column, sqlAlias: string): ScopeColumn {
  return {
    name: column.name,
    relation: '',
    sql: `${sqlAlias}.c${column.number}`,
    type: column.type,
    mod: column.mod,
    bare: true,
    source: { table: table.oid, number: column.number },
  };
}

/** The text of FROM, with the scope filled. Items joined by commas. */
export function fromClause(c: Compiler, items: Tree[], scope: Scope): string {
  return items.map((item) => fromItem(c, item, scope)).join(', ');
}

function fromItem(c: Compiler, item: Tree, scope: Scope): string {
  if (item.RangeVar) return rangeVar(c, item.RangeVar, scope);
  if (item.RangeSubselect) return subselect(c, item.RangeSubselect, scope);
  if (item.RangeFunction) return rangeFunction(c, item.RangeFunction, scope);
  if (item.JoinExpr) return join(c, item.JoinExpr, scope);
  throw unsupported(`${Object.keys(item)[0]} in FROM`);
}

function add(scope: Scope, name: string, columns: ScopeColumn[], at?: number): void {
  if (scope.relations.has(name)) throw new PgError('42712', `table name "${name}" specified more than once`, { at });
  scope.relations.add(name);
  scope.columns.push(...columns.map((column) => ({ ...column, relation: name })));
}

/** Columns c1, c2, … of a subquery under an alias, renamed by `AS t(a, b)`. */
const outputs = (columns: OutputColumn[], sqlAlias: string, renamed: Tree[] = []): ScopeColumn[] =>
  columns.map((column, i) => ({
    name: renamed[i]?.String.sval ?? column.name,
    relation: '',
    sql: `${sqlAlias}.c${i + 1}`,
    type: column.type === 'unknown' ? 'text' : column.type,
    mod: column.mod,
    bare: true,
    ...(column.source ? { source: column.source } : {}),
  }));

function rangeVar(c: Compiler, node: Tree, scope: Scope): string {
  const { relname, schemaname } = node as { relname: string; schemaname?: string };
  const name = node.alias?.aliasname ?? relname;
  const renamed = (node.alias?.colnames ?? []) as Tree[];
  const sqlAlias = fresh(scope);
  if (name !== relname) scope.hidden.set(relname, name);
  const cte = schemaname === undefined ? scope.ctes.get(relname) : undefined;
  if (cte) {
    add(scope, name, outputs(cte.columns, sqlAlias, renamed), node.location);
    return `${cte.sql} AS ${sqlAlias}`;
  }
  const found = c.session.findRelation(relname, schemaname);
  if (found?.k === 'table') {
    c.session.requirePrivilege(found, 'r');
    const columns = liveColumns(found).map((column, i) => ({
      ...tableColumn(found, column, sqlAlias),
      ...(renamed[i] ? { name: renamed[i].String.sval } : {}),
    }));
    add(scope, name, [...columns, ...hidden(found, sqlAlias)], node.location);
    return `${rowsOf(found)} AS ${sqlAlias}`;
  }
  if (found?.k === 'view') {
    c.session.requirePrivilege(found, 'r');
    const query = c.session.as(found.owner, () => c.select(found.query, undefined));
    const columns = query.columns.map(({ source: _none, ...column }, i) => ({
      ...column,
      name: found.columns[i]?.name ?? column.name,
      source: { table: found.oid, number: i + 1 },
    }));
    add(scope, name, outputs(columns, sqlAlias, renamed), node.location);
    return `(${query.sql}) AS ${sqlAlias}`;
  }
  if (found?.k === 'sequence') return sequence(c, found.oid, name, sqlAlias, scope);
  const system = systemTable(c, relname, schemaname);
  if (!system) throw undefinedTable(schemaname === undefined ? relname : `${schemaname}.${relname}`, node.location);
  add(scope, name, outputs(system.columns, sqlAlias, renamed), node.location);
  return `${system.from} AS ${sqlAlias}`;
}

/** oid of the row's table and its place, which some clients ask for. */
const hidden = (table: Table, sqlAlias: string): ScopeColumn[] =>
  [
    { name: 'ctid', sql: `('(0,' || ${sqlAlias}.rowid || ')')`, type: 'text' },
    { name: 'tableoid', sql: String(table.oid), type: 'regclass' },
    { name: 'xmin', sql: '740', type: 'xid' },
  ].map((column) => ({ ...column, relation: '', bare: false }));

function systemTable(c: Compiler, name: string, schema: string | undefined) {
  if (schema !== undefined) return c.session.systemTable(schema, name);
  return c.session.systemTable('pg_catalog', name);
}

function sequence(c: Compiler, oid: number, name: string, sqlAlias: string, scope: Scope): string {
  let last = 1n;
  let called = 0;
  try {
    last = BigInt(c.session.currentValue(oid).value);
    called = c.session.currentValue(oid).called ? 1 : 0;
  } catch {}
  add(
    scope,
    name,
    outputs(
      [
        { name: 'last_value', type: 'int8' },
        { name: 'log_cnt', type: 'int8' },
        { name: 'is_called', type: 'bool' },
      ],
      sqlAlias,
    ),
  );
  return `(SELECT ${last} AS c1, 0 AS c2, ${called} AS c3) AS ${sqlAlias}`;
}

function subselect(c: Compiler, node: Tree, scope: Scope): string {
  if (node.lateral && usesOuter(c, node, scope)) throw unsupported('LATERAL');
  const parent = scope.parent ? new Scope(scope.parent, scope.ctes) : new Scope(undefined, scope.ctes);
  parent.nextAlias = rootOf(scope).nextAlias;
  const query = c.select(node.subquery, parent);
  rootOf(scope).nextAlias = Math.max(rootOf(scope).nextAlias, rootOf(parent).nextAlias);
  const sqlAlias = fresh(scope);
  add(
    scope,
    node.alias?.aliasname ?? `unnamed_${sqlAlias}`,
    outputs(query.columns, sqlAlias, node.alias?.colnames ?? []),
  );
  return `(${query.sql}) AS ${sqlAlias}`;
}

/** LATERAL that looks at nothing beside it is a plain subquery. */
function usesOuter(c: Compiler, node: Tree, scope: Scope): boolean {
  try {
    const parent = new Scope(scope.parent, scope.ctes);
    parent.nextAlias = 1000 + rootOf(scope).nextAlias;
    c.select(node.subquery, parent);
    return false;
  } catch {
    return true;
  }
}

function rangeFunction(c: Compiler, node: Tree, scope: Scope): string {
  const call = node.functions[0].List.items[0];
  if (!call.FuncCall) return scalarFunction(c, call, node, scope, 'coalesce');
  const name = call.FuncCall.funcname.at(-1).String.sval as string;
  const rows = rowsOfFunction(c, call.FuncCall, scope);
  if (!rows) return scalarFunction(c, call, node, scope, name);
  const sqlAlias = fresh(scope);
  const alias = node.alias?.aliasname ?? name;
  const [first, second] = (node.alias?.colnames ?? []) as Tree[];
  const column = {
    ...fromJson(`${sqlAlias}.value`, rows.type),
    name: first?.String.sval ?? alias,
    relation: '',
    bare: true,
  };
  const ordinality = node.ordinality
    ? [
        {
          name: second?.String.sval ?? 'ordinality',
          sql: `(${sqlAlias}.key + 1)`,
          type: 'int8',
          relation: '',
          bare: true,
        },
      ]
    : [];
  add(scope, alias, [column, ...ordinality]);
  return `json_each(${rows.sql}) AS ${sqlAlias}`;
}

/** A plain function is one row of one column. */
function scalarFunction(c: Compiler, call: Tree, node: Tree, scope: Scope, name: string): string {
  const sqlAlias = fresh(scope);
  const e = c.expr(call, scope);
  const alias = node.alias?.aliasname ?? name;
  add(scope, alias, [
    {
      name: node.alias?.colnames?.[0]?.String.sval ?? alias,
      relation: '',
      sql: `${sqlAlias}.c1`,
      type: e.type,
      bare: true,
    },
  ]);
  return `(SELECT ${e.sql} AS c1) AS ${sqlAlias}`;
}

const JOINS: Record<string, string> = {
  JOIN_INNER: 'JOIN',
  JOIN_LEFT: 'LEFT JOIN',
  JOIN_RIGHT: 'RIGHT JOIN',
  JOIN_FULL: 'FULL JOIN',
};

function join(c: Compiler, node: Tree, scope: Scope): string {
  const start = scope.columns.length;
  const left = fromItem(c, node.larg, scope);
  const middle = scope.columns.length;
  const right = fromItem(c, node.rarg, scope);
  const [lefts, rights] = [scope.columns.slice(start, middle), scope.columns.slice(middle)];
  // a join in parentheses stands for itself
  const inner = node.rarg.JoinExpr ? `(${right})` : right;
  const word = JOINS[node.jointype as string] ?? 'JOIN';
  const shared = node.isNatural
    ? lefts.filter((l) => l.bare && rights.some((r) => r.bare && r.name === l.name)).map(({ name }) => name)
    : ((node.usingClause ?? []) as Tree[]).map((name) => name.String.sval as string);
  const on =
    shared.length > 0
      ? merge(c, scope, shared, lefts, rights, start, node.jointype)
      : node.quals
        ? condition(c, node.quals, scope, lefts, rights)
        : undefined;
  if (on === undefined && word === 'JOIN') return `${left} CROSS JOIN ${inner}`;
  return `${left} ${word} ${inner} ON ${on ?? '1'}`;
}

/** ON sees only the two sides. */
function condition(c: Compiler, quals: Tree, scope: Scope, lefts: ScopeColumn[], rights: ScopeColumn[]): string {
  const own = new Scope(scope.parent, scope.ctes);
  own.columns = [...lefts, ...rights];
  own.noAggregates = 'JOIN conditions';
  for (const { relation } of own.columns) own.relations.add(relation);
  own.nextAlias = rootOf(scope).nextAlias;
  const { sql } = truth(c, c.expr(quals, own), 'JOIN/ON');
  rootOf(scope).nextAlias = Math.max(rootOf(scope).nextAlias, rootOf(own).nextAlias);
  return sql;
}

/** USING and NATURAL: the shared columns come once, and first. */
function merge(
  c: Compiler,
  scope: Scope,
  shared: string[],
  lefts: ScopeColumn[],
  rights: ScopeColumn[],
  start: number,
  kind: string,
): string {
  const tests: string[] = [];
  const merged: ScopeColumn[] = [];
  for (const name of shared) {
    const l = lefts.find((column) => column.bare && column.name === name);
    const r = rights.find((column) => column.bare && column.name === name);
    if (!l || !r)
      throw new PgError(
        '42703',
        `column "${name}" specified in USING clause does not exist in ${l ? 'right' : 'left'} table`,
      );
    const { exprs, type } = alike(c, [l, r], 'JOIN/USING');
    tests.push(`${comparable(exprs[0] as ScopeColumn)} = ${comparable(exprs[1] as ScopeColumn)}`);
    const both = kind === 'JOIN_FULL' ? `coalesce(${l.sql}, ${r.sql})` : kind === 'JOIN_RIGHT' ? r.sql : l.sql;
    merged.push({ ...l, sql: both, type, bare: true });
    l.bare = false;
    r.bare = false;
  }
  const hide = (columns: ScopeColumn[]) => columns.map((column) => ({ ...column }));
  scope.columns.splice(
    start,
    lefts.length + rights.length,
    ...merged.map((column) => ({ ...column, relation: '' })),
    ...hide(lefts),
    ...hide(rights),
  );
  return tests.join(' AND ');
}
