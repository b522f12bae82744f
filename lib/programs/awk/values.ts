// awk's values: numbers, strings, and texts from outside that count as numbers where they look like one.
import { fixed } from '../../shell/fixed';
import { compilePattern, translate } from '../regex';

/** Text that came from a record, a file or the command line. */
export class Input {
  private number: number | undefined;
  private checked = false;

  constructor(readonly text: string) {}

  /** Its number, if it looks like one. */
  get numeric(): number | undefined {
    if (!this.checked) {
      this.checked = true;
      const trimmed = this.text.trim();
      if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) this.number = Number(trimmed);
    }
    return this.number;
  }
}

/** Characters of a text, and elements of an array, that a program may hold. */
export const MOST_TEXT = 32 * 1024 * 1024;
export const MOST_ELEMENTS = 1_000_000;

/** Undefined: nothing was assigned yet. */
export type Value = number | string | Input | undefined;

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  const text = typeof value === 'string' ? value : value.text;
  const found = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(text);
  return found ? Number(found[1]) : /^\s*[+-](?:inf|nan)/i.test(text) ? special(text) : 0;
}

const special = (text: string): number => (/nan/i.test(text) ? Number.NaN : text.includes('-') ? -Infinity : Infinity);

const LARGEST_EXACT = 1e16;

export function toText(value: Value, format = '%.6g'): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (typeof value !== 'number') return value.text;
  if (Number.isInteger(value))
    return Math.abs(value) < LARGEST_EXACT ? String(value === 0 ? 0 : value) : BigInt(value).toString();
  return sprintf(format, [value]);
}

export function truth(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  if (value === undefined) return false;
  return value.numeric === undefined ? value.text !== '' : value.numeric !== 0;
}

