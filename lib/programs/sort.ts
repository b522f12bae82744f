// sort.

import { Errno, strerror } from '../machine/errno';
import { LIMITS } from '../machine/limits';
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { chunks, fail, lines, quote, refused } from './tool';

type Compare = (a: string, b: string) => number;

interface Key {
  from: number;
  fromChar: number;
  to: number;
  toChar: number;
  flags: string;
}

const LONG = {
  'dictionary-order': 'd',
  'ignore-case': 'f',
  'general-numeric-sort': 'g',
  'human-numeric-sort': 'h',
  'batch-size=': 'batch-size',
  'compress-program=': 'compress-program',
  'ignore-leading-blanks': 'b',
  'parallel=': 'parallel',
  'key=': 'k',
  'month-sort': 'M',
  'numeric-sort': 'n',
  'output=': 'o',
  reverse: 'r',
  stable: 's',
  'field-separator=': 't',
  unique: 'u',
  'version-sort': 'V',
  check: 'c',
  'random-sort': 'R',
  'zero-terminated': 'z',
};

const LINE_BYTES = 32; // that a line takes beside its text

export const sort: Program = async (proc) => {
  const options = getopt(proc.argv, 'bcCdfghik:mMno:rRsS:t:T:uVz', LONG);
  const bad = await refused(proc, options, 2);
  if (bad !== undefined) return bad;
  const all: string[] = [];
  const zero = options.has('z');
  let held = 0;
  for (const path of options.rest.length > 0 ? options.rest : ['-']) {
    try {
      for await (const line of lines(chunks(proc, path), zero ? 0 : 10)) {
        held += line.length + LINE_BYTES;
        if (held > LIMITS.textBytes) throw new Errno('ENOMEM');
        all.push(line);
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return fail(
        proc,
        error.code === 'EISDIR'
          ? `read failed: ${path}: ${strerror(error)}`
          : `cannot read: ${path}: ${strerror(error)}`,
        2,
      );
    }
  }
  const keys: Key[] = [];
  for (const text of options.all('k')) {
    const key = parseKey(text);
    if (/^(\d+(\.\d+)?[a-zA-Z]*,)?0/.test(text))
      return fail(proc, `field number is zero: invalid field specification ${quote(proc, text)}`, 2);
    if (!key) return fail(proc, `invalid number at field start: invalid count at start of ${quote(proc, text)}`, 2);
    keys.push(key);
  }
  const compare = comparison(proc, options, keys);
  if (options.has('c') || options.has('C')) return check(proc, options, all, compare);
  return print(proc, options, sorted(options, all, compare), zero);
};

function sorted(options: Options, all: string[], compare: { keyed: Compare; whole: Compare }): string[] {
  all.sort((a, b) => compare.keyed(a, b) || (options.has('s') || options.has('u') ? 0 : compare.whole(a, b)));
  return options.has('u') ? all.filter((line, i) => i === 0 || compare.keyed(all[i - 1] as string, line) !== 0) : all;
}

async function print(proc: Process, options: Options, all: string[], zero: boolean): Promise<number> {
  const end = zero ? '\0' : '\n';
  const text = all.map((line) => line + end).join('');
  const output = options.get('o');
  if (output === undefined) await proc.print(text);
  else proc.files.write(output, text);
  return 0;
}

async function check(proc: Process, options: Options, all: string[], compare: { keyed: Compare }): Promise<number> {
  for (let i = 1; i < all.length; i++) {
    const order = compare.keyed(all[i - 1] as string, all[i] as string);
    if (order < 0 || (order === 0 && !options.has('u'))) continue;
    if (!options.has('C')) await fail(proc, `${options.rest[0] ?? '-'}:${i + 1}: disorder: ${all[i]}`);
    return 1;
  }
  return 0;
}

function parseKey(text: string): Key | undefined {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text);
  if (!match || match[1] === '0') return undefined;
  return {
    from: Number(match[1]) - 1,
    fromChar: Number(match[2] ?? 1) - 1,
    to: match[4] === undefined ? Number.POSITIVE_INFINITY : Number(match[4]) - 1,
    toChar: Number(match[5] ?? 0),
    flags: (match[3] ?? '') + (match[6] ?? ''),
  };
}

