// Operators by the types of their sides.
import { alike, asText, cast, implicit } from './casts';
import type { Compiler, Expr } from './compiler';
import { PgError } from './error';
import { quoteText } from './quote';
import { categoryOf, displayType, elementOf, isArray, isFloat, isInteger, isReg, isText } from './types';

const COMPARISONS = new Set(['=', '<>', '!=', '<', '>', '<=', '>=']);
const MATCHES: Record<string, [fn: string, negated: boolean, insensitive: boolean]> = {
  '~~': ['pg_like', false, false],
  '!~~': ['pg_like', true, false],
  '~~*': ['pg_like', false, true],
  '!~~*': ['pg_like', true, true],
  '~': ['pg_match', false, false],
  '!~': ['pg_match', true, false],
  '~*': ['pg_match', false, true],
  '!~*': ['pg_match', true, true],
};

function noOperator(operator: string, sides: Expr[], at?: number): PgError {
  const types = sides.map((side) => displayType({ type: side.type }));
  const text = types.length === 1 ? `${operator} ${types[0]}` : `${types[0]} ${operator} ${types[1]}`;
  return new PgError('42883', `operator does not exist: ${text}`, {
    hint: `No operator matches the given name and argument type${types.length === 1 ? '' : 's'}. You might need to add ${types.length === 1 ? 'an explicit type cast' : 'explicit type casts'}.`,
    at,
  });
}

/** A side as it is compared: exact decimals as numbers, spans as microseconds, enumerations by rank. */
export function comparable(e: Expr): string {
  if (e.type === 'numeric') return `CAST(${e.sql} AS REAL)`;
  if (e.type === 'interval') return `pg_span(${e.sql})`;
  if (e.type === 'bpchar') return `rtrim(${e.sql}, ' ')`;
  if (categoryOf(e.type) === 'E') return `pg_rank(${quoteText(e.type)}, ${e.sql})`;
  return e.sql;
}

export function compare(c: Compiler, operator: string, a: Expr, b: Expr, at?: number): Expr {
  const sql = operator === '!=' ? '<>' : operator;
  const [x, y] = sameType(c, operator, a, b, at);
  if (x.type === 'json') throw noOperator(operator, [a, b], at);
  return { sql: `(${comparable(x)} ${sql} ${comparable(y)})`, type: 'bool' };
}

function sameType(c: Compiler, operator: string, a: Expr, b: Expr, at?: number): [Expr, Expr] {
  if (a.type === 'unknown' && b.type === 'unknown') return [cast(c, a, { type: 'text' }), cast(c, b, { type: 'text' })];
  if (a.type === 'unknown') return [cast(c, a, { type: b.type }, false), b];
  if (b.type === 'unknown') return [a, cast(c, b, { type: a.type }, false)];
  if (isText(a.type) && isText(b.type)) return [a, b];
  if (!implicit(a.type, b.type) && !implicit(b.type, a.type)) throw noOperator(operator, [a, b], at);
  const { exprs } = alike(c, [a, b], 'operator');
  return exprs as [Expr, Expr];
}

export function binary(c: Compiler, operator: string, a: Expr, b: Expr, at?: number): Expr {
  if (COMPARISONS.has(operator)) return compare(c, operator, a, b, at);
  const match = MATCHES[operator];
  if (match) return matching(c, match, operator, a, b, at);
  if (operator === '||') return concatenation(c, a, b, at);
  const json = jsonOperation(c, operator, a, b);
  if (json) return json;
  const array = arrayOperation(c, operator, a, b);
  if (array) return array;
  const stamp = stampOperation(c, operator, a, b);
  if (stamp) return stamp;
  return arithmetic(c, operator, a, b, at);
}

function matching(
  c: Compiler,
  [fn, negated, insensitive]: [string, boolean, boolean],
  operator: string,
  a: Expr,
  b: Expr,
  at?: number,
): Expr {
  for (const side of [a, b])
    if (!isText(side.type) && side.type !== 'unknown' && !isReg(side.type)) throw noOperator(operator, [a, b], at);
  const text = (e: Expr) => cast(c, e, { type: 'text' }).sql;
  return { sql: `(${negated ? 'NOT ' : ''}${fn}(${text(a)}, ${text(b)}, ${insensitive ? 1 : 0}))`, type: 'bool' };
}

