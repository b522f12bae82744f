// What SQLite calls while it runs a translated statement: conversions, exact arithmetic, patterns, dates, and the functions of
// functions.ts. SQLite keeps only the text of what these throw, so the error itself goes to `onError`.
import type { LiteConnection, LiteValue } from '../sql/engine';
import { readArray, writeArray } from './arrays';
import * as dates from './dates';
import { PgError } from './error';
import type { FunctionContext } from './function-context';
import { FUNCTIONS, likeRegex, regex, toJson } from './functions';
import * as numeric from './numeric';
import { classOid, classText } from './system-functions';
import { categoryOf, elementOf, isArray, isReg, typeByOid } from './types';
import { input, jsonbText, output, stampOf } from './values';

type Native = (c: FunctionContext, ...args: never[]) => LiteValue | boolean;
type Json = unknown;

const span = dates.readSpan;

function castText(c: FunctionContext, type: string, mod: number, value: LiteValue): LiteValue {
  const text = value instanceof Uint8Array ? output('bytea', value) : String(value);
  if (type === 'regclass') return BigInt(classOid(c, text));
  if (type === 'regtype') return BigInt(findTypeOid(text));
  if (type === 'regrole' || type === 'regnamespace') return namedOid(c, type, text);
  if (type === 'regproc') return 0n;
  if (categoryOf(type) === 'E' && !isReg(type)) return label(c, type, text);
  if (isArray(type) && categoryOf(elementOf(type)) === 'E') return text;
  return input({ type, mod: mod < 0 ? undefined : mod }, text, () => c.now(), true);
}

function label(c: FunctionContext, type: string, text: string): string {
  const found = c.catalog.enums.find(({ name }) => name === type);
  if (found && !found.labels.includes(text))
    throw new PgError('22P02', `invalid input value for enum ${type}: "${text}"`);
  return text;
}

function findTypeOid(text: string): number {
  const name = text.replace(/^pg_catalog\./, '');
  for (let oid = 16; oid < 4100; oid++) {
    const type = typeByOid(oid);
    if (type && (type.name === name || type.display === name)) return oid;
  }
  throw new PgError('42704', `type "${text}" does not exist`);
}

function namedOid(c: FunctionContext, type: string, text: string): bigint {
  const oid = type === 'regrole' ? c.roles.get(text)?.oid : c.catalog.schemas[text]?.oid;
  if (oid === undefined)
    throw new PgError(
      '42704',
      type === 'regrole' ? `role "${text}" does not exist` : `schema "${text}" does not exist`,
    );
  return BigInt(oid);
}

function regText(c: FunctionContext, type: string, oid: number): string {
  if (type === 'regclass') return classText(c, oid);
  if (type === 'regtype') return typeByOid(oid)?.display ?? c.catalog.enums.find((e) => e.oid === oid)?.name ?? '-';
  if (type === 'regrole') return [...c.roles.values()].find((role) => role.oid === oid)?.name ?? String(oid);
  if (type === 'regnamespace')
    return Object.entries(c.catalog.schemas).find(([, s]) => s.oid === oid)?.[0] ?? String(oid);
  return '-';
}

function jsonAt(value: Json, key: string | number): Json {
  if (Array.isArray(value)) return value.at(Number(key));
  return value !== null && typeof value === 'object' ? (value as Record<string, Json>)[String(key)] : undefined;
}

const jsonOut = (value: Json, asText: number): LiteValue =>
  value === undefined
    ? null
    : asText
      ? value === null
        ? null
        : typeof value === 'string'
          ? value
          : jsonbText(value)
      : jsonbText(value);

function contains(a: Json, b: Json): boolean {
  if (Array.isArray(b)) return Array.isArray(a) && b.every((x) => a.some((y) => contains(y, x)));
  if (b !== null && typeof b === 'object')
    return (
      a !== null &&
      typeof a === 'object' &&
      !Array.isArray(a) &&
      Object.entries(b).every(([k, v]) => k in a && contains((a as Record<string, Json>)[k], v))
    );
  return a === b;
}

