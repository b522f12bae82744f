// Functions of MySQL that SQLite lacks, written here and registered with every connection as `my_…`. They keep no state.
import { createHash } from 'node:crypto';
import { SqlError } from '../mysql-protocol/errors';
import { formatDouble, toDecimal } from '../mysql-protocol/types';
import type { LiteConnection, LiteFunction, LiteValue } from '../sql/engine';
import * as dates from './dates';

const str = (value: LiteValue): string =>
  value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);

/** The number at the beginning of a text, 0 when there is none. */
const leading = (text: string): number => Number(/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/i.exec(text)?.[0] ?? 0);

function toInt(value: Exclude<LiteValue, null>): bigint {
  if (value instanceof Uint8Array) return value.length === 0 ? 0n : BigInt(`0x${Buffer.from(value).toString('hex')}`);
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(Math.round(value));
  return BigInt(/^\s*([-+]?\d+)/.exec(value)?.[1] ?? 0);
}

const patterns = new Map<string, RegExp>();
function pattern(text: string, make: () => RegExp): RegExp {
  let found = patterns.get(text);
  if (!found) {
    if (patterns.size > 500) patterns.clear();
    patterns.set(text, (found = make()));
  }
  return found;
}

export function likePattern(like: string, escapedBy: string, exact: boolean): RegExp {
  return pattern(`L${escapedBy}${exact ? 1 : 0}${like}`, () => {
    let source = '';
    for (let i = 0; i < like.length; i++) {
      const c = like[i] as string;
      if (escapedBy && c === escapedBy && i + 1 < like.length) source += quoteRegExp(like[++i] as string);
      else source += c === '%' ? '[\\s\\S]*' : c === '_' ? '[\\s\\S]' : quoteRegExp(c);
    }
    return new RegExp(`^${source}$`, exact ? 'u' : 'iu');
  });
}

const quoteRegExp = (c: string): string => c.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const regexp = (source: string, flags = 'i'): RegExp =>
  pattern(`R${flags}${source}`, () => {
    const classes = source.replace(
      /\[\[:(alpha|digit|alnum|space|upper|lower|punct):\]\]/g,
      (_, name: string) => CLASSES[name] ?? '',
    );
    try {
      return new RegExp(classes, flags);
    } catch {
      throw new SqlError(3692, 'HY000', 'Incorrect regular expression.');
    }
  });

const CLASSES: Record<string, string> = {
  alpha: '[A-Za-z]',
  digit: '[0-9]',
  alnum: '[A-Za-z0-9]',
  space: '\\s',
  upper: '[A-Z]',
  lower: '[a-z]',
  punct: '[!-/:-@\\[-`{-~]',
};

function substring(text: string, from: number, size?: number): string {
  const chars = [...text];
  const start = from > 0 ? from - 1 : from < 0 ? chars.length + from : chars.length;
  if (start < 0 || (size !== undefined && size < 1)) return '';
  return chars.slice(start, size === undefined ? undefined : start + size).join('');
}

function trim(text: string, side: string, what: string): string {
  let out = text;
  if (what === '') return out;
  if (side !== 'TRAILING') while (out.startsWith(what)) out = out.slice(what.length);
  if (side !== 'LEADING') while (out.endsWith(what)) out = out.slice(0, -what.length);
  return out;
}

function padTo(text: string, size: number, fill: string, left: boolean): string | null {
  if (size < 0 || (fill === '' && size > text.length)) return null;
  if (text.length >= size) return text.slice(0, size);
  return left ? text.padStart(size, fill) : text.padEnd(size, fill);
}

function substringIndex(text: string, delimiter: string, count: number): string {
  if (delimiter === '' || count === 0) return '';
  const parts = text.split(delimiter);
  return (count > 0 ? parts.slice(0, count) : parts.slice(count)).join(delimiter);
}

function roundTo(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  if (digits >= 0) return Number(toDecimal(value, Math.min(digits, 30)));
  const unit = 10 ** -digits;
  return Math.sign(value) * Math.round(Math.abs(value) / unit) * unit;
}

