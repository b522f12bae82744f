// Times of jq: seconds since 1970, and broken down as [year, month, day, hours, minutes, seconds, weekday, day of the year].
import { strftime as write } from '../../shell/strftime';
import type { Json } from './json';
import { fail } from './paths';

const DAY_MS = 86_400_000;

const brokenDown = (seconds: number): number[] => {
  const at = new Date(seconds * 1000);
  const start = Date.UTC(at.getUTCFullYear(), 0, 1);
  return [
    at.getUTCFullYear(),
    at.getUTCMonth(),
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds() + (seconds - Math.floor(seconds)),
    at.getUTCDay(),
    Math.floor((at.getTime() - start) / DAY_MS),
  ];
};

export const gmtime = (value: Json): Json =>
  typeof value === 'number' ? brokenDown(value) : fail('gmtime() requires a number');

export function mktime(value: Json): number {
  if (!Array.isArray(value) || value.some((part) => typeof part !== 'number'))
    return fail('mktime requires array of 6 numbers');
  const [year = 1970, month = 0, day = 1, hours = 0, minutes = 0, seconds = 0] = value as number[];
  return Math.floor(Date.UTC(year, month, day, hours, minutes, Math.floor(seconds)) / 1000);
}

export function strftime(value: Json, format: Json): string {
  const seconds = typeof value === 'number' ? value : Array.isArray(value) ? mktime(value) : undefined;
  if (seconds === undefined) return fail('strftime/1 requires parsed datetime inputs');
  if (typeof format !== 'string') return fail('strftime/1 requires a string format');
  return write(format, seconds * 1000);
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const FIELDS: Record<string, string> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  e: '\\s*(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  Z: '(?:[A-Z]+)',
  z: '(?:[+-]\\d{4}|Z)',
  b: '(?<b>[A-Z][a-z]{2})',
  B: '(?<B>[A-Z][a-z]+)',
  a: '[A-Z][a-z]{2}',
  A: '[A-Z][a-z]+',
  j: '(?<j>\\d{1,3})',
  s: '(?<s>\\d+)',
  T: '(?<H>\\d{1,2}):(?<M>\\d{1,2}):(?<S>\\d{1,2})',
  F: '(?<Y>\\d{4})-(?<m>\\d{1,2})-(?<d>\\d{1,2})',
};

export function strptime(value: Json, format: Json): Json {
  if (typeof value !== 'string') return fail(`strptime/1 requires string inputs and arguments`);
  if (typeof format !== 'string') return fail(`strptime/1 requires string inputs and arguments`);
  const pattern = format
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%(.)/g, (_, letter: string) => FIELDS[letter] ?? letter)
    .replace(/\s+/g, '\\s+');
  const found = new RegExp(`^${pattern}$`).exec(value)?.groups;
  if (!found) return fail(`date "${value}" does not match format "${format}"`);
  if (found['s']) return brokenDown(Number(found['s']));
  const named = found['b'] ?? found['B']?.slice(0, 3);
  const month = named ? MONTHS.indexOf(named) : Number(found['m'] ?? 1) - 1;
  const numbers = ['H', 'M', 'S'].map((name) => Number(found[name] ?? 0));
  const [hours = 0, minutes = 0, seconds = 0] = numbers;
  return brokenDown(
    Date.UTC(Number(found['Y'] ?? 1900), month, Number(found['d'] ?? 1), hours, minutes, seconds) / 1000,
  );
}
