// Expressions of PostgreSQL's tree, as typed expressions of SQLite.
import type { Tree } from '../sql/postgres-parser';
import { alike, asText, cast, literal, unify } from './casts';
import type { Compiler, Expr, OutputColumn, Scope, ScopeColumn } from './compiler';
import { PgError, undefinedColumn, unsupported } from './error';
import { callFunction } from './function-calls';
import { binary, comparable, compare, quantified, unary } from './operators';
import { quoteText } from './quote';
import { displayType, elementOf, isArray, readTypeName } from './types';

type Handler = (c: Compiler, node: Tree, scope: Scope) => Expr;

export function expression(c: Compiler, node: Tree, scope: Scope): Expr {
  const [tag] = Object.keys(node);
  const handler = HANDLERS[tag ?? ''];
  if (!handler) throw unsupported(`${tag} in an expression`);
  if (
    scope.grouped &&
    !scope.inside &&
    tag !== 'ColumnRef' &&
    tag !== 'A_Const' &&
    scope.grouped.trees.has(shape(node))
  ) {
    scope.inside = true;
    try {
      return handler(c, node[tag as string], scope);
    } finally {
      scope.inside = false;
    }
  }
  return handler(c, node[tag as string], scope);
}

/** A tree without its places, to find the same expression again. */
export const shape = (node: Tree): string =>
  JSON.stringify(node, (key, value) =>
    key === 'location' || key === 'rexpr_list_start' || key === 'rexpr_list_end' ? undefined : value,
  );

function constant(_c: Compiler, value: Tree): Expr {
  const at = value.location;
  if (value.isnull) return { sql: 'NULL', type: 'unknown', literal: null, at };
  if (value.sval) return { sql: quoteText(value.sval.sval ?? ''), type: 'unknown', literal: value.sval.sval ?? '', at };
  if (value.boolval) return { sql: value.boolval.boolval ? '1' : '0', type: 'bool', at };
  if (value.fval) return number(value.fval.fval, at);
  if (value.bsval) throw unsupported('bit strings');
  return { sql: String(value.ival?.ival ?? 0), type: 'int4', at };
}

/** A number too large for an integer, or with a point. */
const number = (text: string, at: number): Expr =>
  /^\d+$/.test(text) && BigInt(text) < 2n ** 63n
    ? { sql: text, type: 'int8', at }
    : { sql: literal(plain(text)), type: 'numeric', at };

const plain = (text: string): string => {
  if (!/e/i.test(text)) return text.startsWith('.') ? `0${text}` : text.replace(/\.$/, '');
  return BigInt(Math.trunc(Number(text))) === 0n || !Number.isInteger(Number(text))
    ? String(Number(text))
    : String(BigInt(Number(text)));
};

// Names

function columnRef(_c: Compiler, node: Tree, scope: Scope): Expr {
  const fields = node.fields.map((field: Tree) => field.String?.sval) as (string | undefined)[];
  const name = fields.at(-1);
  if (name === undefined)
    throw new PgError('42601', 'row expansion via "*" is not supported here', { at: node.location });
  const relation = fields.length > 1 ? (fields.at(-2) as string) : undefined;
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = lookUp(at, name, relation, node.location);
    if (found) return reference(at, found, node.location);
    if (relation !== undefined && at.relations.has(relation))
      throw undefinedColumn(`${relation}.${name}`, node.location);
    if (relation === undefined && at.relations.has(name)) return wholeRow(at, name);
  }
  if (relation !== undefined) throw missingTable(scope, relation, node.location);
  throw missingColumn(scope, name, node.location);
}

function lookUp(scope: Scope, name: string, relation: string | undefined, at: number): ScopeColumn | undefined {
  const found = scope.columns.filter(
    (column) => column.name === name && (relation === undefined ? column.bare : column.relation === relation),
  );
  if (found.length > 1) throw new PgError('42702', `column reference "${name}" is ambiguous`, { at });
  return found[0];
}

function reference(scope: Scope, column: ScopeColumn, at: number): Expr {
  const { grouped } = scope;
  if (grouped && !scope.inside && !grouped.sql.has(column.sql) && !grouped.whole.has(column.relation))
    throw new PgError(
      '42803',
      `column "${column.relation ? `${column.relation}.` : ''}${column.name}" must appear in the GROUP BY clause or be used in an aggregate function`,
      { at },
    );
  return { sql: column.sql, type: column.type, mod: column.mod, at };
}

