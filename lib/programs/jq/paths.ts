// Reading and changing values by paths: keys, numbers and slices. jq 1.6, src/jv_aux.c.
import { brief, isObject, type Json, kindOf } from './json';

/** The path of what is no part of the input. */
export const NOWHERE: Json[] = ['nowhere'];

/** What `error` throws, and what programs catch. */
export class JqError extends Error {
  constructor(readonly value: Json) {
    super(typeof value === 'string' ? value : 'not a string');
  }
}

export const fail = (text: string): never => {
  throw new JqError(text);
};

/** `number (1)`. */
export const shown = (value: Json): string => `${kindOf(value)} (${brief(value)})`;

const article = (key: Json): string => (typeof key === 'string' ? `string "${key}"` : kindOf(key));

interface Range {
  from: number;
  to: number;
}

/** The bounds of a slice in something of a length. */
function rangeOf(key: Json, length: number): Range {
  const [from, to] = isObject(key) ? [key.get('start') ?? null, key.get('end') ?? null] : [null, null];
  if ((from !== null && typeof from !== 'number') || (to !== null && typeof to !== 'number'))
    return fail('Start and end indices of an array slice must be numbers');
  const clamp = (index: number) => Math.max(0, Math.min(length, index < 0 ? index + length : index));
  const first = Math.floor(clamp(from ?? 0));
  return { from: first, to: Math.max(first, Math.ceil(clamp(to ?? length))) };
}

const isSlice = (key: Json): boolean => isObject(key) && (key.has('start') || key.has('end'));

/** `.[key]`. */
export function get(value: Json, key: Json): Json {
  if (isObject(value) && typeof key === 'string') return value.get(key) ?? null;
  if (Array.isArray(value) && typeof key === 'number') {
    const index = Math.floor(key);
    return value[index < 0 ? index + value.length : index] ?? null;
  }
  if (isSlice(key)) {
    if (value === null) return null;
    if (Array.isArray(value)) {
      const { from, to } = rangeOf(key, value.length);
      return value.slice(from, to);
    }
    if (typeof value === 'string') {
      const characters = [...value];
      const { from, to } = rangeOf(key, characters.length);
      return characters.slice(from, to).join('');
    }
    return fail(`Cannot index ${kindOf(value)} with object`);
  }
  if (Array.isArray(value) && Array.isArray(key)) return indicesOf(value, key);
  if (value === null && (typeof key === 'string' || typeof key === 'number' || key === null)) return null;
  return fail(`Cannot index ${kindOf(value)} with ${article(key)}`);
}

/** Where a part begins in an array. */
export function indicesOf(
  whole: readonly Json[],
  part: readonly Json[],
  same = (a: Json, b: Json) => equal(a, b),
): number[] {
  if (part.length === 0) return [];
  const found: number[] = [];
  for (let i = 0; i + part.length <= whole.length; i++)
    if (part.every((item, k) => same(whole[i + k] as Json, item))) found.push(i);
  return found;
}

export function equal(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i] as Json));
  if (!isObject(a) || !isObject(b) || a.size !== b.size) return false;
  return [...a].every(([key, item]) => b.has(key) && equal(item, b.get(key) as Json));
}

const MOST_ITEMS = 50_000_000; // of an array that is filled up with nulls

function set(value: Json, key: Json, item: Json): Json {
  if (typeof key === 'string' && (value === null || isObject(value))) return new Map(value ?? []).set(key, item);
  if (typeof key === 'number' && (value === null || Array.isArray(value))) {
    const list = [...(value ?? [])];
    const index = Math.floor(key) + (key < 0 ? list.length : 0);
    if (index < 0) return fail('Out of bounds negative array index');
    if (index > MOST_ITEMS) return fail('Array index too large');
    while (list.length < index) list.push(null);
    list[index] = item;
    return list;
  }
  if (isSlice(key) && (value === null || Array.isArray(value))) {
    if (!Array.isArray(item)) return fail('A slice of an array can only be assigned another array');
    const list = [...(value ?? [])];
    const { from, to } = rangeOf(key, list.length);
    list.splice(from, to - from, ...item);
    return list;
  }
  if (isSlice(key)) return fail(`Cannot update field at object index of ${kindOf(value)}`);
  return fail(`Cannot index ${kindOf(value)} with ${article(key)}`);
}

export const getPath = (value: Json, path: readonly Json[]): Json =>
  path.reduce<Json>((at, key) => (at === null ? null : get(at, key)), value);

export function setPath(value: Json, path: readonly Json[], item: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return item;
  return set(value, key, setPath(get(value, key), rest, item));
}

function remove(value: Json, keys: readonly Json[]): Json {
  if (value === null) return null;
  if (isObject(value)) {
    const rest = new Map(value);
    for (const key of keys) {
      if (typeof key !== 'string')
        return fail(`Cannot delete field at object index of ${article(key) === 'number' ? 'number' : kindOf(key)}`);
      rest.delete(key);
    }
    return rest;
  }
  if (!Array.isArray(value)) return fail(`Cannot delete fields from ${kindOf(value)}`);
  const gone = new Set<number>();
  for (const key of keys) {
    if (typeof key === 'number') gone.add(Math.floor(key) + (key < 0 ? value.length : 0));
    else if (isSlice(key)) {
      const { from, to } = rangeOf(key, value.length);
      for (let i = from; i < to; i++) gone.add(i);
    } else return fail(`Cannot delete field at array index of ${kindOf(key)}`);
  }
  return value.filter((_, i) => !gone.has(i));
}

export function deletePaths(value: Json, paths: readonly Json[][]): Json {
  if (paths.some((path) => path.length === 0)) return null;
  if (value === null) return null;
  const here = paths.filter((path) => path.length === 1).map(([key]) => key as Json);
  const below = new Map<string, { key: Json; rest: Json[][] }>();
  for (const [key, ...rest] of paths) {
    if (rest.length === 0) continue;
    const name = JSON.stringify(isObject(key as Json) ? [...(key as Map<string, Json>)] : key);
    const known = below.get(name);
    if (known) known.rest.push(rest);
    else below.set(name, { key: key as Json, rest: [rest] });
  }
  let out: Json = value;
  for (const { key, rest } of below.values()) {
    const inner = get(out, key);
    if (inner !== null) out = set(out, key, deletePaths(inner, rest));
  }
  return here.length > 0 ? remove(out, here) : out;
}
