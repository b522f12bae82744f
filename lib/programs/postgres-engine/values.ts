// How each type is kept in SQLite, read from text and written as text.
// bool is 0 or 1, integers are bigint, floats are doubles, bytea is bytes; everything else is the text that PostgreSQL prints,
// which sorts and compares as it stands (numbers of type numeric through CAST AS REAL).
import type { LiteValue } from '../sql/engine';
import { readArray, writeArray } from './arrays';
import * as dates from './dates';
import { invalidText, outOfRange, PgError } from './error';
import * as numeric from './numeric';
import { displayType, elementOf, isArray, type Typed, typeNamed } from './types';

const BITS: Record<string, bigint> = { int2: 16n, int4: 32n, int8: 64n };

/** Clock of the session, for 'now' and 'today'. Microseconds since 1970. */
export type Now = () => number;

/** The value that a text is for a type. Throws 22P02 and its kin. `explicit` casts cut strings, assignments refuse them. */
export function input({ type, mod }: Typed, text: string, now: Now, explicit = false): LiteValue {
  if (isArray(type))
    return writeArray(
      readArray(text).map((item) =>
        item === null ? null : output(elementOf(type), input({ type: elementOf(type), mod }, item, now, explicit)),
      ),
    );
  switch (type) {
    case 'bool':
      return bool(text);
    case 'int2':
    case 'int4':
    case 'int8':
      return integer(type, text);
    case 'oid':
    case 'xid':
      if (!/^\s*-?\d+\s*$/.test(text)) throw invalidText(type, text);
      return BigInt(text.trim());
    case 'float4':
    case 'float8':
      return float(type, text);
    case 'numeric':
      if (!numeric.isNumericText(text)) throw invalidText('numeric', text);
      return mod === undefined ? numeric.canonical(text) : numeric.fit(text, mod);
    case 'varchar':
    case 'bpchar':
      return sized({ type, mod }, text, explicit);
    case 'name':
      return text.slice(0, 63);
    case 'bytea':
      return text.startsWith('\\x')
        ? new Uint8Array(Buffer.from(text.slice(2), 'hex'))
        : new Uint8Array(Buffer.from(text));
    case 'json':
    case 'jsonb':
      return json(type, text);
    case 'uuid':
      return uuid(text);
    case 'date':
    case 'timestamp':
    case 'timestamptz':
    case 'time':
    case 'interval':
      return temporal(type, mod, text, now);
    case 'inet':
    case 'cidr':
      if (!/^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)(\/\d{1,3})?$/i.test(text)) throw invalidText(type, text);
      return text.replace(/\/32$/, '');
    case 'money':
      return `$${Number(text.replace(/[$,]/g, ''))
        .toFixed(2)
        .replace(/\B(?=(\d{3})+\.)/g, ',')}`;
    default:
      return text;
  }
}

function bool(text: string): bigint {
  const word = text.trim().toLowerCase();
  if (word && ('true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on' || word === '1')) return 1n;
  if (word && ('false'.startsWith(word) || 'no'.startsWith(word) || word === 'of' || word === 'off' || word === '0'))
    return 0n;
  throw invalidText('boolean', text);
}

function integer(type: string, text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw invalidText(typeNamed(type).display, text);
  const value = BigInt(text.trim().replace('+', ''));
  const bits = BITS[type] as bigint;
  if (BigInt.asIntN(Number(bits), value) !== value)
    throw new PgError('22003', `value "${text.trim()}" is out of range for type ${typeNamed(type).display}`);
  return value;
}

/** A computed integer must fit its type. */
export function checkedInteger(type: string, value: bigint): bigint {
  const bits = BITS[type];
  if (bits !== undefined && BigInt.asIntN(Number(bits), value) !== value) throw outOfRange(typeNamed(type).display);
  return value;
}

function float(type: string, text: string): number {
  const word = text.trim().toLowerCase();
  const special: Record<string, number> = {
    nan: Number.NaN,
    infinity: 1 / 0,
    inf: 1 / 0,
    '-infinity': -1 / 0,
    '-inf': -1 / 0,
  };
  if (word in special) return special[word] as number;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(word)) throw invalidText(typeNamed(type).display, text);
  return type === 'float4' ? Math.fround(Number(word)) : Number(word);
}