function wholeRow(scope: Scope, relation: string): Expr {
  const columns = scope.columns.filter((column) => column.relation === relation);
  if (columns.length === 1 && columns[0]?.name === relation) return { ...columns[0], sql: columns[0].sql };
  return {
    sql: `pg_row(${columns.map((column) => asText(column, false)).join(', ')})`,
    type: 'record',
    row: columns.filter(({ bare }) => bare),
  };
}

export function missingTable(scope: Scope, relation: string, at: number): PgError {
  for (let s: Scope | undefined = scope; s; s = s.parent) {
    const alias = s.hidden.get(relation);
    if (alias !== undefined)
      return new PgError('42P01', `invalid reference to FROM-clause entry for table "${relation}"`, {
        at,
        hint: `Perhaps you meant to reference the table alias "${alias}".`,
      });
  }
  return new PgError('42P01', `missing FROM-clause entry for table "${relation}"`, { at });
}

/** The hint names the nearest column, as levenshtein finds it. */
function missingColumn(scope: Scope, name: string, at: number): PgError {
  const near = scope.columns
    .map((column) => ({ column, distance: distance(column.name, name) }))
    .filter(({ distance: d }) => d <= Math.max(1, Math.floor(name.length / 2)) && d <= 3)
    .sort((a, b) => a.distance - b.distance);
  const [best] = near;
  const same = near.filter(({ distance: d }) => d === best?.distance);
  const hint =
    best && same.length === 1
      ? `Perhaps you meant to reference the column "${best.column.relation}.${best.column.name}".`
      : undefined;
  return new PgError('42703', `column "${name}" does not exist`, hint === undefined ? { at } : { at, hint });
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] as number;
}

// Operators

function operation(c: Compiler, node: Tree, scope: Scope): Expr {
  const operator = node.name.at(-1).String.sval as string;
  const at = node.location as number;
  const one = (side: Tree): Expr => c.expr(side, scope);
  switch (node.kind) {
    case 'AEXPR_OP':
      if (!node.lexpr) return unary(c, operator, one(node.rexpr), at);
      if (node.lexpr.RowExpr && node.rexpr.RowExpr) return rows(c, operator, node, scope);
      return binary(c, operator, one(node.lexpr), one(node.rexpr), at);
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL':
      return quantified(c, operator, one(node.lexpr), one(node.rexpr), node.kind === 'AEXPR_OP_ALL', at);
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
      return binary(c, operator, one(node.lexpr), one(node.rexpr), at);
    case 'AEXPR_SIMILAR':
      return {
        sql: `(pg_match(${cast(c, one(node.lexpr), { type: 'text' }).sql}, ${similar(c, node.rexpr, scope)}, 0)${operator === '!~' ? ' = 0' : ''})`,
        type: 'bool',
      };
    case 'AEXPR_IN':
      return membership(c, node, scope, operator);
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN':
    case 'AEXPR_BETWEEN_SYM':
      return between(c, node, scope);
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT': {
      const { exprs } = alike(c, [one(node.lexpr), one(node.rexpr)], 'IS DISTINCT FROM');
      const [a, b] = exprs.map(comparable);
      return { sql: `(${a} IS ${node.kind === 'AEXPR_DISTINCT' ? 'NOT ' : ''}${b})`, type: 'bool' };
    }
    case 'AEXPR_NULLIF': {
      const { exprs, type } = alike(c, [one(node.lexpr), one(node.rexpr)], 'NULLIF');
      return { sql: `nullif(${exprs[0]?.sql}, ${exprs[1]?.sql})`, type };
    }
    default:
      throw unsupported(node.kind);
  }
}

const similar = (c: Compiler, node: Tree, scope: Scope): string => {
  const pattern = c.expr(node.FuncCall?.args?.[0] ?? node, scope);
  return quoteText(`^(?:${(pattern.literal ?? '').replaceAll('%', '.*').replaceAll('_', '.')})$`);
};

function rows(c: Compiler, operator: string, node: Tree, scope: Scope): Expr {
  const [left, right] = [node.lexpr.RowExpr.args, node.rexpr.RowExpr.args] as [Tree[], Tree[]];
  if (left.length !== right.length)
    throw new PgError('42601', 'unequal number of entries in row expressions', { at: node.location });
  const pairs = left.map((side, i) =>
    alike(c, [c.expr(side, scope), c.expr(right[i], scope)], 'row').exprs.map(comparable),
  );
  return {
    sql: `((${pairs.map(([a]) => a).join(', ')}) ${operator} (${pairs.map(([, b]) => b).join(', ')}))`,
    type: 'bool',
  };
}