function concatenation(c: Compiler, a: Expr, b: Expr, at?: number): Expr {
  if (isArray(a.type) || isArray(b.type)) {
    const type = isArray(a.type) ? a.type : b.type;
    const side = (e: Expr) =>
      e.type === 'unknown'
        ? e.literal === null
          ? 'NULL'
          : cast(c, e, { type }).sql
        : isArray(e.type)
          ? e.sql
          : `pg_array1(${asText(e, false)})`;
    return { sql: `pg_array_cat(${side(a)}, ${side(b)})`, type };
  }
  if (a.type === 'jsonb' || b.type === 'jsonb')
    return {
      sql: `pg_json_cat(${cast(c, a, { type: 'jsonb' }).sql}, ${cast(c, b, { type: 'jsonb' }).sql})`,
      type: 'jsonb',
    };
  if (a.type !== 'unknown' && b.type !== 'unknown' && !isText(a.type) && !isText(b.type))
    throw noOperator('||', [a, b], at);
  const side = (e: Expr) => (e.type === 'unknown' ? cast(c, e, { type: 'text' }).sql : asText(e));
  return { sql: `(${side(a)} || ${side(b)})`, type: 'text' };
}

function jsonOperation(c: Compiler, operator: string, a: Expr, b: Expr): Expr | undefined {
  if (a.type !== 'json' && a.type !== 'jsonb') return undefined;
  const key = (e: Expr) => (isInteger(e.type) ? e.sql : cast(c, e, { type: 'text' }).sql);
  const path = (e: Expr) => cast(c, e, { type: '_text' }).sql;
  switch (operator) {
    case '->':
      return { sql: `pg_json_get(${a.sql}, ${key(b)}, 0)`, type: a.type };
    case '->>':
      return { sql: `pg_json_get(${a.sql}, ${key(b)}, 1)`, type: 'text' };
    case '#>':
      return { sql: `pg_json_path(${a.sql}, ${path(b)}, 0)`, type: a.type };
    case '#>>':
      return { sql: `pg_json_path(${a.sql}, ${path(b)}, 1)`, type: 'text' };
    case '?':
      return { sql: `CAST(pg_json_has(${a.sql}, ${key(b)}) AS INTEGER)`, type: 'bool' };
    case '@>':
      return { sql: `CAST(pg_json_in(${a.sql}, ${cast(c, b, { type: 'jsonb' }).sql}) AS INTEGER)`, type: 'bool' };
    case '<@':
      return { sql: `CAST(pg_json_in(${cast(c, b, { type: 'jsonb' }).sql}, ${a.sql}) AS INTEGER)`, type: 'bool' };
    case '-':
      return { sql: `pg_json_without(${a.sql}, ${key(b)})`, type: a.type };
    default:
      return undefined;
  }
}

const ARRAY_OPERATIONS: Record<string, string> = {
  '@>': 'pg_array_has',
  '<@': 'pg_array_within',
  '&&': 'pg_array_meets',
};

function arrayOperation(c: Compiler, operator: string, a: Expr, b: Expr): Expr | undefined {
  const fn = ARRAY_OPERATIONS[operator];
  if (!fn || !(isArray(a.type) || isArray(b.type))) return undefined;
  const type = isArray(a.type) ? a.type : b.type;
  return {
    sql: `CAST(${fn}(${cast(c, a, { type }, false).sql}, ${cast(c, b, { type }, false).sql}) AS INTEGER)`,
    type: 'bool',
  };
}

const isStamp = (type: string): boolean => type === 'date' || type === 'timestamp' || type === 'timestamptz';

