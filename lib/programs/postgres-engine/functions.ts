// The functions of PostgreSQL that are on board, by name and types of arguments; `system-functions.ts` has those that look at
// the catalog. They run inside SQLite as `pg_<n>`.
import { createHash } from 'node:crypto';
import type { LiteValue } from '../sql/engine';
import { readArray, writeArray } from './arrays';
import * as dates from './dates';
import { PgError } from './error';
import type { FunctionContext } from './function-context';
import { formatNumber } from './number-format';
import * as numeric from './numeric';
import { quoteIdent } from './quote';
import { stampFunctions } from './stamp-functions';
import { systemFunctions } from './system-functions';
import { elementOf, isArray } from './types';
import { jsonbText, output, stampOf } from './values';

type Native = (context: FunctionContext, ...args: never[]) => LiteValue | LiteValue[] | boolean;

export interface Fn {
  name: string;
  args: string[];
  /** The last type may repeat. */
  variadic: boolean;
  result: string;
  set: boolean;
  /** Runs with nulls, too. */
  lax: boolean;
  run: Native;
  /** Its name in SQLite. */
  id: string;
}

/** `text,int4` → result; `any` takes anything as it is, `out` anything as its text; `...` repeats; `?` before: nulls are given, too. */
export type Row = [name: string, args: string, result: string, run: Native];

const text = (value: LiteValue): string => String(value);
const chars = (s: string): string[] => [...s];