function membership(c: Compiler, node: Tree, scope: Scope, operator: string): Expr {
  const items = node.rexpr.List.items as Tree[];
  const not = operator === '<>';
  if (node.lexpr.RowExpr) {
    const tests = items.map(
      (item) => rows(c, '=', { lexpr: node.lexpr, rexpr: item, location: node.location }, scope).sql,
    );
    return { sql: `(${not ? 'NOT ' : ''}(${tests.join(' OR ')}))`, type: 'bool' };
  }
  const left = c.expr(node.lexpr, scope);
  const tests = items.map((item) => compare(c, '=', left, c.expr(item, scope), node.location).sql);
  return { sql: `(${not ? 'NOT ' : ''}(${tests.join(' OR ')}))`, type: 'bool' };
}

function between(c: Compiler, node: Tree, scope: Scope): Expr {
  const value = c.expr(node.lexpr, scope);
  const [low, high] = (node.rexpr.List.items as Tree[]).map((item) => c.expr(item, scope)) as [Expr, Expr];
  const [from, to] = [
    compare(c, '>=', value, low, node.location).sql,
    compare(c, '<=', value, high, node.location).sql,
  ];
  return { sql: `(${node.kind === 'AEXPR_NOT_BETWEEN' ? 'NOT ' : ''}(${from} AND ${to}))`, type: 'bool' };
}

function boolean(c: Compiler, node: Tree, scope: Scope): Expr {
  const word = { AND_EXPR: 'AND', OR_EXPR: 'OR', NOT_EXPR: 'NOT' }[node.boolop as 'AND_EXPR'];
  const sides = (node.args as Tree[]).map((arg) => truth(c, c.expr(arg, scope), word).sql);
  return { sql: word === 'NOT' ? `(NOT ${sides[0]})` : `(${sides.join(` ${word} `)})`, type: 'bool' };
}

/** A condition must be boolean; `where` is what the error names. */
export function truth(c: Compiler, e: Expr, where: string): Expr {
  if (e.type === 'unknown') return cast(c, e, { type: 'bool' }, false);
  if (e.type !== 'bool')
    throw new PgError('42804', `argument of ${where} must be type boolean, not type ${displayType({ type: e.type })}`, {
      at: e.at,
    });
  return e;
}

// Branches

function caseOf(c: Compiler, node: Tree, scope: Scope): Expr {
  const subject = node.arg ? c.expr(node.arg, scope) : undefined;
  const whens = (node.args as Tree[]).map(({ CaseWhen: when }) => ({
    test: subject
      ? compare(c, '=', subject, c.expr(when.expr, scope)).sql
      : truth(c, c.expr(when.expr, scope), 'CASE/WHEN').sql,
    result: c.expr(when.result, scope),
  }));
  const fallback = node.defresult ? [c.expr(node.defresult, scope)] : [];
  const { exprs, type, mod } = alike(c, [...fallback, ...whens.map(({ result }) => result)], 'CASE');
  const results = exprs.slice(fallback.length);
  const other = fallback.length > 0 ? ` ELSE ${exprs[0]?.sql}` : '';
  return {
    sql: `CASE ${whens.map(({ test }, i) => `WHEN ${test} THEN ${results[i]?.sql}`).join(' ')}${other} END`,
    type,
    mod,
  };
}

function coalesce(c: Compiler, node: Tree, scope: Scope): Expr {
  const { exprs, type, mod } = alike(
    c,
    node.args.map((arg: Tree) => c.expr(arg, scope)),
    'COALESCE',
  );
  return {
    sql: exprs.length === 1 ? (exprs[0] as Expr).sql : `coalesce(${exprs.map(({ sql }) => sql).join(', ')})`,
    type,
    mod,
  };
}

function minMax(c: Compiler, node: Tree, scope: Scope): Expr {
  const what = node.op === 'IS_GREATEST' ? 'GREATEST' : 'LEAST';
  const { exprs, type } = alike(
    c,
    node.args.map((arg: Tree) => c.expr(arg, scope)),
    what,
  );
  const rows = exprs.map((e) => `SELECT ${e.sql} AS v, ${comparable(e)} AS k`).join(' UNION ALL ');
  return {
    sql: `(SELECT v FROM (${rows}) WHERE v IS NOT NULL ORDER BY k ${what === 'GREATEST' ? 'DESC' : ''} LIMIT 1)`,
    type,
  };
}

