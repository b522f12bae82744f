// The formatting of `printf`; shared by the builtin and /usr/bin/printf.
import { toBytes } from '../../machine/fs';
import { fixed } from '../fixed';
import { ansiEscapes, backslashQuote, joinBytes } from '../quote';
import { strftime } from '../strftime';
import { unescapeEcho } from './echo-text';

interface Result {
  text: string;
  errors: string[];
  status: number;
}

interface Times {
  now: number;
  startedAt: number;
  /** TZ. */
  zone?: string | undefined;
  /** False for `%q` and its kin, which only bash and coreutils have. */
  quotes?: boolean;
}

const DIRECTIVE =
  /%(%|([-+ #0]*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:[hlLjzt]+)?(\([^)]*\)T|[a-zA-Z]|$))|\\(?:x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|0?[0-7]{1,3}|[\s\S])/g;

/** Fills the template until the arguments are used up. */
export function format(template: string, args: string[], times: Times): Result {
  const state: Result & { rest: string[]; stop: boolean } = {
    text: '',
    errors: [],
    status: 0,
    rest: [...args],
    stop: false,
  };
  do {
    const before = state.rest.length;
    pass(template, state, times);
    if (state.rest.length === before) break;
  } while (state.rest.length > 0 && !state.stop);
  return { text: joinBytes(state.text), errors: state.errors, status: state.status };
}

function pass(template: string, state: Result & { rest: string[]; stop: boolean }, times: Times): void {
  DIRECTIVE.lastIndex = 0;
  const pattern = new RegExp(DIRECTIVE);
  let last = 0;
  for (let match = pattern.exec(template); match; match = pattern.exec(template)) {
    state.text += template.slice(last, match.index);
    last = pattern.lastIndex;
    if (match[0].startsWith('\\')) {
      if (match[0] === '\\c') {
        state.stop = true;
        return;
      }
      state.text +=
        match[0] === '\\"'
          ? '"'
          : match[0] === "\\'"
            ? "\\'"
            : ansiEscapes(match[0].replace(/^\\0([0-7]{3})$/, '\\$1'));
      continue;
    }
    if (match[1] === '%') state.text += '%';
    else if (!directive(match, state, times)) return;
    if (state.stop) return;
  }
  state.text += template.slice(last);
}

function directive(match: RegExpExecArray, state: Result & { rest: string[]; stop: boolean }, times: Times): boolean {
  let flags = match[2] ?? '';
  const star = (given: string | undefined) =>
    given === '*' ? String(integer(state.rest.shift() ?? '', state)) : given;
  let width = Number(star(match[3]) ?? 0);
  if (width < 0) {
    flags += '-';
    width = -width;
  }
  const precisionText = star(match[4]);
  const precision = match[4] === undefined ? undefined : Number(precisionText || 0);
  const kind = match[5] ?? '';
  const pad = (text: string, zero = false) => padded(text, width, flags, zero);
  const next = () => state.rest.shift();
  switch (times.quotes === false && /[qQT]$/.test(kind) ? '' : kind.charAt(kind.length - 1)) {
    case 's':
      state.text += pad(cut(next() ?? '', precision));
      return true;
    case 'b': {
      const { out, stop } = unescapeEcho((next() ?? '').replace(/\\([1-7][0-7]{0,2})/g, '\\0$1'));
      state.text += pad(cut(out, precision));
      state.stop = stop;
      return true;
    }
    case 'q':
      state.text += pad(cut(backslashQuote(next() ?? ''), precision));
      return true;
    case 'Q':
      state.text += pad(backslashQuote(cut(next() ?? '', precision)));
      return true;
    case 'c':
      state.text += pad(firstBytes(next() ?? '', 1));
      return true;
    case 'T':
      state.text += pad(time(kind, next(), times, state));
      return true;
    case 'd':
    case 'i':
      state.text += pad(signed(integer(next() ?? '', state), flags, precision), precision === undefined);
      return true;
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      state.text += pad(
        unsigned(integer(next() ?? '', state, 2n * MOST + 1n), kind, flags, precision),
        precision === undefined,
      );
      return true;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
      state.text += pad(float(number(next() ?? '', state), kind, flags, precision), true);
      return true;
    default:
      state.errors.push(kind === '' ? "`%': missing format character" : `\`${kind}': invalid format character`);
      state.status = 1;
      state.stop = true;
      return false;
  }
}

const cut = (text: string, precision: number | undefined): string =>
  precision === undefined || precision < 0 ? text : firstBytes(text, precision);

/** A character that is cut in two leaves bytes that are none. */
const firstBytes = (text: string, count: number): string =>
  Array.from(toBytes(text).subarray(0, count), (byte) => String.fromCharCode(byte < 128 ? byte : 0xdc00 + byte)).join(
    '',
  );

function padded(text: string, width: number, flags: string, zero: boolean): string {
  const size = Buffer.byteLength(joinBytes(text)); // widths count bytes, whatever the locale
  if (size >= width) return text;
  if (flags.includes('-')) return text + ' '.repeat(width - size);
  if (!zero || !flags.includes('0')) return ' '.repeat(width - size) + text;
  const [, sign = '', digits = ''] = /^([-+ ]?(?:0[xX])?)(.*)$/s.exec(text) ?? [];
  return sign + '0'.repeat(width - size) + digits;
}

function time(kind: string, arg: string | undefined, times: Times, state: Result): string {
  const given =
    arg === undefined || arg === '-1' ? times.now : arg === '-2' ? times.startedAt : Number(integer(arg, state)) * 1000;
  return strftime(kind.slice(1, -2) || '%X', given, times.zone);
}

/** A C integer, or the code of a quoted character. */
function integer(text: string, state: Result, most = MOST): bigint {
  const trimmed = text.trimStart();
  if (/^["']/.test(trimmed)) return BigInt(trimmed.slice(1).codePointAt(0) ?? 0);
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(trimmed);
  const rest = trimmed.slice(match?.[0].length ?? 0);
  if (rest !== '' || (!match && text !== '')) {
    state.errors.push(`${text}: invalid number`);
    state.status = 1;
  }
  if (!match) return 0n;
  const digits = match[2] as string;
  const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = match[1] === '-' ? -size : size;
  if (value <= most && value >= -MOST - 1n) return value;
  state.errors.push(`warning: ${text}: Numerical result out of range`);
  return value < 0n ? -MOST - 1n : most;
}

const MOST = 2n ** 63n - 1n;

function number(text: string, state: Result): number {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  if (/^["']/.test(trimmed)) return trimmed.slice(1).codePointAt(0) ?? 0;
  const match = /^[-+]?(\d+\.?\d*(e[-+]?\d+)?|\.\d+(e[-+]?\d+)?|0x[0-9a-f]+|inf(inity)?|nan)/i.exec(trimmed);
  if (!match || match[0].length < trimmed.length) {
    state.errors.push(`${text}: invalid number`);
    state.status = 1;
  }
  return match ? Number(match[0].replace(/^([-+]?)inf.*/i, '$1Infinity')) : 0;
}

function signed(value: bigint, flags: string, precision: number | undefined): string {
  const digits = (value < 0n ? -value : value).toString().padStart(precision ?? 0, '0');
  const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return sign + digits;
}

function unsigned(value: bigint, kind: string, flags: string, precision: number | undefined): string {
  const n = BigInt.asUintN(64, value);
  const radix = kind === 'u' ? 10 : kind === 'o' ? 8 : 16;
  const text = n.toString(radix).padStart(precision ?? 0, '0');
  const prefix = flags.includes('#') && n !== 0n ? (kind === 'o' ? '0' : kind === 'u' ? '' : '0x') : '';
  return kind === 'X' ? (prefix + text).toUpperCase() : prefix + text;
}

function float(value: number, kind: string, flags: string, precision = 6): string {
  const text = floatText(Math.abs(value), kind.toLowerCase(), precision, flags.includes('#'));
  const sign = value < 0 || Object.is(value, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return kind === kind.toUpperCase() ? (sign + text).toUpperCase() : sign + text;
}

function floatText(value: number, kind: string, precision: number, keepZeros: boolean): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : 'inf';
  const exponent = (text: string) => text.replace(/e([-+])(\d)$/, 'e$10$2');
  if (kind === 'f') return fixed(value, Math.min(precision, 100));
  if (kind === 'e') return exponent(value.toExponential(Math.min(precision, 100)));
  const digits = Math.max(1, precision);
  const power = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
  const text =
    power < -4 || power >= digits ? value.toExponential(digits - 1) : fixed(value, Math.max(0, digits - 1 - power));
  return exponent(keepZeros ? text : text.replace(/(\.\d*?)0+(e|$)/, '$1$2').replace(/\.(e|$)/, '$1'));
}