const STRINGS: Row[] = [
  ['lower', 'text', 'text', (_, s: string) => s.toLowerCase()],
  ['upper', 'text', 'text', (_, s: string) => s.toUpperCase()],
  [
    'initcap',
    'text',
    'text',
    (_, s: string) => s.toLowerCase().replace(/[a-z0-9]+/g, (w) => (w[0] ?? '').toUpperCase() + w.slice(1)),
  ],
  ['length', 'text', 'int4', (_, s: string) => chars(s).length],
  ['char_length', 'text', 'int4', (_, s: string) => chars(s).length],
  ['character_length', 'text', 'int4', (_, s: string) => chars(s).length],
  ['octet_length', 'text', 'int4', (_, s: string) => Buffer.byteLength(s)],
  ['bit_length', 'text', 'int4', (_, s: string) => Buffer.byteLength(s) * 8],
  ['concat', '?out...', 'text', (_, ...all: (string | null)[]) => all.filter((s) => s !== null).join('')],
  [
    'concat_ws',
    '?text,out...',
    'text',
    (_, by: string | null, ...all: (string | null)[]) => (by === null ? null : all.filter((s) => s !== null).join(by)),
  ],
  [
    'substring',
    'text,int4',
    'text',
    (_, s: string, from: number) =>
      chars(s)
        .slice(Math.max(0, from - 1))
        .join(''),
  ],
  ['substring', 'text,int4,int4', 'text', (_, s: string, from: number, count: number) => cut(s, from, count)],
  [
    'substring',
    'text,text',
    'text',
    (_, s: string, p: string) => {
      const m = regex(p).exec(s);
      return m ? (m[1] ?? m[0]) : null;
    },
  ],
  [
    'substr',
    'text,int4',
    'text',
    (_, s: string, from: number) =>
      chars(s)
        .slice(Math.max(0, from - 1))
        .join(''),
  ],
  ['substr', 'text,int4,int4', 'text', (_, s: string, from: number, count: number) => cut(s, from, count)],
  ['left', 'text,int4', 'text', (_, s: string, n: number) => chars(s).slice(0, n).join('')],
  ['right', 'text,int4', 'text', (_, s: string, n: number) => (n === 0 ? '' : chars(s).slice(-n).join(''))],
  ['replace', 'text,text,text', 'text', (_, s: string, a: string, b: string) => (a === '' ? s : s.split(a).join(b))],
  ['reverse', 'text', 'text', (_, s: string) => chars(s).reverse().join('')],
  ['repeat', 'text,int4', 'text', (_, s: string, n: number) => repeated(s, n)],
  ['lpad', 'text,int4', 'text', (_, s: string, n: number) => padded(s, n, ' ', true)],
  ['lpad', 'text,int4,text', 'text', (_, s: string, n: number, by: string) => padded(s, n, by, true)],
  ['rpad', 'text,int4', 'text', (_, s: string, n: number) => padded(s, n, ' ', false)],
  ['rpad', 'text,int4,text', 'text', (_, s: string, n: number, by: string) => padded(s, n, by, false)],
  ['btrim', 'text', 'text', (_, s: string) => trimmed(s, ' ', 3)],
  ['btrim', 'text,text', 'text', (_, s: string, c: string) => trimmed(s, c, 3)],
  ['ltrim', 'text', 'text', (_, s: string) => trimmed(s, ' ', 1)],
  ['ltrim', 'text,text', 'text', (_, s: string, c: string) => trimmed(s, c, 1)],
  ['rtrim', 'text', 'text', (_, s: string) => trimmed(s, ' ', 2)],
  ['rtrim', 'text,text', 'text', (_, s: string, c: string) => trimmed(s, c, 2)],
  ['position', 'text,text', 'int4', (_, s: string, a: string) => s.indexOf(a) + 1],
  ['strpos', 'text,text', 'int4', (_, s: string, a: string) => s.indexOf(a) + 1],
  ['starts_with', 'text,text', 'bool', (_, s: string, a: string) => s.startsWith(a)],
  [
    'split_part',
    'text,text,int4',
    'text',
    (_, s: string, by: string, n: number) => s.split(by).at(n > 0 ? n - 1 : n) ?? '',
  ],
  ['ascii', 'text', 'int4', (_, s: string) => s.codePointAt(0) ?? 0],
  ['chr', 'int4', 'text', (_, n: number) => String.fromCodePoint(n)],
  ['md5', 'text', 'text', (_, s: string) => createHash('md5').update(s).digest('hex')],
  ['quote_ident', 'text', 'text', (_, s: string) => quoteIdent(s)],
  ['quote_literal', 'text', 'text', (_, s: string) => `'${s.replaceAll("'", "''")}'`],
  ['quote_nullable', '?text', 'text', (_, s: string | null) => (s === null ? 'NULL' : `'${s.replaceAll("'", "''")}'`)],
  [
    'translate',
    'text,text,text',
    'text',
    (_, s: string, a: string, b: string) =>
      chars(s)
        .map((c) => (a.includes(c) ? (b[a.indexOf(c)] ?? '') : c))
        .join(''),
  ],
  [
    'format',
    '?text,out...',
    'text',
    (_, f: string | null, ...all: (string | null)[]) => (f === null ? null : format(f, all)),
  ],
  ['to_hex', 'int8', 'text', (_, n: number) => n.toString(16)],
  [
    'regexp_replace',
    'text,text,text',
    'text',
    (_, s: string, p: string, by: string) => s.replace(regex(p), replacement(by)),
  ],
  [
    'regexp_replace',
    'text,text,text,text',
    'text',
    (_, s: string, p: string, by: string, f: string) => s.replace(regex(p, f), replacement(by)),
  ],
  [
    'regexp_match',
    'text,text',
    '_text',
    (_, s: string, p: string) => {
      const m = regex(p).exec(s);
      return m ? writeArray(m.length > 1 ? m.slice(1) : [m[0]]) : null;
    },
  ],
  ['regexp_split_to_array', 'text,text', '_text', (_, s: string, p: string) => writeArray(s.split(regex(p)))],
  ['regexp_split_to_table', 'text,text', 'setof text', (_, s: string, p: string) => s.split(regex(p))],
  ['string_to_array', 'text,text', '_text', (_, s: string, by: string) => writeArray(s === '' ? [] : s.split(by))],
  ['string_to_table', 'text,text', 'setof text', (_, s: string, by: string) => s.split(by)],
  [
    'encode',
    'bytea,text',
    'text',
    (_, b: Uint8Array, how: string) => Buffer.from(b).toString(how === 'base64' ? 'base64' : 'hex'),
  ],
  [
    'decode',
    'text,text',
    'bytea',
    (_, s: string, how: string) => new Uint8Array(Buffer.from(s, how === 'base64' ? 'base64' : 'hex')),
  ],
  ['sha256', 'bytea', 'bytea', (_, b: Uint8Array) => new Uint8Array(createHash('sha256').update(b).digest())],
];

const cut = (s: string, from: number, count: number): string => {
  if (count < 0) throw new PgError('22011', 'negative substring length not allowed');
  return chars(s)
    .slice(Math.max(0, from - 1), Math.max(0, from - 1 + count))
    .join('');
};