function stampOperation(c: Compiler, operator: string, a: Expr, b: Expr): Expr | undefined {
  if (![a, b].some(({ type }) => isStamp(type) || type === 'interval' || type === 'time')) return undefined;
  if (operator === '+' && !isStamp(a.type) && isStamp(b.type)) return stampOperation(c, '+', b, a);
  if (isStamp(a.type) && (operator === '+' || operator === '-')) return stampPlus(c, operator, a, b);
  if (a.type === 'time' && (operator === '+' || operator === '-') && b.type !== 'time')
    return { sql: `pg_time_add(${a.sql}, ${cast(c, b, { type: 'interval' }, false).sql}, ${operator}1)`, type: 'time' };
  if (operator === '*' || operator === '/') {
    const [span, factor] = a.type === 'interval' ? [a, b] : [b, a];
    return {
      sql: `pg_span_times(${span.sql}, ${cast(c, factor, { type: 'float8' }, false).sql}, ${operator === '*' ? 1 : 0})`,
      type: 'interval',
    };
  }
  if (operator !== '+' && operator !== '-') return undefined;
  const span = (e: Expr) => (e.type === 'time' ? e.sql : cast(c, e, { type: 'interval' }, false).sql);
  return { sql: `pg_span_add(${span(a)}, ${span(b)}, ${operator}1)`, type: 'interval' };
}

function stampPlus(c: Compiler, operator: '+' | '-', a: Expr, b: Expr): Expr {
  if (isStamp(b.type) && operator === '-') {
    if (a.type === 'date' && b.type === 'date')
      return { sql: `CAST(pg_days(${a.sql}, ${b.sql}) AS INTEGER)`, type: 'int4' };
    return {
      sql: `pg_between(${cast(c, a, { type: 'timestamp' }).sql}, ${cast(c, b, { type: 'timestamp' }).sql})`,
      type: 'interval',
    };
  }
  if (a.type === 'date' && b.type === 'unknown' && operator === '-' && /^\d{4}-/.test(b.literal ?? ''))
    return stampPlus(c, operator, a, cast(c, b, { type: 'date' }, false));
  if (isStamp(a.type) && b.type === 'unknown' && operator === '-' && /^\d{4}-/.test(b.literal ?? ''))
    return stampPlus(c, operator, a, cast(c, b, { type: a.type }, false));
  if (a.type === 'date' && isInteger(b.type))
    return { sql: `pg_date_add(${a.sql}, ${operator}(${b.sql}))`, type: 'date' };
  if (a.type === 'date' && b.type === 'time') return { sql: `(${a.sql} || ' ' || ${b.sql})`, type: 'timestamp' };
  if (!['interval', 'unknown', 'time'].includes(b.type)) throw noOperator(operator, [a, b]);
  const type = a.type === 'date' ? 'timestamp' : a.type;
  const span = b.type === 'time' ? b.sql : cast(c, b, { type: 'interval' }, false).sql;
  return { sql: `pg_stamp_add(${cast(c, a, { type }).sql}, ${span}, ${operator}1)`, type };
}

const NUMERIC_FUNCTIONS: Record<string, string> = {
  '+': 'pg_num_add',
  '-': 'pg_num_sub',
  '*': 'pg_num_mul',
  '/': 'pg_num_div',
  '%': 'pg_num_mod',
};
const BITS: Record<string, string> = { '&': '&', '|': '|', '<<': '<<', '>>': '>>' };
const isNumber = (type: string): boolean => isInteger(type) || isFloat(type) || type === 'numeric' || type === 'oid';