function soundex(text: string): string {
  const codes: Record<string, string> = {
    B: '1',
    F: '1',
    P: '1',
    V: '1',
    C: '2',
    G: '2',
    J: '2',
    K: '2',
    Q: '2',
    S: '2',
    X: '2',
    Z: '2',
    D: '3',
    T: '3',
    L: '4',
    M: '5',
    N: '5',
    R: '6',
  };
  const letters = text.toUpperCase().replace(/[^A-Z]/g, '');
  let out = letters[0] ?? '';
  let last = codes[out] ?? '';
  for (const letter of letters.slice(1)) {
    const code = codes[letter] ?? '';
    if (code && code !== last) out += code;
    if (!/[HW]/.test(letter)) last = code;
  }
  return out?.padEnd(4, '0');
}

/** MySQL prints JSON with a space after each comma and colon. */
export function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (value !== null && typeof value === 'object')
    return `{${Object.entries(value)
      .sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
      .map(([key, item]) => `${JSON.stringify(key)}: ${jsonText(item)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
}

const json = (text: LiteValue): unknown => JSON.parse(str(text));

function jsonContains(a: unknown, b: unknown): boolean {
  if (Array.isArray(a))
    return Array.isArray(b) ? b.every((item) => jsonContains(a, item)) : a.some((item) => jsonContains(item, b));
  if (a !== null && typeof a === 'object' && b !== null && typeof b === 'object')
    return Object.entries(b).every(
      ([key, item]) => key in a && jsonContains((a as Record<string, unknown>)[key], item),
    );
  return a === b;
}

const hash = (name: string, value: LiteValue): string =>
  createHash(name)
    .update(value instanceof Uint8Array ? value : str(value))
    .digest('hex');

function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function inetAton(text: string): number | null {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((n) => !(n >= 0 && n <= 255))) return null;
  return parts.reduce((sum, n) => sum * 256 + n, 0);
}

/** A function of a date: NULL for what is no date. */
const ofDate =
  (fn: (m: dates.Moment) => LiteValue): LiteFunction =>
  (value) => {
    const moment = value === null || value === undefined ? undefined : dates.readMoment(str(value));
    return moment ? fn(moment) : null;
  };

const ofTime =
  (fn: (micros: number) => LiteValue): LiteFunction =>
  (value) => {
    const micros = value === null || value === undefined ? undefined : dates.readTime(str(value));
    return micros === undefined ? null : fn(micros);
  };

const UNIT_PARTS: Record<string, (m: dates.Moment) => number> = {
  MICROSECOND: (m) => m.micro,
  SECOND: (m) => m.second,
  MINUTE: (m) => m.minute,
  HOUR: (m) => m.hour,
  DAY: (m) => m.day,
  WEEK: (m) => dates.week(m, 0)[1],
  MONTH: (m) => m.month,
  QUARTER: (m) => Math.ceil(m.month / 3),
  YEAR: (m) => m.year,
  YEAR_MONTH: (m) => m.year * 100 + m.month,
};

function timestampDiff(unit: string, from: string, to: string): number | null {
  const [a, b] = [dates.readMoment(from), dates.readMoment(to)];
  if (!a || !b) return null;
  const ms = dates.toMs(b) - dates.toMs(a) + (b.micro - a.micro) / 1000;
  const fixed: Record<string, number> = {
    MICROSECOND: 0.001,
    SECOND: 1e3,
    MINUTE: 6e4,
    HOUR: 36e5,
    DAY: 864e5,
    WEEK: 6048e5,
  };
  const size = fixed[unit];
  if (size) return Math.trunc(ms / size);
  const [low, high] = ms >= 0 ? [a, b] : [b, a];
  let months = (high.year - low.year) * 12 + high.month - low.month;
  const within = (m: dates.Moment) => dates.toMs({ ...m, year: 2000, month: 1 });
  if (within(high) < within(low)) months--;
  const whole = Math.trunc(months / (unit === 'YEAR' ? 12 : unit === 'QUARTER' ? 3 : 1));
  return ms >= 0 ? whole : -whole;
}

