// Casts between types, and which of them happen by themselves.

import type { LiteValue } from '../sql/engine';
import type { Compiler, Expr } from './compiler';
import { PgError } from './error';
import { quoteText } from './quote';
import {
  categoryOf,
  displayType,
  elementOf,
  isArray,
  isFloat,
  isInteger,
  isReg,
  isText,
  type Typed,
  typeNamed,
} from './types';
import { input } from './values';

/** A value as a literal of SQLite. */
export function literal(value: LiteValue): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  if (typeof value === 'number')
    return Number.isFinite(value)
      ? Number.isInteger(value) && Math.abs(value) < 1e15
        ? `${value}.0`
        : String(value)
      : value > 0
        ? '9e999'
        : value < 0
          ? '-9e999'
          : 'pg_nan()';
  if (typeof value === 'bigint') return value === -(2n ** 63n) ? '(-9223372036854775807 - 1)' : String(value);
  return value.includes('\0') ? `CAST(x'${Buffer.from(value).toString('hex')}' AS TEXT)` : quoteText(value);
}

const NUMBER_RANK = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];
const STAMP_RANK = ['date', 'timestamp', 'timestamptz'];
const isNumber = (type: string): boolean => NUMBER_RANK.includes(type);

/** Whether a value of one type is taken where another is wanted, without being told. */
export function implicit(from: string, to: string): boolean {
  if (from === to || from === 'unknown') return true;
  if (isNumber(from) && isNumber(to)) return NUMBER_RANK.indexOf(from) <= NUMBER_RANK.indexOf(to);
  if (isText(from) && isText(to)) return to !== 'char';
  if (STAMP_RANK.includes(from) && STAMP_RANK.includes(to)) return STAMP_RANK.indexOf(from) <= STAMP_RANK.indexOf(to);
  if (isReg(from) || from === 'oid') return to === 'oid' || to === 'int8' || isReg(to);
  if (isInteger(from)) return to === 'oid' || isReg(to);
  if (from === 'cidr') return to === 'inet';
  if (from === 'time') return to === 'interval';
  if (isArray(from) && isArray(to)) return from === '_unknown' || implicit(elementOf(from), elementOf(to));
  return (from === 'int2vector' && to === '_int2') || (from === 'oidvector' && to === '_oid');
}

/** Whether a value may be put into a column of a type. */
export const assignable = (from: string, to: string): boolean =>
  implicit(from, to) ||
  (isNumber(from) && isNumber(to)) ||
  isText(to) ||
  (STAMP_RANK.includes(from) && (STAMP_RANK.includes(to) || to === 'time')) ||
  (from === 'json' && to === 'jsonb') ||
  (from === 'jsonb' && to === 'json') ||
  (isArray(from) && isArray(to));

const castable = (from: string, to: string): boolean =>
  assignable(from, to) ||
  isText(from) ||
  (from === 'bool' && isInteger(to)) ||
  (isInteger(from) && to === 'bool') ||
  (from === 'jsonb' && (isNumber(to) || to === 'bool')) ||
  (from === 'interval' && to === 'time') ||
  (categoryOf(from) === 'E' && isText(to));

/** The expression as a type. `explicit` is `::`; otherwise the type is wanted by its surroundings. */
export function cast(c: Compiler, e: Expr, to: Typed, explicit = true): Expr {
  const at = e.at;
  if (e.parameter !== undefined && e.type === 'unknown') c.parameters.types[e.parameter - 1] ??= to.type;
  if (e.literal !== undefined && e.type === 'unknown') return { ...settle(c, e, to, explicit), at };
  if (e.type === to.type && to.mod === undefined) return { ...e, ...to };
  if (!castable(e.type, to.type))
    throw new PgError('42846', `cannot cast type ${displayType(e)} to ${displayType({ type: to.type })}`, { at });
  return { sql: convert(e, to, explicit), ...to, at };
}

function settle(c: Compiler, e: Expr, to: Typed, explicit: boolean): Expr {
  const text = e.literal ?? null;
  if (text === null) return { sql: 'NULL', ...to };
  try {
    if (isReg(to.type)) return { sql: fromText({ sql: quoteText(text) } as Expr, to), ...to };
    if (categoryOf(to.type) === 'E' || (isArray(to.type) && categoryOf(elementOf(to.type)) === 'E'))
      enumLabel(c, to.type, text);
    return { sql: literal(input(to, text, () => c.session.now(), explicit)), ...to };
  } catch (error) {
    throw error instanceof PgError &&
      error.fields.at === undefined &&
      /^22(P02|00[78])$/.test(error.code) &&
      e.at !== undefined
      ? new PgError(error.code, error.message, { ...error.fields, at: e.at })
      : error;
  }
}

function enumLabel(c: Compiler, type: string, text: string): void {
  const found = c.session.catalog.enums.find(({ name }) => name === type);
  if (found && !found.labels.includes(text))
    throw new PgError('22P02', `invalid input value for enum ${type}: "${text}"`);
}

const fromText = (e: Expr, to: Typed): string =>
  numeric(to.type, `pg_cast(${quoteText(to.type)}, ${to.mod ?? -1}, ${e.sql})`);

/** Functions give integers as doubles or texts; SQLite shall hold integers. */
const numeric = (type: string, sql: string): string =>
  isInteger(type) || type === 'oid' || type === 'bool' || isReg(type)
    ? `CAST(${sql} AS INTEGER)`
    : isFloat(type)
      ? `CAST(${sql} AS REAL)`
      : sql;