const MAX_TEXT = 64 * 1024 * 1024; // bytes of one computed text: a small database server's memory

function repeated(s: string, n: number): string {
  if (n > 0 && s.length * n > MAX_TEXT) throw new PgError('54000', 'requested length too large');
  return s.repeat(Math.max(0, n));
}

function padded(s: string, n: number, by: string, left: boolean): string {
  if (n > MAX_TEXT) throw new PgError('54000', 'requested length too large');
  const all = chars(s);
  if (all.length >= n) return all.slice(0, Math.max(0, n)).join('');
  if (by === '') return s;
  const fill = chars(by.repeat(Math.ceil((n - all.length) / by.length)))
    .slice(0, n - all.length)
    .join('');
  return left ? fill + s : s + fill;
}

function trimmed(s: string, set: string, sides: number): string {
  let [from, to] = [0, s.length];
  if (sides & 1) while (from < to && set.includes(s[from] as string)) from++;
  if (sides & 2) while (to > from && set.includes(s[to - 1] as string)) to--;
  return s.slice(from, to);
}

function format(pattern: string, args: (string | null)[]): string {
  let next = 0;
  return pattern.replace(/%(?:(\d+)\$)?([sIL%])/g, (_, position: string | undefined, kind: string) => {
    if (kind === '%') return '%';
    const value = args[position ? Number(position) - 1 : next++];
    if (value === undefined) throw new PgError('22023', 'too few arguments for format()');
    if (kind === 'I') return quoteIdent(value ?? '');
    if (kind === 'L') return value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
    return value ?? '';
  });
}

const CLASSES: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  space: '\\s',
  upper: 'A-Z',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
};
const patterns = new Map<string, RegExp>();

/** A POSIX pattern of PostgreSQL as one of JavaScript. */
export function regex(source: string, flags = ''): RegExp {
  const key = `${flags}/${source}`;
  let found = patterns.get(key);
  if (!found) {
    const body = source
      .replace(/\[:(\w+):\]/g, (_, name: string) => CLASSES[name] ?? '')
      .replace(/\\([mM<>yY])/g, '\\b')
      .replace(/^\(\?i\)/, '');
    const js = `${flags.includes('g') ? 'g' : ''}${flags.includes('i') || source.startsWith('(?i)') ? 'i' : ''}s`;
    try {
      found = new RegExp(body, js);
    } catch {
      throw new PgError('2201B', `invalid regular expression: ${source}`);
    }
    if (patterns.size > 500) patterns.clear();
    patterns.set(key, found);
  }
  found.lastIndex = 0;
  return found;
}

const replacement = (by: string): string =>
  by
    .replaceAll('$', '$$$$')
    .replace(/\\(\d)/g, '$$$1')
    .replaceAll('\\&', '$$&')
    .replaceAll('\\\\', '\\');

/** LIKE as a pattern of JavaScript. */
export function likeRegex(like: string, insensitive: boolean): RegExp {
  const key = `like${insensitive}/${like}`;
  let found = patterns.get(key);
  if (!found) {
    let source = '';
    for (let i = 0; i < like.length; i++) {
      const c = like[i] as string;
      const literal = (x: string) => x.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      source += c === '\\' ? literal(like[++i] ?? '') : c === '%' ? '.*' : c === '_' ? '.' : literal(c);
    }
    found = new RegExp(`^${source}$`, insensitive ? 'isu' : 'su');
    patterns.set(key, found);
  }
  return found;
}

const domain = (ok: boolean, message: string): void => {
  if (!ok) throw new PgError('2201F', message);
};