// Subqueries

function subLink(c: Compiler, node: Tree, scope: Scope): Expr {
  const query = c.select(node.subselect, scope);
  switch (node.subLinkType) {
    case 'EXISTS_SUBLINK':
      return { sql: `(EXISTS (${query.sql}))`, type: 'bool' };
    case 'EXPR_SUBLINK': {
      const [column, more] = query.columns;
      if (more) throw new PgError('42601', 'subquery must return only one column', { at: node.location });
      const fault = `pg_fail('21000', 'more than one row returned by a subquery used as an expression')`;
      return {
        ...(column as OutputColumn),
        sql: `(SELECT CASE WHEN count(*) OVER () > 1 THEN ${fault} ELSE c1 END FROM (${query.sql}))`,
      };
    }
    case 'ARRAY_SUBLINK': {
      const column = query.columns[0] as OutputColumn;
      const type = column.type === 'unknown' ? 'text' : column.type;
      return {
        sql: `(SELECT coalesce(pg_array_of(pg_collect(${asText({ ...column, type, sql: 'c1' }, false)})), '{}') FROM (${query.sql}))`,
        type: `_${type}`,
      };
    }
    default:
      return anyOf(c, node, scope, query);
  }
}

function anyOf(c: Compiler, node: Tree, scope: Scope, query: { sql: string; columns: { type: string }[] }): Expr {
  const operator = node.operName?.at(-1).String.sval ?? '=';
  const all = node.subLinkType === 'ALL_SUBLINK';
  const lefts = node.testexpr.RowExpr ? (node.testexpr.RowExpr.args as Tree[]) : [node.testexpr];
  if (lefts.length !== query.columns.length)
    throw new PgError('42601', `subquery has too ${query.columns.length > lefts.length ? 'many' : 'few'} columns`, {
      at: node.location,
    });
  const alias = `q${++rootOf(scope).nextAlias}`;
  const tests = lefts.map(
    (left, i) =>
      compareOr(
        c,
        operator,
        c.expr(left, scope),
        { sql: `${alias}.c${i + 1}`, type: query.columns[i]?.type ?? 'text' },
        node.location,
      ).sql,
  );
  const test = tests.join(' AND ');
  // three-valued, as IN is: null when no row matches and one may
  const found = `(SELECT max(CASE WHEN ${all ? `NOT (${test})` : test} THEN 1 WHEN (${test}) IS NULL THEN NULL ELSE 0 END) FROM (${query.sql}) AS ${alias})`;
  const unsure = `EXISTS (SELECT 1 FROM (${query.sql}) AS ${alias} WHERE (${test}) IS NULL)`;
  const some = `CASE WHEN coalesce(${found}, 0) = 1 THEN 1 WHEN ${unsure} THEN NULL ELSE 0 END`;
  return { sql: all ? `(1 - ${some})` : `(${some})`, type: 'bool' };
}

const compareOr = (c: Compiler, operator: string, a: Expr, b: Expr, at: number): Expr => binary(c, operator, a, b, at);
export const rootOf = (scope: Scope): Scope => {
  let top = scope;
  while (top.parent) top = top.parent;
  return top;
};

// The rest

function typeCast(c: Compiler, node: Tree, scope: Scope): Expr {
  const to = readTypeName(node.typeName, (name) => c.session.catalog.enums.some((e) => e.name === name));
  const e = c.expr(node.arg, scope);
  const done = cast(c, e, to);
  return { sql: done.sql, type: to.type, mod: to.mod, at: node.location >= 0 ? node.location : e.at };
}

function array(c: Compiler, node: Tree, scope: Scope): Expr {
  const items = ((node.elements ?? []) as Tree[]).map((item) => c.expr(item, scope));
  if (items.length === 0) return { sql: `'{}'`, type: 'unknown', literal: '{}', at: node.location };
  const element = unify(items, 'ARRAY');
  const texts = items.map((e) => asText(cast(c, e, { type: element }, false), false));
  return { sql: `pg_array_of(json_array(${texts.join(', ')}))`, type: isArray(element) ? element : `_${element}` };
}