function arithmetic(c: Compiler, operator: string, left: Expr, right: Expr, at?: number): Expr {
  const a = left.type === 'unknown' && isNumber(right.type) ? cast(c, left, { type: right.type }, false) : left;
  const b = right.type === 'unknown' && isNumber(left.type) ? cast(c, right, { type: left.type }, false) : right;
  if (!isNumber(a.type) || !isNumber(b.type)) throw noOperator(operator, [left, right], at);
  if (operator === '^') {
    if (a.type === 'numeric' || b.type === 'numeric')
      return {
        sql: `pg_num_pow(${cast(c, a, { type: 'numeric' }).sql}, ${cast(c, b, { type: 'numeric' }).sql})`,
        type: 'numeric',
      };
    return {
      sql: `pg_pow(${cast(c, a, { type: 'float8' }).sql}, ${cast(c, b, { type: 'float8' }).sql})`,
      type: 'float8',
    };
  }
  if (isInteger(a.type) && isInteger(b.type)) return integers(operator, a, b, at);
  const fn = NUMERIC_FUNCTIONS[operator];
  if (!fn || (operator === '%' && (isFloat(a.type) || isFloat(b.type)))) throw noOperator(operator, [left, right], at);
  if (isFloat(a.type) || isFloat(b.type)) {
    const type = a.type === 'float4' && b.type === 'float4' ? 'float4' : 'float8';
    const [x, y] = [cast(c, a, { type }).sql, cast(c, b, { type }).sql];
    return { sql: operator === '/' ? `(${x} / pg_nonzero(${y}))` : `(${x} ${operator} ${y})`, type };
  }
  return {
    sql: `${fn}(${cast(c, a, { type: 'numeric' }).sql}, ${cast(c, b, { type: 'numeric' }).sql})`,
    type: 'numeric',
  };
}

function integers(operator: string, a: Expr, b: Expr, at?: number): Expr {
  const rank = ['int2', 'int4', 'int8'];
  const type = rank[Math.max(rank.indexOf(a.type), rank.indexOf(b.type))] ?? 'int4';
  if (operator === '/' || operator === '%')
    return { sql: `(${a.sql} ${operator} CAST(pg_nonzero(${b.sql}) AS INTEGER))`, type };
  if (operator === '#') return { sql: `((${a.sql} | ${b.sql}) - (${a.sql} & ${b.sql}))`, type };
  if (['+', '-', '*'].includes(operator)) return { sql: `(${a.sql} ${operator} ${b.sql})`, type };
  if (BITS[operator]) return { sql: `(${a.sql} ${operator} ${b.sql})`, type };
  throw noOperator(operator, [a, b], at);
}

export function unary(c: Compiler, operator: string, e: Expr, at?: number): Expr {
  const side = e.type === 'unknown' ? cast(c, e, { type: 'float8' }) : e;
  if (operator === '-' && side.type === 'interval')
    return { sql: `pg_span_times(${side.sql}, -1.0, 1)`, type: 'interval' };
  if (!isNumber(side.type)) throw noOperator(operator, [e], at);
  if (operator === '+') return side;
  if (operator === '-')
    return side.type === 'numeric'
      ? { sql: `pg_num_sub('0', ${side.sql})`, type: 'numeric' }
      : { sql: `(- ${side.sql})`, type: side.type };
  if (operator === '@')
    return side.type === 'numeric'
      ? { sql: `ltrim(${side.sql}, '-')`, type: 'numeric' }
      : { sql: `abs(${side.sql})`, type: side.type };
  if (operator === '~') return { sql: `(~ ${side.sql})`, type: side.type };
  throw noOperator(operator, [e], at);
}

/** `a = ANY (array)` and `a <> ALL (array)`. */
export function quantified(c: Compiler, operator: string, a: Expr, array: Expr, all: boolean, at?: number): Expr {
  const element = array.type === 'unknown' ? (a.type === 'unknown' ? 'text' : a.type) : elementOf(array.type);
  const list = array.type === 'unknown' ? cast(c, array, { type: `_${element}` }) : array;
  if (!isArray(list.type) && list.type !== 'int2vector' && list.type !== 'oidvector')
    throw new PgError('42809', 'op ANY/ALL (array) requires array on right side', { at });
  const item = cast(c, { sql: 'value', type: 'text' }, { type: element });
  const test = binary(c, operator, a, item, at);
  const rows = `json_each(pg_items(${list.sql}))`;
  return {
    sql: all
      ? `(NOT EXISTS (SELECT 1 FROM ${rows} WHERE NOT ${test.sql}))`
      : `(EXISTS (SELECT 1 FROM ${rows} WHERE ${test.sql}))`,
    type: 'bool',
  };
}