function sized({ type, mod }: Typed, text: string, explicit: boolean): string {
  if (mod === undefined) return text;
  const letters = [...text];
  if (letters.length > mod && !explicit && letters.slice(mod).some((letter) => letter !== ' '))
    throw new PgError('22001', `value too long for type ${displayType({ type, mod })}`);
  const cut = letters.slice(0, mod).join('');
  return type === 'bpchar' ? cut.padEnd(mod) : cut;
}

function json(type: string, text: string): string {
  try {
    const value = JSON.parse(text);
    return type === 'jsonb' ? jsonbText(value) : text;
  } catch {
    throw new PgError('22P02', `invalid input syntax for type ${type}`, {
      detail: `Token "${text.trim().split(/[\s,:}\]]/)[0] ?? ''}" is invalid.`,
    });
  }
}

/** jsonb prints a space after colons and commas, keys by length and then by bytes. */
export function jsonbText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return `{${keys.map((key) => `${JSON.stringify(key)}: ${jsonbText((value as Record<string, unknown>)[key])}`).join(', ')}}`;
}

function uuid(text: string): string {
  const hex = text.replace(/[-{}]/g, '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) throw invalidText('uuid', text);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function temporal(type: string, mod: number | undefined, text: string, now: Now): string {
  if (type === 'interval') return dates.spanText(dates.readSpan(text));
  if (type === 'time') {
    const micros = dates.findTime(text.replace(/^\d{4}-\d\d-\d\d[ t]/i, ''));
    if (micros === undefined) throw invalidText('time', text);
    return dates.timeText(micros);
  }
  if (/^-?infinity$/.test(text.trim())) return text.trim();
  // a plain timestamp takes no notice of a zone
  const plain = type === 'timestamptz' ? text : text.replace(/(:\d\d(\.\d+)?)\s*(z|[-+]\d\d(:?\d\d)?)$/i, '$1');
  const micros = dates.findStamp(plain, now());
  if (micros === undefined) throw invalidText(type === 'timestamptz' ? 'timestamp with time zone' : type, text);
  if (type === 'date') return dates.dateText(micros);
  const unit = 10 ** (6 - (mod ?? 6));
  return dates.stampText(Math.round(micros / unit) * unit);
}

/** The text that PostgreSQL prints for a value. */
export function output(type: string, value: LiteValue): string {
  if (value instanceof Uint8Array)
    return type === 'bytea' ? `\\x${Buffer.from(value).toString('hex')}` : Buffer.from(value).toString();
  if (type === 'bool') return value ? 't' : 'f';
  if (type === 'timestamptz') return /^-?infinity$/.test(String(value)) ? String(value) : `${value}+00`;
  if (type === 'float4' || type === 'float8') return floatText(type, Number(value));
  return String(value);
}

function floatText(type: string, value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const shortest = type === 'float4' ? String(Number(value.toPrecision(shortDigits(value)))) : String(value);
  const exponent = /^(-?[\d.]+)e([-+])(\d+)$/.exec(shortest);
  if (exponent) return `${exponent[1]}e${exponent[2]}${(exponent[3] ?? '').padStart(2, '0')}`;
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude >= 1e15 || magnitude < 1e-4)) {
    const [digits = '', power = '0'] = value.toExponential().split('e');
    return `${digits}e${power.startsWith('-') ? '-' : '+'}${power.replace(/^[-+]/, '').padStart(2, '0')}`;
  }
  return Object.is(value, -0) ? '-0' : shortest;
}

const shortDigits = (value: number): number => {
  for (let digits = 6; digits < 9; digits++)
    if (Math.fround(Number(value.toPrecision(digits))) === value) return digits;
  return 9;
};

/** Microseconds of a stored date or timestamp. */
export const stampOf = (text: string): number => dates.findStamp(text, 0) ?? 0;