function dateAdd(value: LiteValue, amount: LiteValue, unit: LiteValue, sign: LiteValue): LiteValue {
  if (value === null || amount === null) return null;
  const text = str(value);
  const moment = dates.readMoment(text);
  if (!moment) return null;
  const moved = dates.addTo(moment, str(amount), str(unit), Number(sign));
  if (!moved) return null;
  const dateOnly = !/\d[T\s]+\d/.test(text) && !/SECOND|MINUTE|HOUR/.test(str(unit));
  return dateOnly ? dates.dateText(moved) : dates.datetimeText(moved);
}

/** Reads a constant as the kind of date that it is compared with. */
function comparable(value: LiteValue, kind: LiteValue): LiteValue {
  if (value === null) return null;
  const moment = dates.readMoment(str(value));
  if (!moment) return str(value);
  const midnight = moment.hour + moment.minute + moment.second + moment.micro === 0;
  return kind === 'date' && midnight ? dates.dateText(moment) : dates.datetimeText(moment);
}

const bits =
  (start: bigint, join: (a: bigint, b: bigint) => bigint): LiteFunction =>
  (list) =>
    (json(list as LiteValue) as (number | null)[])
      .filter((n) => n !== null)
      .reduce((all, n) => join(all, BigInt(Math.round(n as number))), start);

/** Without NULL among the arguments; with one, the answer is NULL. */
const strict =
  (fn: (...args: Exclude<LiteValue, null>[]) => LiteValue): LiteFunction =>
  (...args) =>
    args.some((arg) => arg === null) ? null : fn(...(args as Exclude<LiteValue, null>[]));

type Fn = (...args: never[]) => LiteValue;
const arity = (fn: Fn, n: number): LiteFunction => {
  // SQLite asks a function for its number of parameters
  const forms: LiteFunction[] = [
    () => (fn as LiteFunction)(),
    (a) => (fn as LiteFunction)(a as LiteValue),
    (a, b) => (fn as LiteFunction)(a as LiteValue, b as LiteValue),
    (a, b, c) => (fn as LiteFunction)(a as LiteValue, b as LiteValue, c as LiteValue),
    (a, b, c, d) => (fn as LiteFunction)(a as LiteValue, b as LiteValue, c as LiteValue, d as LiteValue),
  ];
  return forms[n] as LiteFunction;
};