const NATIVES: [name: string, run: Native][] = [
  ['pg_cast', (c, type: string, mod: number, v: LiteValue) => castText(c, type, mod, v)],
  ['pg_out', (c, type: string, v: LiteValue) => (isReg(type) ? regText(c, type, Number(v)) : output(type, v))],
  [
    'pg_sized',
    (c, type: string, mod: number, v: string, explicit: number) =>
      input({ type, mod }, v, () => c.now(), explicit !== 0),
  ],
  ['pg_num_add', (_, a: string, b: string) => numeric.add(a, b)],
  ['pg_num_sub', (_, a: string, b: string) => numeric.add(a, b, -1n)],
  ['pg_num_mul', (_, a: string, b: string) => numeric.multiply(a, b)],
  ['pg_num_div', (_, a: string, b: string) => numeric.divide(a, b)],
  ['pg_num_mod', (_, a: string, b: string) => numeric.modulo(a, b)],
  [
    'pg_num_pow',
    (c, a: string, b: string) =>
      FUNCTIONS.find((fn) => fn.name === 'power' && fn.args[0] === 'numeric')?.run(
        c,
        ...([a, b] as never[]),
      ) as LiteValue,
  ],
  ['pg_num_round', (_, a: string, n: number) => numeric.round(a, n)],
  ['pg_num_fit', (_, a: string, mod: number) => numeric.fit(a, mod)],
  ['pg_num_double', (_, n: number) => numeric.fromDouble(n)],
  ['pg_pow', (_, a: number, b: number) => a ** b],
  ['pg_fround', (_, n: number) => Math.fround(Number(n))],
  [
    'pg_rint',
    (_, n: number) => {
      const r = Math.round(n);
      return Math.abs(n % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
    },
  ],
  [
    'pg_nonzero',
    (_, n: number) => {
      if (n === 0) throw new PgError('22012', 'division by zero');
      return n;
    },
  ],
  ['pg_nan', () => Number.NaN],
  ['pg_like', (_, s: string, p: string, insensitive: number) => likeRegex(p, insensitive !== 0).test(s)],
  ['pg_match', (_, s: string, p: string, insensitive: number) => regex(p, insensitive ? 'i' : '').test(s)],
  ['pg_span', (_, s: string) => dates.spanMicros(span(s))],
  [
    'pg_span_add',
    (_, a: string, b: string, sign: number) => {
      const [x, y] = [span(a), span(b)];
      return dates.spanText({
        months: x.months + sign * y.months,
        days: x.days + sign * y.days,
        micros: x.micros + sign * y.micros,
      });
    },
  ],
  ['pg_span_times', (_, a: string, n: number, times: number) => scaled(span(a), times ? n : 1 / n)],
  [
    'pg_stamp_add',
    (_, s: string, by: string, sign: number) => dates.stampText(dates.addSpan(stampOf(s), span(by), sign)),
  ],
  [
    'pg_time_add',
    (_, s: string, by: string, sign: number) => dates.timeText((dates.findTime(s) ?? 0) + sign * span(by).micros),
  ],
  ['pg_date_add', (_, s: string, days: number) => dates.dateText(stampOf(s) + days * 86_400_000_000)],
  ['pg_days', (_, a: string, b: string) => (stampOf(a) - stampOf(b)) / 86_400_000_000],
  ['pg_between', (_, a: string, b: string) => dates.spanText(dates.between(stampOf(a), stampOf(b)))],
  [
    'pg_rank',
    (c, type: string, v: string) => c.catalog.enums.find(({ name }) => name === type)?.labels.indexOf(v) ?? -1,
  ],
  ['pg_sort', (_, s: string) => sortKey(s)],
  ['pg_items', (_, a: string) => JSON.stringify(readArray(a))],
  ['pg_array1', (_, s: string) => writeArray([s])],
  ['pg_array_cat', (_, a: string, b: string) => writeArray([...readArray(a), ...readArray(b)], true)],
  ['pg_array_of', (_, json: string) => writeArray(JSON.parse(json) as (string | null)[], true)],
  ['pg_array_at', (_, a: string, i: number) => readArray(a)[i - 1] ?? null],
  [
    'pg_array_slice',
    (_, a: string, from: number, to: number) => writeArray(readArray(a).slice(Math.max(0, from - 1), to)),
  ],
  [
    'pg_array_has',
    (_, a: string, b: string) => {
      const all = new Set(readArray(a));
      return readArray(b).every((i) => all.has(i));
    },
  ],
  [
    'pg_array_within',
    (_, a: string, b: string) => {
      const all = new Set(readArray(b));
      return readArray(a).every((i) => all.has(i));
    },
  ],
  [
    'pg_array_meets',
    (_, a: string, b: string) => {
      const all = new Set(readArray(a));
      return readArray(b).some((i) => all.has(i));
    },
  ],
  ['pg_json_get', (_, s: string, key: string | number, asText: number) => jsonOut(jsonAt(JSON.parse(s), key), asText)],
  [
    'pg_json_path',
    (_, s: string, path: string, asText: number) =>
      jsonOut(
        readArray(path).reduce<Json>((v, key) => jsonAt(v, key ?? ''), JSON.parse(s)),
        asText,
      ),
  ],
  [
    'pg_json_has',
    (_, s: string, key: string) => {
      const v = JSON.parse(s);
      return Array.isArray(v) ? v.includes(key) : v !== null && typeof v === 'object' && key in v;
    },
  ],
  ['pg_json_in', (_, a: string, b: string) => contains(JSON.parse(a), JSON.parse(b))],
  [
    'pg_json_cat',
    (_, a: string, b: string) => {
      const [x, y] = [JSON.parse(a), JSON.parse(b)];
      return jsonbText(Array.isArray(x) || Array.isArray(y) ? [x, y].flat() : { ...x, ...y });
    },
  ],
  [
    'pg_json_without',
    (_, a: string, key: string | number) => {
      const v = JSON.parse(a);
      if (Array.isArray(v))
        return jsonbText(v.filter((x, i) => (typeof key === 'number' ? i !== (key + v.length) % v.length : x !== key)));
      const { [String(key)]: _gone, ...rest } = v;
      return jsonbText(rest);
    },
  ],
  ['pg_join', (_, json: string, by: string) => joined(JSON.parse(json), by)],
  [
    'pg_percentile',
    (_, json: string, p: number, continuous: number) => percentile(JSON.parse(json), p, continuous !== 0),
  ],
  ['pg_mode', (_, json: string) => commonest(JSON.parse(json))],
  ['pg_spread', (_, json: string, root: number, sample: number) => spread(JSON.parse(json), root !== 0, sample !== 0)],
];

/** Run with nulls, too. */
const LAX: [name: string, run: Native][] = [
  ['pg_zip', (_, ...lists: (string | null)[]) => zip(lists)],
  ['pg_json', (_, type: string, v: LiteValue) => toJson(type, v)],
  [
    'pg_json_list',
    (_, json: string | null) => (json === null ? null : `[${(JSON.parse(json) as string[]).join(', ')}]`),
  ],
  [
    'pg_json_object',
    (_, json: string | null) => (json === null ? null : `{ ${(JSON.parse(json) as string[]).join(', ')} }`),
  ],
  ['pg_jsonb', (_, json: string | null) => (json === null ? null : jsonbText(JSON.parse(json)))],
  [
    'pg_row',
    (_, ...all: (string | null)[]) =>
      `(${all.map((s) => (s === null ? '' : /[\s,()"\\]/.test(s) || s === '' ? `"${s.replace(/["\\]/g, '$&$&')}"` : s)).join(',')})`,
  ],
  [
    'pg_fail',
    (_, code: string, message: string) => {
      throw new PgError(code, message);
    },
  ],
];