const NUMBERS: Row[] = [
  ['abs', 'int4', 'int4', (_, n: number) => Math.abs(n)],
  ['abs', 'int8', 'int8', (_, n: number) => Math.abs(n)],
  ['abs', 'numeric', 'numeric', (_, s: string) => s.replace(/^-/, '')],
  ['abs', 'float8', 'float8', (_, n: number) => Math.abs(n)],
  ['round', 'numeric', 'numeric', (_, s: string) => numeric.round(s, 0)],
  ['round', 'numeric,int4', 'numeric', (_, s: string, n: number) => numeric.round(s, n)],
  [
    'round',
    'float8',
    'float8',
    (_, n: number) => {
      const r = Math.round(n);
      return Math.abs(n % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
    },
  ],
  ['trunc', 'numeric', 'numeric', (_, s: string) => numeric.truncate(s, 0)],
  ['trunc', 'numeric,int4', 'numeric', (_, s: string, n: number) => numeric.truncate(s, n)],
  ['trunc', 'float8', 'float8', (_, n: number) => Math.trunc(n)],
  ['ceil', 'numeric', 'numeric', (_, s: string) => numeric.ceil(s)],
  ['ceil', 'float8', 'float8', (_, n: number) => Math.ceil(n)],
  ['ceiling', 'numeric', 'numeric', (_, s: string) => numeric.ceil(s)],
  ['ceiling', 'float8', 'float8', (_, n: number) => Math.ceil(n)],
  ['floor', 'numeric', 'numeric', (_, s: string) => numeric.floor(s)],
  ['floor', 'float8', 'float8', (_, n: number) => Math.floor(n)],
  ['mod', 'int4,int4', 'int4', (_, a: number, b: number) => remainder(a, b)],
  ['mod', 'int8,int8', 'int8', (_, a: number, b: number) => remainder(a, b)],
  ['mod', 'numeric,numeric', 'numeric', (_, a: string, b: string) => numeric.modulo(a, b)],
  ['div', 'numeric,numeric', 'numeric', (_, a: string, b: string) => numeric.truncate(numeric.divide(a, b), 0)],
  ['sign', 'numeric', 'numeric', (_, s: string) => String(numeric.compare(s, '0'))],
  ['sign', 'float8', 'float8', (_, n: number) => Math.sign(n)],
  ['power', 'float8,float8', 'float8', (_, a: number, b: number) => a ** b],
  ['power', 'numeric,numeric', 'numeric', (_, a: string, b: string) => power(a, b)],
  ['pow', 'float8,float8', 'float8', (_, a: number, b: number) => a ** b],
  [
    'sqrt',
    'float8',
    'float8',
    (_, n: number) => {
      domain(n >= 0, 'cannot take square root of a negative number');
      return Math.sqrt(n);
    },
  ],
  ['cbrt', 'float8', 'float8', (_, n: number) => Math.cbrt(n)],
  ['exp', 'float8', 'float8', (_, n: number) => Math.exp(n)],
  [
    'ln',
    'float8',
    'float8',
    (_, n: number) => {
      domain(n > 0, 'cannot take logarithm of zero');
      return Math.log(n);
    },
  ],
  [
    'log',
    'float8',
    'float8',
    (_, n: number) => {
      domain(n > 0, 'cannot take logarithm of zero');
      return Math.log10(n);
    },
  ],
  ['pi', '', 'float8', () => Math.PI],
  ['sin', 'float8', 'float8', (_, n: number) => Math.sin(n)],
  ['cos', 'float8', 'float8', (_, n: number) => Math.cos(n)],
  ['tan', 'float8', 'float8', (_, n: number) => Math.tan(n)],
  ['atan2', 'float8,float8', 'float8', (_, a: number, b: number) => Math.atan2(a, b)],
  ['radians', 'float8', 'float8', (_, n: number) => (n * Math.PI) / 180],
  ['degrees', 'float8', 'float8', (_, n: number) => (n * 180) / Math.PI],
  [
    'gcd',
    'int8,int8',
    'int8',
    (_, a: number, b: number) => {
      let [x, y] = [Math.abs(a), Math.abs(b)];
      while (y) [x, y] = [y, x % y];
      return x;
    },
  ],
  ['random', '', 'float8', (c) => c.random.float()],
  ['random', 'int4,int4', 'int4', (c, a: number, b: number) => a + c.random.int(b - a + 1)],
  ['setseed', 'float8', 'void', () => ''],
  [
    'width_bucket',
    'float8,float8,float8,int4',
    'int4',
    (_, x: number, a: number, b: number, n: number) =>
      x < a ? 0 : x >= b ? n + 1 : Math.floor(((x - a) / (b - a)) * n) + 1,
  ],
  ['to_char', 'numeric,text', 'text', (_, s: string, f: string) => formatNumber(s, f)],
  ['to_number', 'text,text', 'numeric', (_, s: string) => numeric.canonical(s.replace(/[^-\d.]/g, ''))],
  ['generate_series', 'int4,int4', 'setof int4', (_, a: number, b: number) => series(a, b, 1)],
  ['generate_series', 'int4,int4,int4', 'setof int4', (_, a: number, b: number, by: number) => series(a, b, by)],
  ['generate_series', 'int8,int8', 'setof int8', (_, a: number, b: number) => series(a, b, 1)],
  [
    'generate_series',
    'timestamp,timestamp,interval',
    'setof timestamp',
    (_, a: string, b: string, by: string) => stampSeries(a, b, by),
  ],
  [
    'generate_series',
    'timestamptz,timestamptz,interval',
    'setof timestamptz',
    (_, a: string, b: string, by: string) => stampSeries(a, b, by),
  ],
];

function remainder(a: number, b: number): number {
  if (b === 0) throw new PgError('22012', 'division by zero');
  return a % b;
}

function power(a: string, b: string): string {
  if (!/^\d+$/.test(b) || Number(b) > 1000) return numeric.round(numeric.fromDouble(Number(a) ** Number(b)), SCALE);
  let result = '1';
  for (let n = Number(b); n > 0; n--) result = numeric.multiply(result, a);
  return numeric.round(result, Math.max(SCALE, numeric.scaleOf(a)));
}
const SCALE = 16;
const MAX_ROWS = 1_000_000; // of one series: what a student's query may make

function series(a: number, b: number, by: number): LiteValue[] {
  if (by === 0) throw new PgError('22023', 'step size cannot equal zero');
  const count = Math.floor((b - a) / by) + 1;
  if (count > MAX_ROWS) throw new PgError('53200', 'out of memory', { detail: `Failed on request of ${count} rows.` });
  return Array.from({ length: Math.max(0, count) }, (_, i) => a + i * by);
}

function stampSeries(a: string, b: string, by: string): LiteValue[] {
  const [end, step] = [stampOf(b), dates.readSpan(by)];
  if (dates.spanMicros(step) === 0) throw new PgError('22023', 'step size cannot equal zero');
  const down = dates.spanMicros(step) < 0;
  const found: string[] = [];
  for (let at = stampOf(a); down ? at >= end : at <= end; at = dates.addSpan(at, step)) {
    found.push(dates.stampText(at));
    if (found.length > MAX_ROWS) throw new PgError('53200', 'out of memory');
  }
  return found;
}

const ARRAYS: Row[] = [
  [
    'array_length',
    'anyarray,int4',
    'int4',
    (_, a: string, n: number) => (n === 1 ? readArray(a).length || null : null),
  ],
  ['cardinality', 'anyarray', 'int4', (_, a: string) => readArray(a).length],
  ['array_upper', 'anyarray,int4', 'int4', (_, a: string, n: number) => (n === 1 ? readArray(a).length || null : null)],
  [
    'array_lower',
    'anyarray,int4',
    'int4',
    (_, a: string, n: number) => (n === 1 && readArray(a).length > 0 ? 1 : null),
  ],
  [
    'array_to_string',
    'anyarray,text',
    'text',
    (_, a: string, by: string) =>
      readArray(a)
        .filter((i) => i !== null)
        .join(by),
  ],
  [
    'array_to_string',
    'anyarray,text,text',
    'text',
    (_, a: string, by: string, none: string) =>
      readArray(a)
        .map((i) => i ?? none)
        .join(by),
  ],
  ['array_append', 'anyarray,out', 'same', (_, a: string, i: string) => writeArray([...readArray(a), i])],
  [
    'array_cat',
    'anyarray,anyarray',
    'same',
    (_, a: string, b: string) => writeArray([...readArray(a), ...readArray(b)]),
  ],
  [
    'array_remove',
    'anyarray,out',
    'same',
    (_, a: string, i: string) => writeArray(readArray(a).filter((x) => x !== i)),
  ],
  ['array_position', 'anyarray,out', 'int4', (_, a: string, i: string) => readArray(a).indexOf(i) + 1 || null],
  ['unnest', 'anyarray', 'setof element', (_, a: string) => readArray(a)],
];

type Json = unknown;
const parsed = (s: string): Json => JSON.parse(s);
const jsonScalar = (value: Json): string | null =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : jsonbText(value);

const JSONS: Row[] = [
  ['json_array_length', 'json', 'int4', (_, s: string) => (parsed(s) as Json[]).length],
  ['jsonb_array_length', 'jsonb', 'int4', (_, s: string) => (parsed(s) as Json[]).length],
  ['json_array_elements', 'json', 'setof json', (_, s: string) => (parsed(s) as Json[]).map((v) => JSON.stringify(v))],
  ['jsonb_array_elements', 'jsonb', 'setof jsonb', (_, s: string) => (parsed(s) as Json[]).map(jsonbText)],
  ['jsonb_array_elements_text', 'jsonb', 'setof text', (_, s: string) => (parsed(s) as Json[]).map(jsonScalar)],
  ['json_object_keys', 'json', 'setof text', (_, s: string) => Object.keys(parsed(s) as object)],
  ['jsonb_object_keys', 'jsonb', 'setof text', (_, s: string) => Object.keys(parsed(s) as object)],
  ['json_typeof', 'json', 'text', (_, s: string) => jsonType(parsed(s))],
  ['jsonb_typeof', 'jsonb', 'text', (_, s: string) => jsonType(parsed(s))],
  ['jsonb_pretty', 'jsonb', 'text', (_, s: string) => JSON.stringify(parsed(s), null, 4)],
  [
    'json_build_object',
    '?json...',
    'json',
    (_, ...all: (string | null)[]) =>
      `{${pairs(all)
        .map(([k, v]) => `${JSON.stringify(jsonScalar(parsed(k)))} : ${v}`)
        .join(', ')}}`,
  ],
  [
    'jsonb_build_object',
    '?json...',
    'jsonb',
    (_, ...all: (string | null)[]) =>
      jsonbText(Object.fromEntries(pairs(all).map(([k, v]) => [jsonScalar(parsed(k)), parsed(v)]))),
  ],
  [
    'json_build_array',
    '?json...',
    'json',
    (_, ...all: (string | null)[]) => `[${all.map((v) => v ?? 'null').join(', ')}]`,
  ],
  [
    'jsonb_build_array',
    '?json...',
    'jsonb',
    (_, ...all: (string | null)[]) => jsonbText(all.map((v) => parsed(v ?? 'null'))),
  ],
  ['to_json', 'json', 'json', (_, s: string) => s],
  ['row_to_json', 'json', 'json', (_, s: string) => s],
  ['to_jsonb', 'json', 'jsonb', (_, s: string) => jsonbText(parsed(s))],
];

const pairs = (all: (string | null)[]): [string, string][] =>
  Array.from({ length: Math.floor(all.length / 2) }, (_, i) => [all[2 * i] ?? '""', all[2 * i + 1] ?? 'null']);
const jsonType = (value: Json): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : typeof value;

/** A value as JSON, as to_json makes it. */
export function toJson(type: string, value: LiteValue): string {
  if (value === null) return 'null';
  if (type === 'json' || type === 'jsonb') return text(value);
  if (type === 'bool') return value ? 'true' : 'false';
  if (isArray(type))
    return `[${readArray(text(value))
      .map((item) =>
        item === null ? 'null' : toJson(elementOf(type), elementOf(type) === 'bool' ? Number(item === 't') : item),
      )
      .join(',')}]`;
  if (/^(int[248]|float[48]|numeric|oid)$/.test(type)) return output(type, value);
  return JSON.stringify(
    type.startsWith('timestamp')
      ? output(type, value).replace(' ', 'T').replace(/\+00$/, '+00:00')
      : output(type, value),
  );
}

const build = (rows: Row[], prefix: string): Fn[] =>
  rows.map(([name, args, result, run], i) => {
    const lax = args.startsWith('?');
    const variadic = args.endsWith('...');
    const list = args.replace('?', '').replace('...', '').split(',').filter(Boolean);
    const set = result.startsWith('setof ');
    return { name, args: list, variadic, result: result.replace('setof ', ''), set, lax, run, id: `pg_${prefix}${i}` };
  });

export const FUNCTIONS: readonly Fn[] = [
  ...build(STRINGS, 's'),
  ...build(NUMBERS, 'n'),
  ...build(stampFunctions, 't'),
  ...build(ARRAYS, 'a'),
  ...build(JSONS, 'j'),
  ...build(systemFunctions, 'c'),
];

const byName = new Map<string, Fn[]>();
for (const fn of FUNCTIONS) byName.set(fn.name, [...(byName.get(fn.name) ?? []), fn]);
export const functionsNamed = (name: string): readonly Fn[] => byName.get(name) ?? [];
