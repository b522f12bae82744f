// Putting a value into a column: conversion, range, length, as strict SQL mode does it.
import { errors } from '../mysql-protocol/errors';
import { formatDouble, type SqlType, type SqlValue, type TypeName, toDecimal } from '../mysql-protocol/types';
import type { ColumnDef } from './ast';
import * as dates from './dates';
import { jsonText } from './natives';

const RANGES: Partial<Record<TypeName, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
};
const BYTES: Partial<Record<TypeName, number>> = {
  tinytext: 255,
  text: 65535,
  mediumtext: 16777215,
  tinyblob: 255,
  blob: 65535,
  mediumblob: 16777215,
};

const asString = (value: Exclude<SqlValue, null>): string =>
  value instanceof Uint8Array
    ? new TextDecoder().decode(value)
    : typeof value === 'number'
      ? formatDouble(value)
      : String(value);

/** The value as the table keeps it. Throws the error of strict mode, with the row's number in the statement. */
export function store(column: ColumnDef, value: SqlValue, row: number): SqlValue {
  if (value === null) {
    if (column.notNull) throw errors.badNull(column.name);
    return null;
  }
  const { type } = column;
  if (RANGES[type.name]) return integer(column, type, value, row);
  switch (type.name) {
    case 'bit':
      return bit(column, type, value, row);
    case 'decimal':
      return decimal(column, type, value, row);
    case 'float':
    case 'double':
      return real(column, type, value, row);
    case 'year':
      return year(column, value, row);
    case 'date':
    case 'datetime':
    case 'timestamp':
    case 'time':
      return temporal(column, type, value, row);
    case 'enum':
      return enumeration(column, type.values ?? [], value, row);
    case 'set':
      return set(column, type.values ?? [], value, row);
    case 'json':
      return json(column, value);
    default:
      return string(column, type, value, row);
  }
}

function number(column: ColumnDef, kind: string, value: Exclude<SqlValue, null>, row: number): number | bigint {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  if (value instanceof Uint8Array) return value.length === 0 ? 0n : BigInt(`0x${Buffer.from(value).toString('hex')}`);
  const text = value.trim();
  if (/^[-+]?\d+$/.test(text)) return BigInt(text);
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
  if (/^[-+]?[\d.]/.test(text) && text !== '.') throw errors.dataTruncated(column.name, row);
  throw errors.wrongValue(kind, value, column.name, row);
}

function integer(column: ColumnDef, type: SqlType, value: Exclude<SqlValue, null>, row: number): bigint {
  const n = number(column, 'integer', value, row);
  const whole = typeof n === 'bigint' ? n : BigInt(Math.sign(n) * Math.round(Math.abs(n)));
  const bits = RANGES[type.name] as bigint;
  const low = type.unsigned ? 0n : -(2n ** (bits - 1n));
  const high = type.unsigned ? 2n ** bits - 1n : 2n ** (bits - 1n) - 1n;
  if (whole < low || whole > high) throw errors.outOfRange(column.name, row);
  return whole;
}

function bit(column: ColumnDef, type: SqlType, value: Exclude<SqlValue, null>, row: number): bigint {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  const n = typeof bytes === 'number' ? BigInt(Math.round(bytes)) : number(column, 'integer', bytes, row);
  if (BigInt(n) < 0n || BigInt(n) >= 1n << BigInt(type.length ?? 1)) throw errors.dataTooLong(column.name, row);
  return BigInt(n);
}

function decimal(column: ColumnDef, type: SqlType, value: Exclude<SqlValue, null>, row: number): number {
  const n = number(column, 'decimal', value, row);
  const text = toDecimal(n, type.scale ?? 0);
  const whole = text.replace('-', '').split('.')[0] ?? '';
  const room = (type.length ?? 10) - (type.scale ?? 0);
  if (whole.replace(/^0+/, '').length > room || (type.unsigned && text.startsWith('-')))
    throw errors.outOfRange(column.name, row);
  return Number(text);
}