function zip(lists: (string | null)[]): string {
  const all = lists.map((list) => JSON.parse(list ?? '[]') as Json[]);
  const length = Math.max(...all.map((list) => list.length));
  return JSON.stringify(Array.from({ length }, (_, i) => all.map((list) => list[i] ?? null)));
}

function joined(items: (string | null)[], by: string): string | null {
  const there = items.filter((item) => item !== null);
  return there.length === 0 ? null : there.join(by);
}

function scaled(s: dates.Span, by: number): string {
  const months = s.months * by;
  const days = s.days * by + (months - Math.trunc(months)) * 30;
  const micros = s.micros * by + (days - Math.trunc(days)) * 86_400_000_000;
  return dates.spanText({ months: Math.trunc(months), days: Math.trunc(days), micros: Math.round(micros) });
}

/** Orders texts as en_US does: letters first without regard to case and punctuation, lower case before upper. */
const sortKey = (s: string): string =>
  `${s
    .toLowerCase()
    .normalize('NFD')
    .replace(
      /[^\p{L}\p{N}]/gu,
      '',
    )}\u0001${[...s].map((ch) => (ch === ch.toLowerCase() ? ch.toUpperCase() : ch.toLowerCase())).join('')}`;

function percentile(values: (number | string)[], p: number, continuous: boolean): LiteValue {
  const sorted = [...values].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  if (sorted.length === 0) return null;
  if (!continuous) return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? null;
  const at = p * (sorted.length - 1);
  const [low, high] = [Number(sorted[Math.floor(at)]), Number(sorted[Math.ceil(at)])];
  return low + (high - low) * (at - Math.floor(at));
}

