// Aggregate and window functions.

import type { Tree } from '../sql/postgres-parser';
import { asJson, asText, cast } from './casts';
import type { Compiler, Expr, Scope } from './compiler';
import { PgError } from './error';
import { orderBy } from './order';
import { quoteText } from './quote';
import { isFloat, isInteger } from './types';

/** How one argument becomes a result; `wrap` adds DISTINCT, ORDER BY, FILTER and OVER to a call of SQLite. */
type Aggregate = (
  c: Compiler,
  args: Expr[],
  wrap: (fn: string, argument: string, more?: string) => string,
  windowed: boolean,
) => Expr;

const collect = (wrap: (fn: string, argument: string) => string, sql: string): string => wrap('pg_collect', sql);

const sum: Aggregate = (c, [first], wrap, windowed) => {
  const e = number(c, first);
  if (isFloat(e.type)) return { sql: wrap('sum', e.sql), type: e.type };
  if (e.type === 'int2' || e.type === 'int4') return { sql: wrap('sum', e.sql), type: 'int8' };
  if (e.type === 'int8') return { sql: `CAST(${wrap('sum', e.sql)} AS TEXT)`, type: 'numeric' };
  if (e.type === 'interval') throw new PgError('0A000', 'not supported: sum(interval)');
  return windowed
    ? { sql: `pg_num_double(${wrap('sum', `CAST(${e.sql} AS REAL)`)})`, type: 'numeric' }
    : { sql: wrap('pg_sum', e.sql), type: 'numeric' };
};

const avg: Aggregate = (c, args, wrap, windowed) => {
  const e = number(c, args[0]);
  if (isFloat(e.type)) return { sql: wrap('avg', e.sql), type: 'float8' };
  const total = sum(c, [e], wrap, windowed);
  const text = total.type === 'int8' ? `CAST(${total.sql} AS TEXT)` : total.sql;
  return {
    sql: `CASE WHEN ${wrap('count', e.sql)} > 0 THEN pg_num_div(${text}, CAST(${wrap('count', e.sql)} AS TEXT)) END`,
    type: 'numeric',
  };
};

const extreme =
  (name: 'min' | 'max'): Aggregate =>
  (c, [first], wrap, windowed) => {
    const e = first?.type === 'unknown' ? cast(c, first, { type: 'text' }) : (first as Expr);
    if (e.type === 'bool')
      throw new PgError('42883', `function ${name}(boolean) does not exist`, {
        hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
      });
    return { ...e, sql: wrap(e.type === 'numeric' && !windowed ? `pg_${name}` : name, e.sql) };
  };

const every =
  (name: 'min' | 'max'): Aggregate =>
  (c, [first], wrap) => ({ sql: wrap(name, cast(c, first as Expr, { type: 'bool' }, false).sql), type: 'bool' });

const deviation =
  (root: boolean, sample: boolean): Aggregate =>
  (c, [first], wrap) => {
    const e = number(c, first);
    const float = isFloat(e.type);
    const exact = cast(c, e, { type: 'numeric' }).sql;
    const value = `pg_spread(${collect(wrap, exact)}, ${root ? 1 : 0}, ${sample ? 1 : 0})`;
    return float ? { sql: `CAST(${value} AS REAL)`, type: 'float8' } : { sql: value, type: 'numeric' };
  };

const json =
  (type: 'json' | 'jsonb'): Aggregate =>
  (_c, [first], wrap) => {
    const e = first as Expr;
    const list = `pg_json_list(${collect(wrap, asJson(e))})`;
    return { sql: type === 'jsonb' ? `pg_jsonb(${list})` : list, type };
  };

const jsonObject =
  (type: 'json' | 'jsonb'): Aggregate =>
  (_c, [key, value], wrap) => {
    const pair = `pg_json('text', ${asText(key as Expr)}) || ' : ' || pg_json(${quoteText((value as Expr).type)}, ${(value as Expr).sql})`;
    const list = `pg_json_object(${collect(wrap, pair)})`;
    return { sql: type === 'jsonb' ? `pg_jsonb(${list})` : list, type };
  };