const NATIVES: [name: string, parameters: number, fn: LiteFunction][] = [
  ['my_number', 1, strict((v) => (typeof v === 'string' ? leading(v) : v instanceof Uint8Array ? leading(str(v)) : v))],
  ['my_int', 1, strict(toInt)],
  ['my_decimal', 2, strict((v, scale) => toDecimal(v as number, Number(scale)))],
  ['my_double', 1, strict((v) => formatDouble(Number(v)))],
  ['my_bits', 2, strict((v, n) => bitString(toInt(v), Number(n)))],
  [
    'my_like',
    4,
    strict((v, like, escapedBy, exact) =>
      likePattern(str(like), str(escapedBy), Number(exact) === 1).test(str(v)) ? 1 : 0,
    ),
  ],
  ['my_regexp', 2, strict((v, source) => (regexp(str(source)).test(str(v)) ? 1 : 0))],
  [
    'my_regexp_replace',
    3,
    strict((v, source, by) => str(v).replace(regexp(str(source), 'gi'), str(by).replace(/\\(\d)/g, '$$$1'))),
  ],
  ['my_regexp_substr', 2, strict((v, source) => regexp(str(source)).exec(str(v))?.[0] ?? null)],
  ['my_upper', 1, strict((v) => str(v).toUpperCase())],
  ['my_lower', 1, strict((v) => str(v).toLowerCase())],
  ['my_substring2', 2, strict((v, from) => substring(str(v), Number(from)))],
  ['my_substring3', 3, strict((v, from, size) => substring(str(v), Number(from), Number(size)))],
  ['my_left', 2, strict((v, n) => [...str(v)].slice(0, Math.max(0, Number(n))).join(''))],
  ['my_right', 2, strict((v, n) => (Number(n) > 0 ? [...str(v)].slice(-Number(n)).join('') : ''))],
  ['my_trim', 3, strict((v, side, what) => trim(str(v), str(side), str(what)))],
  ['my_lpad', 3, strict((v, n, fill) => padTo(str(v), Number(n), str(fill), true))],
  ['my_rpad', 3, strict((v, n, fill) => padTo(str(v), Number(n), str(fill), false))],
  [
    'my_repeat',
    2,
    strict((v, n) => (str(v).length * Number(n) > MAX_PACKET ? null : str(v).repeat(Math.max(0, Number(n))))),
  ],
  ['my_reverse', 1, strict((v) => [...str(v)].reverse().join(''))],
  ['my_locate2', 2, strict((what, v) => str(v).toLowerCase().indexOf(str(what).toLowerCase()) + 1)],
  [
    'my_locate3',
    3,
    strict((what, v, from) =>
      Number(from) < 1
        ? 0
        : str(v)
            .toLowerCase()
            .indexOf(str(what).toLowerCase(), Number(from) - 1) + 1,
    ),
  ],
  [
    'my_insert',
    4,
    strict((v, at, n, by) => {
      const [s, p, size] = [str(v), Number(at), Number(n)];
      return p < 1 || p > s.length ? s : s.slice(0, p - 1) + str(by) + (size < 0 ? '' : s.slice(p - 1 + size));
    }),
  ],
  ['my_substring_index', 3, strict((v, delimiter, count) => substringIndex(str(v), str(delimiter), Number(count)))],
  [
    'my_strcmp',
    2,
    strict((a, b) => {
      const [x, y] = [str(a).toLowerCase(), str(b).toLowerCase()];
      return x < y ? -1 : x > y ? 1 : 0;
    }),
  ],
  ['my_ascii', 1, strict((v) => new TextEncoder().encode(str(v))[0] ?? 0)],
  ['my_hex_number', 1, strict((v) => BigInt.asUintN(64, toInt(v)).toString(16).toUpperCase())],
  ['my_bin', 1, strict((v) => BigInt.asUintN(64, toInt(v)).toString(2))],
  ['my_oct', 1, strict((v) => BigInt.asUintN(64, toInt(v)).toString(8))],
  [
    'my_conv',
    3,
    strict((v, from, to) => {
      const n = Number.parseInt(str(v), Math.abs(Number(from)));
      return Number.isNaN(n) ? '0' : n.toString(Math.abs(Number(to))).toUpperCase();
    }),
  ],
  [
    'my_format',
    2,
    strict((v, digits) =>
      toDecimal(v as number, Math.max(0, Number(digits))).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ','),
    ),
  ],
  ['my_quote', 1, (v) => (v === null ? 'NULL' : `'${str(v as LiteValue).replace(/[\\']/g, '\\$&')}'`)],
  ['my_soundex', 1, strict((v) => soundex(str(v)))],
  [
    'my_find_in_set',
    2,
    strict((v, list) => (str(list) === '' ? 0 : str(list).toLowerCase().split(',').indexOf(str(v).toLowerCase()) + 1)),
  ],
  ['my_to_base64', 1, strict((v) => Buffer.from(v instanceof Uint8Array ? v : str(v)).toString('base64'))],
  ['my_from_base64', 1, strict((v) => new Uint8Array(Buffer.from(str(v), 'base64')))],
  ['my_md5', 1, strict((v) => hash('md5', v))],
  ['my_sha1', 1, strict((v) => hash('sha1', v))],
  [
    'my_sha2',
    2,
    strict((v, n) => ([224, 256, 384, 512].includes(Number(n) || 256) ? hash(`sha${Number(n) || 256}`, v) : null)),
  ],
  ['my_crc32', 1, strict((v) => crc32(str(v)))],
  ['my_round', 2, strict((v, digits) => roundTo(Number(v), Number(digits)))],
  [
    'my_truncate',
    2,
    strict((v, digits) => {
      const unit = 10 ** Number(digits);
      return Math.trunc(Number((Number(v) * unit).toPrecision(15))) / unit;
    }),
  ],
  ['my_floor', 1, strict((v) => BigInt(Math.floor(Number(v))))],
  ['my_ceil', 1, strict((v) => BigInt(Math.ceil(Number(v))))],
  ['my_sqrt', 1, strict((v) => (Number(v) < 0 ? null : Math.sqrt(Number(v))))],
  ['my_mod', 2, strict((a, b) => (Number(b) === 0 ? null : Number((Number(a) % Number(b)).toPrecision(15))))],
  ['my_xor', 2, strict((a, b) => BigInt.asIntN(64, toInt(a) ^ toInt(b)))],
  ['my_bit_count', 1, strict((v) => [...BigInt.asUintN(64, toInt(v)).toString(2)].filter((c) => c === '1').length)],
  ['my_bit_and', 1, bits(-1n, (a, b) => a & b)],
  ['my_bit_or', 1, bits(0n, (a, b) => a | b)],
  ['my_bit_xor', 1, bits(0n, (a, b) => a ^ b)],
  ['my_inet_aton', 1, strict((v) => inetAton(str(v)))],
  ['my_inet_ntoa', 1, strict((v) => [24n, 16n, 8n, 0n].map((shift) => (toInt(v) >> shift) & 255n).join('.'))],
  [
    'my_join',
    2,
    (list, separator) => {
      const items = (json(list as LiteValue) as (string | null)[]).filter((item) => item !== null);
      return items.length > 0 ? items.join(str(separator as LiteValue)).slice(0, GROUP_CONCAT_MAX) : null;
    },
  ],
  [
    'my_single',
    2,
    (count, value) => {
      if (Number(count) > 1) throw new SqlError(1242, '21000', 'Subquery returns more than 1 row');
      return Number(count) === 0 ? null : (value as LiteValue);
    },
  ],
  ['my_to_date', 1, ofDate(dates.dateText)],
  ['my_to_datetime', 1, ofDate((m) => dates.datetimeText(m))],
  ['my_to_time', 1, ofTime((micros) => dates.spanText(micros))],
  ['my_comparable_date', 2, (v, kind) => comparable(v as LiteValue, kind as LiteValue)],
  ['my_year', 1, ofDate((m) => m.year)],
  ['my_quarter', 1, ofDate((m) => Math.ceil(m.month / 3))],
  ['my_month', 1, ofDate((m) => m.month)],
  ['my_monthname', 1, ofDate((m) => dates.MONTHS[m.month - 1] ?? null)],
  ['my_week', 2, (v, mode) => ofDate((m) => dates.week(m, Number(mode))[1])(v as LiteValue)],
  ['my_weekday', 1, ofDate(dates.weekday)],
  ['my_day', 1, ofDate((m) => m.day)],
  ['my_dayname', 1, ofDate((m) => dates.DAYS[dates.weekday(m)] ?? null)],
  ['my_dayofweek', 1, ofDate((m) => ((dates.weekday(m) + 1) % 7) + 1)],
  ['my_dayofyear', 1, ofDate(dates.dayOfYear)],
  ['my_hour', 1, ofTime((micros) => Math.floor(Math.abs(micros) / 3600e6))],
  ['my_minute', 1, ofTime((micros) => Math.floor(Math.abs(micros) / 60e6) % 60)],
  ['my_second', 1, ofTime((micros) => Math.floor(Math.abs(micros) / 1e6) % 60)],
  ['my_microsecond', 1, ofTime((micros) => Math.abs(micros) % 1e6)],
  ['my_last_day', 1, ofDate((m) => dates.dateText({ ...m, day: dates.daysInMonth(m.year, m.month) }))],
  [
    'my_datediff',
    2,
    strict((a, b) => {
      const [x, y] = [dates.readMoment(str(a)), dates.readMoment(str(b))];
      return x && y ? dates.dayNumber(x) - dates.dayNumber(y) : null;
    }),
  ],
  [
    'my_timediff',
    2,
    strict((a, b) => {
      const [x, y] = [dates.readMoment(str(a)), dates.readMoment(str(b))];
      if (x && y) return dates.spanText((dates.toMs(x) - dates.toMs(y)) * 1000);
      const [s, t] = [dates.readTime(str(a)), dates.readTime(str(b))];
      return s === undefined || t === undefined ? null : dates.spanText(s - t);
    }),
  ],
  ['my_timestampdiff', 3, strict((unit, a, b) => timestampDiff(str(unit), str(a), str(b)))],
  [
    'my_date_add',
    4,
    (v, amount, unit, sign) => dateAdd(v as LiteValue, amount as LiteValue, unit as LiteValue, sign as LiteValue),
  ],
  [
    'my_date_format',
    2,
    strict((v, format) => {
      const m = dates.readMoment(str(v)) ?? dates.readMoment(`2000-01-01 ${str(v)}`);
      return m ? dates.formatMoment(m, str(format)) : null;
    }),
  ],
  ['my_str_to_date', 2, strict((v, format) => dates.parseMoment(str(v), str(format)) ?? null)],
  ['my_unix_timestamp', 1, ofDate((m) => dates.toMs(m) / 1000)],
  ['my_from_unixtime', 1, strict((v) => dates.datetimeText(dates.fromMs(Math.floor(Number(v)) * 1000), 0))],
  ['my_to_days', 1, ofDate(dates.dayNumber)],
  ['my_from_days', 1, strict((v) => dates.dateText(dates.fromDayNumber(Number(v))))],
  [
    'my_makedate',
    2,
    strict((year, day) =>
      Number(day) < 1 ? null : dates.dateText(dates.fromMs(Date.UTC(Number(year), 0, Number(day)))),
    ),
  ],
  ['my_sec_to_time', 1, strict((v) => dates.spanText(Number(v) * 1e6))],
  ['my_time_to_sec', 1, ofTime((micros) => Math.trunc(micros / 1e6))],
  [
    'my_extract',
    2,
    strict((unit, v) => {
      const m = dates.readMoment(str(v)) ?? dates.readMoment(`2000-01-01 ${str(v)}`);
      const part = UNIT_PARTS[str(unit)];
      return m && part ? part(m) : null;
    }),
  ],
  ['my_json', 1, strict((v) => jsonText(json(v)))],
  ['my_json_unquote', 1, strict((v) => (str(v).startsWith('"') ? String(json(v)) : str(v)))],
  [
    'my_json_length',
    1,
    strict((v) => {
      const value = json(v);
      return value !== null && typeof value === 'object' ? Object.keys(value).length : 1;
    }),
  ],
  [
    'my_json_type',
    1,
    strict((v) => {
      const value = json(v);
      return jsonType(value);
    }),
  ],
  [
    'my_json_keys',
    1,
    strict((v) => {
      const value = json(v);
      return value !== null && typeof value === 'object' && !Array.isArray(value) ? jsonText(Object.keys(value)) : null;
    }),
  ],
  ['my_json_contains', 2, strict((a, b) => (jsonContains(json(a), json(b)) ? 1 : 0))],
];