function commonest(values: (number | string)[]): LiteValue {
  const counts = new Map<number | string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** Variance or deviation of exact decimals, with the digits that numeric gives. */
function spread(values: (string | null)[], root: boolean, sample: boolean): LiteValue {
  const there = values.filter((v) => v !== null);
  const n = String(there.length);
  if (there.length === 0 || (sample && there.length < 2)) return null;
  const sum = there.reduce((a, v) => numeric.add(a, v), '0');
  const squares = there.reduce((a, v) => numeric.add(a, numeric.multiply(v, v)), '0');
  const above = numeric.add(numeric.multiply(n, squares), numeric.multiply(sum, sum), -1n);
  if (numeric.compare(above, '0') <= 0) return '0';
  const variance = numeric.divide(above, numeric.multiply(n, sample ? String(there.length - 1) : n));
  return root ? numeric.squareRoot(variance) : variance;
}

const out = (value: LiteValue | boolean): LiteValue =>
  typeof value === 'bigint'
    ? BigInt.asIntN(32, value) === value
      ? Number(value)
      : String(value)
    : typeof value === 'boolean'
      ? (value as unknown as LiteValue)
      : value;

/** Gives a connection all functions; `context` says whose statement runs. */
export function defineNatives(
  lite: LiteConnection,
  context: () => FunctionContext,
  onError: (error: unknown) => void,
): void {
  const define = (name: string, lax: boolean, run: (args: LiteValue[]) => LiteValue | boolean) =>
    lite.defineAny(name, (...args) => {
      if (!lax && args.includes(null)) return null;
      try {
        return out(run(args));
      } catch (error) {
        onError(error);
        throw error;
      }
    });
  for (const [name, run] of NATIVES) define(name, false, (args) => run(context(), ...(args as never[])));
  for (const [name, run] of LAX) define(name, true, (args) => run(context(), ...(args as never[])));
  for (const fn of FUNCTIONS)
    define(fn.id, fn.lax, (args) => {
      const value = fn.run(context(), ...(args as never[]));
      return fn.set ? JSON.stringify(value) : (value as LiteValue | boolean);
    });
  lite.aggregate('pg_collect', (values) => (values.length === 0 ? null : JSON.stringify(values)));
  lite.aggregate('pg_sum', (values) =>
    values
      .filter((v) => v !== null)
      .reduce<string | null>((sum, v) => (sum === null ? String(v) : numeric.add(sum, String(v))), null),
  );
  lite.aggregate('pg_max', (values) => extreme(values, 1));
  lite.aggregate('pg_min', (values) => extreme(values, -1));
}

const extreme = (values: LiteValue[], sign: number): LiteValue =>
  values
    .filter((v) => v !== null)
    .reduce<string | null>(
      (best, v) => (best === null || numeric.compare(String(v), best) * sign > 0 ? String(v) : best),
      null,
    );