const AGGREGATES: Record<string, Aggregate> = {
  count: (_c, args, wrap) => ({ sql: wrap('count', args[0] ? args[0].sql : '*'), type: 'int8' }),
  sum,
  avg,
  min: extreme('min'),
  max: extreme('max'),
  bool_and: every('min'),
  every: every('min'),
  bool_or: every('max'),
  string_agg: (c, [value, by], wrap) => ({
    sql: `pg_join(${collect(wrap, cast(c, value as Expr, { type: 'text' }).sql)}, ${cast(c, by as Expr, { type: 'text' }).sql})`,
    type: 'text',
  }),
  array_agg: (_c, [first], wrap) => ({
    sql: `pg_array_of(${collect(wrap, asText(first as Expr, false))})`,
    type: `_${(first as Expr).type === 'unknown' ? 'text' : (first as Expr).type}`,
  }),
  json_agg: json('json'),
  jsonb_agg: json('jsonb'),
  json_object_agg: jsonObject('json'),
  jsonb_object_agg: jsonObject('jsonb'),
  stddev: deviation(true, true),
  stddev_samp: deviation(true, true),
  stddev_pop: deviation(true, false),
  variance: deviation(false, true),
  var_samp: deviation(false, true),
  var_pop: deviation(false, false),
};

const WINDOW: Record<string, (c: Compiler, args: Expr[]) => Expr> = {
  row_number: () => ({ sql: 'row_number()', type: 'int8' }),
  rank: () => ({ sql: 'rank()', type: 'int8' }),
  dense_rank: () => ({ sql: 'dense_rank()', type: 'int8' }),
  percent_rank: () => ({ sql: 'percent_rank()', type: 'float8' }),
  cume_dist: () => ({ sql: 'cume_dist()', type: 'float8' }),
  ntile: (_c, [n]) => ({ sql: `ntile(${n?.sql})`, type: 'int4' }),
  lag: (c, args) => shifted(c, 'lag', args),
  lead: (c, args) => shifted(c, 'lead', args),
  first_value: (_c, [e]) => ({ ...(e as Expr), sql: `first_value(${e?.sql})` }),
  last_value: (_c, [e]) => ({ ...(e as Expr), sql: `last_value(${e?.sql})` }),
  nth_value: (_c, [e, n]) => ({ ...(e as Expr), sql: `nth_value(${e?.sql}, ${n?.sql})` }),
};

function shifted(c: Compiler, name: string, [e, by, other]: Expr[]): Expr {
  const fallback = other ? cast(c, other, { type: (e as Expr).type }, false).sql : undefined;
  return {
    ...(e as Expr),
    sql: `${name}(${[e?.sql, by?.sql ?? (fallback ? '1' : undefined), fallback].filter((s) => s !== undefined).join(', ')})`,
  };
}

const SETS = new Set(['percentile_cont', 'percentile_disc', 'mode']);
export const isAggregate = (name: string): boolean => name in AGGREGATES || SETS.has(name);
export const isWindow = (name: string): boolean => name in WINDOW;

function number(c: Compiler, e: Expr | undefined): Expr {
  if (e === undefined) throw new PgError('42883', 'function sum() does not exist');
  const side = e.type === 'unknown' ? cast(c, e, { type: 'float8' }) : e;
  if (isInteger(side.type) || isFloat(side.type) || side.type === 'numeric' || side.type === 'interval') return side;
  throw new PgError(
    '42883',
    `function sum(${side.type === 'varchar' ? 'character varying' : side.type}) does not exist`,
    {
      hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
      at: e.at,
    },
  );
}