const MAX_PACKET = 64 * 1024 * 1024; // max_allowed_packet
const GROUP_CONCAT_MAX = 1024; // group_concat_max_len

function bitString(value: bigint, n: number): Uint8Array {
  const size = Math.ceil(n / 8);
  return Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * (size - 1 - i))) & 255n));
}

/** sql.js takes no bigint from a function: a small one goes as a number, a large one as text, which the caller casts. */
const integerOut = (value: LiteValue): LiteValue =>
  typeof value !== 'bigint' ? value : BigInt.asIntN(32, value) === value ? Number(value) : String(value);

/** Gives a connection all functions. `onError` gets what a function threw: SQLite keeps only its message. */
export function defineNatives(
  connection: LiteConnection,
  onError: (error: unknown) => void,
  more: [string, number, LiteFunction][],
): void {
  for (const [name, parameters, fn] of [...NATIVES, ...more]) {
    const guarded: LiteFunction = (...args) => {
      try {
        return integerOut(fn(...args));
      } catch (error) {
        onError(error);
        throw error;
      }
    };
    connection.define(name, arity(guarded as Fn, parameters));
  }
}

function jsonType(value: unknown): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return 'ARRAY';
  if (typeof value === 'number') return Number.isInteger(value) ? 'INTEGER' : 'DOUBLE';
  return typeof value === 'object' ? 'OBJECT' : typeof value === 'boolean' ? 'BOOLEAN' : 'STRING';
}