/** Negative, zero or positive; by number where both sides are numbers, else as strings. */
export function compare(a: Value, b: Value, format: string): number {
  const isNumber = (value: Value) =>
    typeof value === 'number' || value === undefined || (value instanceof Input && value.numeric !== undefined);
  if (isNumber(a) && isNumber(b)) return toNumber(a) - toNumber(b);
  const [left, right] = [toText(a, format), toText(b, format)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function exponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function general(value: number, precision: number, alternate: boolean): string {
  const digits = precision === 0 ? 1 : precision;
  if (value === 0) return '0';
  const power = Number(value.toExponential(digits - 1).split('e')[1]);
  if (power < -4 || power >= digits) {
    const text = value.toExponential(digits - 1);
    return exponent(alternate ? text : text.replace(/\.?0+e/, 'e'));
  }
  const text = value.toFixed(Math.max(0, digits - 1 - power));
  return alternate || !text.includes('.') ? text : text.replace(/\.?0+$/, '');
}

const unusual = (value: number): string | undefined =>
  Number.isNaN(value) ? '-nan' : value === Infinity ? '+inf' : value === -Infinity ? '-inf' : undefined;

function whole(value: number): string {
  const cut = Math.trunc(value);
  return Math.abs(cut) < LARGEST_EXACT ? String(cut === 0 ? 0 : cut) : BigInt(cut).toString();
}

const CONVERSION = /%([-+ #0']*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlLqjzt]*([diouxXeEfFgGcsaA%])|%/g;

/** Shows where the arguments of a format have come to their end. */
const ranOut = (format: string, at: number): string =>
  `not enough arguments to satisfy format string\n\t\`${format}'\n\t${' '.repeat(at + 1)}^ ran out for this one`;

/** printf's formatting. */
export function sprintf(format: string, args: readonly Value[]): string {
  let next = 0;
  return format.replace(
    CONVERSION,
    (
      all,
      flags: string | undefined,
      width: string | undefined,
      given: string | undefined,
      letter: string | undefined,
      at: number,
    ) => {
      if (letter === undefined) return all;
      if (letter === '%') return '%';
      let [left, zero] = [(flags ?? '').includes('-'), (flags ?? '').includes('0')];
      let wide = width === '*' ? Math.trunc(toNumber(args[next++])) : Number(width ?? 0);
      if (wide < 0) [left, wide] = [true, -wide];
      const dotted = all.includes('.');
      const precision =
        given === '*'
          ? Math.trunc(toNumber(args[next++]))
          : given !== undefined
            ? Number(given)
            : dotted
              ? 0
              : undefined;
      if (next >= args.length) throw new AwkError(ranOut(format, at));
      const value = args[next++];
      let text = converted(letter, value, precision, flags ?? '');
      if (/[sc]/.test(letter)) zero = false;
      if (/[diouxX]/.test(letter) && precision !== undefined) zero = false;
      if (left) return text.padEnd(wide);
      if (!zero) return text.padStart(wide);
      const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
      text = text.slice(sign.length);
      return sign + text.padStart(wide - sign.length, '0');
    },
  );
}

function converted(letter: string, value: Value, precision: number | undefined, flags: string): string {
  if (letter === 's') {
    const text = toText(value);
    return precision === undefined ? text : [...text].slice(0, precision).join('');
  }
  if (letter === 'c')
    return typeof value === 'number'
      ? String.fromCodePoint(Math.max(0, Math.trunc(value)))
      : ([...toText(value)][0] ?? '');
  const number = toNumber(value);
  const signed = (text: string) =>
    number >= 0 && flags.includes('+') ? `+${text}` : number >= 0 && flags.includes(' ') ? ` ${text}` : text;
  const odd = unusual(number);
  if (odd) return odd;
  switch (letter) {
    case 'd':
    case 'i':
    case 'u': {
      const text = whole(number);
      const digits = text.replace('-', '').padStart(precision ?? 0, '0');
      return signed((text.startsWith('-') ? '-' : '') + digits);
    }
    case 'o':
    case 'x':
    case 'X': {
      const text = BigInt(Math.trunc(number))
        .toString(letter === 'o' ? 8 : 16)
        .padStart(precision ?? 0, '0');
      const head = flags.includes('#') && number !== 0 ? (letter === 'o' ? '0' : '0x') : '';
      return letter === 'X' ? (head + text).toUpperCase() : head + text;
    }
    case 'e':
    case 'E': {
      const text = exponent(number.toExponential(precision ?? 6));
      return signed(letter === 'E' ? text.toUpperCase() : text);
    }
    case 'f':
    case 'F':
      return signed(fixed(number, Math.min(precision ?? 6, 99)));
    default: {
      const text = general(number, precision ?? 6, flags.includes('#'));
      return signed(letter === 'G' ? text.toUpperCase() : text);
    }
  }
}

const IN_BRACKETS: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' };

/** awk takes backslashes inside brackets, too, where POSIX has none; `\\y` is a word's edge. */
function withoutEscapes(source: string): string {
  let out = '';
  let inside = false;
  for (let i = 0; i < source.length; i++) {
    const c = source.charAt(i);
    const next = source.charAt(i + 1);
    if (c === '\\' && next !== '') {
      i++;
      if (inside) out += IN_BRACKETS[next] ?? (/[\]^-]/.test(next) ? `[.${next}.]` : next === '\\' ? '\\' : next);
      else out += next === 'y' ? '\\b' : next === '"' || next === '&' ? next : c + next;
      continue;
    }
    if (inside && c === ']' && !/\[\^?$/.test(out)) inside = false;
    else if (!inside && c === '[') inside = true;
    out += c;
  }
  return out;
}

const compiled = new Map<string, RegExp>();
const MOST_COMPILED = 500;

/** A dynamic regular expression, kept for the next time. Throws PatternError. */
export function regexOf(source: string, flags = ''): RegExp {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known) {
    known.lastIndex = 0;
    return known;
  }
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  const made = compilePattern(translate(withoutEscapes(source), true), flags);
  compiled.set(key, made);
  return made;
}

/** A text cut at the matches of a pattern; what the pattern captures is no piece. */
export function pieces(text: string, pattern: RegExp): string[] {
  const out: string[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match[0] === '') continue;
    out.push(text.slice(at, match.index));
    at = (match.index ?? 0) + match[0].length;
  }
  return [...out, text.slice(at)];
}

/** Ends the program with a message. */
export class AwkError extends Error {}