function real(column: ColumnDef, type: SqlType, value: Exclude<SqlValue, null>, row: number): number {
  const n = Number(number(column, type.name, value, row));
  if (!Number.isFinite(n) || (type.unsigned && n < 0)) throw errors.outOfRange(column.name, row);
  return type.scale !== undefined ? Number(toDecimal(n, type.scale)) : n;
}

function year(column: ColumnDef, value: Exclude<SqlValue, null>, row: number): bigint {
  const n = Number(number(column, 'integer', value, row));
  const full = typeof value !== 'string' && n === 0 ? 0 : n < 70 ? 2000 + n : n < 100 ? 1900 + n : n;
  if (full !== 0 && (full < 1901 || full > 2155)) throw errors.outOfRange(column.name, row);
  return BigInt(full);
}

function temporal(column: ColumnDef, type: SqlType, value: Exclude<SqlValue, null>, row: number): string {
  const text = asString(value);
  const scale = type.scale ?? 0;
  const kind = type.name === 'timestamp' ? 'datetime' : type.name;
  if (type.name === 'time') {
    const micros = dates.readTime(text);
    if (micros === undefined) throw errors.wrongValue(kind, text, column.name, row);
    return dates.spanText(rounded(micros, scale), scale);
  }
  const moment = dates.readMoment(text);
  if (!moment) throw errors.wrongValue(kind, text, column.name, row);
  if (type.name === 'date') return dates.dateText(moment);
  const micros = rounded(moment.micro, scale);
  const exact = dates.fromMs(dates.toMs(moment) + (micros >= 1e6 ? 1000 : 0), micros % 1e6);
  return dates.datetimeText(exact, scale);
}

const rounded = (micros: number, scale: number): number => {
  const unit = 10 ** (6 - scale);
  return Math.round(micros / unit) * unit;
};

function enumeration(column: ColumnDef, values: string[], value: Exclude<SqlValue, null>, row: number): string {
  const found =
    typeof value === 'bigint' || typeof value === 'number'
      ? values[Number(value) - 1]
      : values.find((v) => v.toLowerCase() === asString(value).trimEnd().toLowerCase());
  if (found === undefined) throw errors.dataTruncated(column.name, row);
  return found;
}

function set(column: ColumnDef, values: string[], value: Exclude<SqlValue, null>, row: number): string {
  if (typeof value === 'bigint') return values.filter((_, i) => (value >> BigInt(i)) & 1n).join(',');
  const wanted = asString(value).split(',').filter(Boolean);
  const known = wanted.map((w) => values.find((v) => v.toLowerCase() === w.toLowerCase()));
  if (known.includes(undefined)) throw errors.dataTruncated(column.name, row);
  return values.filter((v) => known.includes(v)).join(',');
}

function json(column: ColumnDef, value: Exclude<SqlValue, null>): string {
  try {
    return jsonText(JSON.parse(asString(value)));
  } catch {
    throw errors.invalidJson(column.name);
  }
}

function string(column: ColumnDef, type: SqlType, value: Exclude<SqlValue, null>, row: number): SqlValue {
  const binary = /binary|blob/.test(type.name);
  if (binary) {
    const bytes = value instanceof Uint8Array ? value : new TextEncoder().encode(asString(value));
    const room = type.length ?? BYTES[type.name];
    if (room !== undefined && bytes.length > room) throw errors.dataTooLong(column.name, row);
    if (type.name !== 'binary') return bytes;
    const padded = new Uint8Array(type.length ?? 1);
    padded.set(bytes);
    return padded;
  }
  const text = type.name === 'char' ? asString(value).replace(/ +$/, '') : asString(value);
  const room = BYTES[type.name];
  if (type.length !== undefined && text.length > type.length && [...text.replace(/ +$/, '')].length > type.length)
    throw errors.dataTooLong(column.name, row);
  if (room !== undefined && new TextEncoder().encode(text).length > room) throw errors.dataTooLong(column.name, row);
  return type.length !== undefined ? [...text].slice(0, type.length).join('') : text;
}