function convert(e: Expr, to: Typed, explicit: boolean): string {
  const { type: from, sql } = e;
  const { type } = to;
  if (isInteger(type) || type === 'oid') return toInteger(e, type);
  if (type === 'numeric') return toNumeric(e, to);
  if (isFloat(type))
    return isText(from) || from === 'jsonb'
      ? fromText(e, to)
      : type === 'float4'
        ? `pg_fround(${sql})`
        : `CAST(${sql} AS REAL)`;
  if (type === 'bool') return isInteger(from) ? `(${sql} <> 0)` : fromText(e, to);
  if (isText(type)) return sized(asText(e, explicit), to, explicit);
  if (isReg(type)) return isText(from) ? fromText(e, to) : sql;
  if (type === 'date') return isText(from) ? fromText(e, to) : `substr(${sql}, 1, 10)`;
  if (type === 'timestamp' || type === 'timestamptz')
    return from === 'date'
      ? `(${sql} || ' 00:00:00')`
      : isText(from) || to.mod !== undefined
        ? fromText({ ...e, sql: from === 'timestamptz' ? `(${sql} || '+00')` : sql }, to)
        : sql;
  if (type === 'time') return from === 'timestamp' || from === 'timestamptz' ? `substr(${sql}, 12)` : fromText(e, to);
  if (isArray(type) && isArray(from))
    return elementOf(type) === elementOf(from) && to.mod === undefined ? sql : fromText(e, to);
  return fromText(e, to);
}

function toInteger({ type: from, sql }: Expr, type: string): string {
  if (from === 'numeric') return `CAST(pg_cast(${quoteText(type)}, -1, pg_num_round(${sql}, 0)) AS INTEGER)`;
  if (isFloat(from)) return `CAST(pg_rint(${sql}) AS INTEGER)`;
  if (isText(from) || from === 'jsonb') return `CAST(pg_cast(${quoteText(type)}, -1, ${sql}) AS INTEGER)`;
  return type === 'int8' || NUMBER_RANK.indexOf(from) <= NUMBER_RANK.indexOf(type) || from === 'bool' || type === 'oid'
    ? sql
    : `CAST(pg_cast(${quoteText(type)}, -1, CAST(${sql} AS TEXT)) AS INTEGER)`;
}

function toNumeric(e: Expr, { mod }: Typed): string {
  const text = isInteger(e.type)
    ? `CAST(${e.sql} AS TEXT)`
    : isFloat(e.type)
      ? `pg_num_double(${e.sql})`
      : e.type === 'numeric'
        ? e.sql
        : `pg_cast('numeric', -1, ${e.sql})`;
  return mod === undefined ? text : `pg_num_fit(${text}, ${mod})`;
}

/** The text of a value; `cast` writes booleans out, output does not. */
export function asText(e: Expr, written = true): string {
  const { type, sql } = e;
  if (type === 'unknown')
    return e.literal === null || e.literal === undefined ? 'CAST(NULL AS TEXT)' : quoteText(e.literal);
  if (type === 'bpchar') return `rtrim(${sql}, ' ')`;
  if (isText(type) || type === 'numeric') return sql;
  if (type === 'bool')
    return written
      ? `CASE ${sql} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`
      : `CASE ${sql} WHEN 1 THEN 't' WHEN 0 THEN 'f' END`;
  if (isInteger(type) || type === 'oid') return `CAST(${sql} AS TEXT)`;
  if (type === 'timestamptz') return `(${sql} || '+00')`;
  if (isFloat(type) || type === 'bytea' || isReg(type)) return `pg_out(${quoteText(type)}, ${sql})`;
  return sql;
}

function sized(sql: string, { type, mod }: Typed, explicit: boolean): string {
  if (type === 'name') return `substr(${sql}, 1, 63)`;
  if (mod === undefined || (type !== 'varchar' && type !== 'bpchar')) return sql;
  return `pg_sized(${quoteText(type)}, ${mod}, ${sql}, ${explicit ? 1 : 0})`;
}

/** The common type of branches; `what` names the construct in the error. */
export function unify(exprs: Expr[], what: string): string {
  let best: string | undefined;
  for (const { type, at } of exprs) {
    if (type === 'unknown' || type === best) continue;
    if (best === undefined || (implicit(best, type) && !implicit(type, best))) best = type;
    else if (isText(best) && isText(type)) best = 'text';
    else if (!implicit(type, best))
      throw new PgError(
        '42804',
        `${what} types ${typeNamed(best).display} and ${typeNamed(type).display} cannot be matched`,
        { at },
      );
  }
  return best ?? 'text';
}

/** Casts all to their common type. */
export function alike(
  c: Compiler,
  exprs: Expr[],
  what: string,
): { exprs: Expr[]; type: string; mod?: number | undefined } {
  const type = unify(exprs, what);
  const mods = new Set(exprs.filter((e) => e.type === type).map(({ mod }) => mod));
  const mod = mods.size === 1 && exprs.every((e) => e.type === type) ? [...mods][0] : undefined;
  return { exprs: exprs.map((e) => (e.type === type ? e : cast(c, e, { type }, false))), type, mod };
}

/** A value as JSON: rows become objects. */
export function asJson(e: Expr): string {
  if (e.row) {
    const fields = e.row.map((field) => `${quoteText(`${JSON.stringify(field.name)}:`)} || ${asJson(field)}`);
    return `('{' || ${fields.join(" || ',' || ")} || '}')`;
  }
  if (e.type === 'json' || e.type === 'jsonb') return `coalesce(${e.sql}, 'null')`;
  return `pg_json(${quoteText(e.type === 'unknown' ? 'text' : e.type)}, ${e.sql})`;
}