/** A call of an aggregate or window function. */
export function aggregateCall(c: Compiler, call: Tree, name: string, scope: Scope): Expr {
  const windowed = call.over !== undefined;
  if (isWindow(name) && !windowed)
    throw new PgError('42P20', `window function ${name} requires an OVER clause`, { at: call.location });
  if (!windowed && scope.noAggregates)
    throw new PgError('42803', `aggregate functions are not allowed in ${scope.noAggregates}`, { at: call.location });
  if (scope.inside && !windowed)
    throw new PgError('42803', 'aggregate function calls cannot be nested', { at: call.location });
  const wasInside = scope.inside;
  scope.inside = !windowed || wasInside;
  // what is wrong with an argument is said of the call
  const args = ((call.args ?? []) as Tree[]).map((arg) => ({ ...c.expr(arg, scope), at: call.location as number }));
  const order = call.agg_order && !call.agg_within_group ? ` ORDER BY ${orderBy(c, call.agg_order, scope)}` : '';
  const filter = call.agg_filter
    ? ` FILTER (WHERE ${cast(c, c.expr(call.agg_filter, scope), { type: 'bool' }, false).sql})`
    : '';
  const within = call.agg_within_group ? (call.agg_order as Tree[]).map((sort) => c.expr(sort.SortBy.node, scope)) : [];
  scope.inside = wasInside;
  const over = windowed ? ` OVER ${windowText(c, call.over, scope)}` : '';
  const distinct = call.agg_distinct ? 'DISTINCT ' : '';
  const wrap = (fn: string, argument: string) =>
    `${fn}(${argument === '*' ? '' : distinct}${argument}${order})${filter}${over}`;
  if (SETS.has(name)) return orderedSet(c, name, args, within[0] as Expr, wrap);
  const windowFunction = WINDOW[name];
  if (windowFunction) {
    const e = windowFunction(c, args);
    return { ...e, sql: `${e.sql}${filter}${over}` };
  }
  return (AGGREGATES[name] as Aggregate)(c, args, wrap, windowed);
}

function orderedSet(
  c: Compiler,
  name: string,
  [p]: Expr[],
  value: Expr,
  wrap: (fn: string, argument: string) => string,
): Expr {
  if (name === 'mode') return { ...value, sql: `pg_mode(${wrap('pg_collect', value.sql)})` };
  const at = cast(c, p as Expr, { type: 'float8' }, false).sql;
  if (name === 'percentile_disc') return { ...value, sql: `pg_percentile(${wrap('pg_collect', value.sql)}, ${at}, 0)` };
  return {
    sql: `pg_percentile(${wrap('pg_collect', cast(c, value, { type: 'float8' }).sql)}, ${at}, 1)`,
    type: 'float8',
  };
}

const FRAME = { nondefault: 1, range: 2, rows: 4, groups: 8, between: 16 };
const BOUNDS: [bit: number, text: string, end: boolean, offset: boolean][] = [
  [0x20, 'UNBOUNDED PRECEDING', false, false],
  [0x80, 'UNBOUNDED FOLLOWING', false, false],
  [0x200, 'CURRENT ROW', false, false],
  [0x800, 'PRECEDING', false, true],
  [0x2000, 'FOLLOWING', false, true],
  [0x40, 'UNBOUNDED PRECEDING', true, false],
  [0x100, 'UNBOUNDED FOLLOWING', true, false],
  [0x400, 'CURRENT ROW', true, false],
  [0x1000, 'PRECEDING', true, true],
  [0x4000, 'FOLLOWING', true, true],
];

function windowText(c: Compiler, window: Tree, scope: Scope): string {
  const named = window.name
    ? scope.windows.get(window.name)
    : window.refname
      ? scope.windows.get(window.refname)
      : undefined;
  if ((window.name || window.refname) && !named)
    throw new PgError('42704', `window "${window.name ?? window.refname}" does not exist`, { at: window.location });
  const partition = (window.partitionClause ?? named?.partitionClause) as Tree[] | undefined;
  const order = (window.orderClause ?? named?.orderClause) as Tree[] | undefined;
  const parts: string[] = [];
  if (partition) parts.push(`PARTITION BY ${partition.map((node) => c.expr(node, scope).sql).join(', ')}`);
  if (order) parts.push(`ORDER BY ${orderBy(c, order, scope)}`);
  const frame = window.frameOptions & FRAME.nondefault ? window : named;
  if (frame && frame.frameOptions & FRAME.nondefault) parts.push(frameText(c, frame, scope));
  return `(${parts.join(' ')})`;
}

function frameText(c: Compiler, frame: Tree, scope: Scope): string {
  const bits = frame.frameOptions as number;
  const unit = bits & FRAME.rows ? 'ROWS' : bits & FRAME.groups ? 'GROUPS' : 'RANGE';
  const bound = (end: boolean): string => {
    const found = BOUNDS.find(([bit, , isEnd]) => isEnd === end && bits & bit);
    const offset = end ? frame.endOffset : frame.startOffset;
    return found ? `${found[3] ? `${c.expr(offset, scope).sql} ` : ''}${found[1]}` : 'CURRENT ROW';
  };
  return bits & FRAME.between ? `${unit} BETWEEN ${bound(false)} AND ${bound(true)}` : `${unit} ${bound(false)}`;
}
