// Pieces of SQLite's SQL that know their MySQL type.
import {
  type Column,
  isBinary,
  isInteger,
  isNumber,
  isTemporal,
  isText,
  type SqlType,
  type SqlValue,
} from '../../mysql-protocol/types';

export interface Fragment {
  sql: string;
  type: SqlType;
  /** Set when it is a column as it stands in a table. */
  column?: Column;
  /** A constant written in the statement. */
  literal?: boolean;
}

export const BIGINT: SqlType = { name: 'bigint', length: 21 };
export const BOOL: SqlType = { name: 'bigint', length: 1 };
export const DOUBLE: SqlType = { name: 'double' };
export const VARCHAR: SqlType = { name: 'varchar', length: 255 };
export const NULL_TYPE: SqlType = { name: 'null' };
export const DATETIME: SqlType = { name: 'datetime' };

export const quoteId = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A string constant of SQLite. */
export function textLiteral(text: string): string {
  if (!text.includes('\0')) return `'${text.replaceAll("'", "''")}'`;
  return `CAST(x'${Buffer.from(text).toString('hex')}' AS TEXT)`;
}

export const bytesLiteral = (bytes: Uint8Array): string => `x'${Buffer.from(bytes).toString('hex')}'`;

export function valueFragment(value: SqlValue): Fragment {
  if (value === null) return { sql: 'NULL', type: NULL_TYPE, literal: true };
  if (typeof value === 'bigint') return integerFragment(value);
  if (typeof value === 'number') return { sql: numberLiteral(value), type: DOUBLE, literal: true };
  if (typeof value === 'string')
    return { sql: textLiteral(value), type: { name: 'varchar', length: value.length }, literal: true };
  return { sql: bytesLiteral(value), type: { name: 'varbinary', length: value.length }, literal: true };
}

const MAX_INT64 = 2n ** 63n - 1n;

export function integerFragment(value: bigint): Fragment {
  const fits = value <= MAX_INT64 && value >= -(2n ** 63n);
  const length = String(value).length;
  if (!fits) return { sql: `${value}.0`, type: { name: 'decimal', length, scale: 0 }, literal: true };
  return { sql: String(value), type: { name: 'bigint', length }, literal: true };
}

export function numberLiteral(value: number): string {
  const text = String(value);
  return /[.eI N]/.test(text) ? text : `${text}.0`;
}

/** A value in a place that wants text: exact decimals keep their zeros, bits become bytes. */
export function asText(fragment: Fragment): string {
  const { sql, type } = fragment;
  if (type.name === 'decimal') return `my_decimal(${sql}, ${type.scale ?? 0})`;
  if (type.name === 'float' || type.name === 'double') return `my_double(${sql})`;
  if (type.name === 'bit') return `my_bits(${sql}, ${type.length ?? 1})`;
  return isNumber(type) ? `CAST(${sql} AS TEXT)` : sql;
}

/** A value in a place that wants a number. */
export function asNumber(fragment: Fragment): string {
  const { sql, type } = fragment;
  if (isNumber(type) || type.name === 'null') return sql;
  return isBinary(type) && fragment.literal ? `CAST(my_int(${sql}) AS INTEGER)` : `my_number(${sql})`;
}

export const isExact = (type: SqlType): boolean => isInteger(type) || type.name === 'decimal' || type.name === 'bit';
export const isCaseless = (type: SqlType): boolean => isText(type) && !type.caseSensitive;

/** The type of a value that may come from either: what UNION, CASE, IF and COALESCE give. */
export function merge(a: SqlType, b: SqlType): SqlType {
  if (a.name === 'null') return b;
  if (b.name === 'null') return a;
  if (a.name === b.name && !a.values) return { ...a, ...widest(a, b) };
  if (isNumber(a) && isNumber(b)) return numeric(a, b);
  if (isTemporal(a) && isTemporal(b)) return DATETIME;
  if (isBinary(a) || isBinary(b)) return { name: 'varbinary', length: Math.max(a.length ?? 0, b.length ?? 0) };
  const blob = /text$/.test(a.name) || /text$/.test(b.name);
  if (blob) return { name: 'longtext' };
  return { name: 'varchar', length: Math.max(lengthOf(a), lengthOf(b)) };
}

const lengthOf = (type: SqlType): number =>
  type.length ?? (type.values ? Math.max(...type.values.map((v) => v.length)) : isNumber(type) ? 21 : 26);

function widest(a: SqlType, b: SqlType): Partial<SqlType> {
  const length = Math.max(a.length ?? 0, b.length ?? 0);
  const scale = Math.max(a.scale ?? 0, b.scale ?? 0);
  return { ...(length > 0 ? { length } : {}), ...(scale > 0 ? { scale } : {}) };
}

/** The result type of adding two numbers. */
export function numeric(a: SqlType, b: SqlType): SqlType {
  if (!isExact(a) || !isExact(b)) return DOUBLE;
  if (a.name !== 'decimal' && b.name !== 'decimal') return BIGINT;
  return { name: 'decimal', length: 65, scale: Math.max(a.scale ?? 0, b.scale ?? 0) };
}