function indirection(c: Compiler, node: Tree, scope: Scope): Expr {
  let e = c.expr(node.arg, scope);
  for (const step of node.indirection as Tree[]) {
    const at = step.A_Indices;
    if (!at) throw unsupported('fields of composite values');
    if (e.type === 'jsonb') {
      e = { sql: `pg_json_get(${e.sql}, ${c.expr(at.uidx, scope).sql}, 0)`, type: 'jsonb' };
      continue;
    }
    const index = (side: Tree): string => cast(c, c.expr(side, scope), { type: 'int4' }, false).sql;
    if (at.is_slice)
      e = {
        sql: `pg_array_slice(${e.sql}, ${at.lidx ? index(at.lidx) : 1}, ${at.uidx ? index(at.uidx) : 1e9})`,
        type: e.type,
      };
    else e = cast(c, { sql: `pg_array_at(${e.sql}, ${index(at.uidx)})`, type: 'text' }, { type: elementOf(e.type) });
  }
  return e;
}

const VALUE_FUNCTIONS: Record<string, [fn: string, type: string]> = {
  SVFOP_CURRENT_DATE: ['now', 'date'],
  SVFOP_CURRENT_TIME: ['now', 'time'],
  SVFOP_CURRENT_TIMESTAMP: ['now', 'timestamptz'],
  SVFOP_CURRENT_TIMESTAMP_N: ['now', 'timestamptz'],
  SVFOP_LOCALTIMESTAMP: ['now', 'timestamp'],
  SVFOP_LOCALTIME: ['now', 'time'],
  SVFOP_CURRENT_USER: ['current_user', 'name'],
  SVFOP_CURRENT_ROLE: ['current_user', 'name'],
  SVFOP_USER: ['current_user', 'name'],
  SVFOP_SESSION_USER: ['session_user', 'name'],
  SVFOP_CURRENT_CATALOG: ['current_catalog', 'name'],
  SVFOP_CURRENT_SCHEMA: ['current_schema', 'name'],
};

function valueFunction(c: Compiler, node: Tree, scope: Scope): Expr {
  const [fn, type] = VALUE_FUNCTIONS[node.op as string] ?? [];
  if (!fn || !type) throw unsupported(node.op);
  return cast(c, callFunction(c, { funcname: [{ String: { sval: fn } }] }, scope), { type });
}

function parameter(c: Compiler, node: Tree): Expr {
  const { values, types } = c.parameters;
  const type = types[node.number - 1] ?? 'unknown';
  const value = values?.[node.number - 1];
  if (values && value === undefined)
    throw new PgError('42P02', `there is no parameter $${node.number}`, { at: node.location });
  const e: Expr = {
    sql: value == null ? 'NULL' : quoteText(value),
    type: 'unknown',
    literal: value ?? null,
    parameter: node.number,
  };
  c.parameters.types.length = Math.max(types.length, node.number);
  return type === 'unknown' ? e : cast(c, e, { type }, false);
}

const HANDLERS: Record<string, Handler> = {
  A_Const: constant,
  ColumnRef: columnRef,
  A_Expr: operation,
  BoolExpr: boolean,
  NullTest: (c, node, scope) => ({
    sql: `(${c.expr(node.arg, scope).sql} IS ${node.nulltesttype === 'IS_NULL' ? '' : 'NOT '}NULL)`,
    type: 'bool',
  }),
  BooleanTest: (c, node, scope) => {
    const e = truth(c, c.expr(node.arg, scope), 'IS TRUE').sql;
    const test = {
      IS_TRUE: 'IS 1',
      IS_NOT_TRUE: 'IS NOT 1',
      IS_FALSE: 'IS 0',
      IS_NOT_FALSE: 'IS NOT 0',
      IS_UNKNOWN: 'IS NULL',
      IS_NOT_UNKNOWN: 'IS NOT NULL',
    }[node.booltesttype as 'IS_TRUE'];
    return { sql: `(${e} ${test})`, type: 'bool' };
  },
  CaseExpr: caseOf,
  CoalesceExpr: coalesce,
  MinMaxExpr: minMax,
  SubLink: subLink,
  TypeCast: typeCast,
  A_ArrayExpr: array,
  A_Indirection: indirection,
  SQLValueFunction: valueFunction,
  ParamRef: parameter,
  FuncCall: callFunction,
  CollateClause: (c, node, scope) => c.expr(node.arg, scope),
  RowExpr: (c, node, scope) => ({
    sql: `pg_row(${node.args.map((arg: Tree) => asText(c.expr(arg, scope), false)).join(', ')})`,
    type: 'record',
  }),
  SetToDefault: (_c, node) => {
    throw new PgError('42601', 'DEFAULT is not allowed in this context', { at: node.location });
  },
};