function comparison(proc: Process, options: Options, keys: Key[]): { keyed: Compare; whole: Compare } {
  const global = [...'bdfghiMnrRV'].filter((letter) => options.has(letter)).join('');
  const separator = options.get('t')?.replace('\\0', '\0');
  const turn = (compare: Compare, flags: string): Compare => (flags.includes('r') ? (a, b) => compare(b, a) : compare);
  const whole = turn(plain(proc), options.has('r') ? 'r' : '');
  if (keys.length === 0) return { keyed: turn(compareBy(proc, global), global), whole };
  const parts = keys.map((key) => {
    const flags = /[dfghiMnrRV]/.test(key.flags) ? key.flags : global + key.flags;
    const compare = turn(compareBy(proc, flags), flags);
    return (a: string, b: string) => compare(extract(a, key, separator, flags), extract(b, key, separator, flags));
  });
  return { keyed: (a, b) => parts.reduce((order, compare) => order || compare(a, b), 0), whole };
}

/** The text of a key in a line. Without a separator a field begins with the blanks before it. */
function extract(line: string, key: Key, separator: string | undefined, flags: string): string {
  const fields = separator === undefined ? (line.match(/\s*\S+|\s+$/g) ?? []) : line.split(separator);
  const joint = separator ?? '';
  const picked = fields.slice(key.from, key.to + 1);
  if (key.to !== Number.POSITIVE_INFINITY && key.toChar > 0 && fields.length > key.to)
    picked[picked.length - 1] = (picked.at(-1) ?? '').slice(0, key.toChar);
  const text = picked.join(joint);
  const trimmed = flags.includes('b') ? text.trimStart() : text;
  return trimmed.slice(key.fromChar);
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

function compareBy(proc: Process, flags: string): Compare {
  const by =
    (value: (text: string) => number): Compare =>
    (a, b) =>
      value(a) - value(b);
  if (flags.includes('n')) return by((text) => Number(/^\s*(-?\d*\.?\d*)/.exec(text)?.[1]) || 0);
  if (flags.includes('g')) return by((text) => Number.parseFloat(text) || 0);
  if (flags.includes('h')) return by(human);
  if (flags.includes('M')) return by((text) => MONTHS.indexOf(text.trim().slice(0, 3).toUpperCase()));
  if (flags.includes('V')) return (a, b) => a.localeCompare(b, 'en', { numeric: true });
  if (flags.includes('R')) {
    const seed = proc.machine.random.uint32();
    return by((text) => [...text].reduce((h, c) => Math.imul(h ^ (c.codePointAt(0) ?? 0), 16777619) >>> 0, seed));
  }
  const shape = (text: string) => {
    let out = flags.includes('b') ? text.trimStart() : text;
    if (flags.includes('d')) out = out.replace(/[^\p{L}\p{N}\s]/gu, '');
    return flags.includes('f') ? out.toUpperCase() : out;
  };
  const order = plain(proc);
  return flags === '' || flags === 'r' ? order : (a, b) => order(shape(a), shape(b));
}

function human(text: string): number {
  const match = /^\s*(-?\d+\.?\d*)([KMGTPE]?)/i.exec(text);
  return match ? Number(match[1]) * 1024 ** (' KMGTPE'.indexOf((match[2] || ' ').toUpperCase()) || 0) : 0;
}

/** By bytes in the C locale, else as a dictionary. */
function plain(proc: Process): Compare {
  const locale = proc.env['LC_ALL'] || proc.env['LC_COLLATE'] || proc.env['LANG'] || 'C';
  if (/^(C|POSIX)/.test(locale)) return (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const collator = new Intl.Collator('en', { ignorePunctuation: true });
  return (a, b) => collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
