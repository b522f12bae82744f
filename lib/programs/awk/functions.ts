// awk's own functions, with gawk's.
import { strftime } from '../../shell/strftime';
import { Random } from '../../sim/random';
import type { Awk, Steps } from './run';
import type { Expr, Name } from './tree';
import { AwkError, compare, Input, pieces, regexOf, sprintf, toNumber, toText, type Value } from './values';

const MATH: Record<string, (x: number) => number> = {
  sin: Math.sin,
  cos: Math.cos,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  int: (x) => Math.trunc(x) || 0,
};
const BITS: Record<string, (a: bigint, b: bigint) => bigint> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  lshift: (a, b) => a << b,
  rshift: (a, b) => a >> b,
};

function arrayOf(awk: Awk, expr: Expr | undefined): Map<string, Value> {
  if (expr?.t !== 'name') throw new AwkError('second argument is not an array');
  return awk.lookUp(expr as Name).table;
}

/** Runs a built-in function. */
export function* builtins(awk: Awk, name: string, args: readonly Expr[]): Steps<Value> {
  const value = function* (i: number): Steps<Value> {
    const arg = args[i];
    return arg ? yield* awk.value(arg) : undefined;
  };
  const text = function* (i: number): Steps<string> {
    return awk.variables.text(yield* value(i));
  };
  const number = function* (i: number): Steps<number> {
    return toNumber(yield* value(i));
  };
  const math = MATH[name];
  if (math) return math(yield* number(0));
  const bits = BITS[name];
  if (bits) {
    let result = BigInt(Math.trunc(yield* number(0)));
    for (let i = 1; i < args.length; i++) result = bits(result, BigInt(Math.trunc(yield* number(i))));
    return Number(result);
  }
  switch (name) {
    case 'length': {
      const [arg] = args;
      if (!arg) return [...awk.record.whole].length;
      if (arg.t === 'name') {
        const cell = awk.lookUp(arg);
        if (cell.array) return cell.array.size;
      }
      return [...(yield* text(0))].length;
    }
    case 'substr':
      return substr(yield* text(0), yield* number(1), args.length > 2 ? yield* number(2) : Infinity);
    case 'index': {
      const whole = yield* text(0);
      const at = whole.indexOf(yield* text(1));
      return at < 0 ? 0 : [...whole.slice(0, at)].length + 1;
    }
    case 'split':
      return yield* split(awk, args, yield* text(0));
    case 'sub':
    case 'gsub':
      return yield* substitute(awk, args, name === 'gsub');
    case 'gensub':
      return yield* gensub(awk, args);
    case 'match':
      return yield* match(awk, args, yield* text(0));
    case 'sprintf': {
      const rest: Value[] = [];
      for (let i = 1; i < args.length; i++) rest.push(yield* value(i));
      return sprintf(yield* text(0), rest);
    }
    case 'atan2':
      return Math.atan2(yield* number(0), yield* number(1));
    case 'rand':
      return awk.random.float();
    case 'srand': {
      const before = awk.seed;
      awk.seed = args.length > 0 ? yield* number(0) : Math.floor(awk.proc.machine.clock.now() / 1000);
      awk.random = new Random(awk.seed);
      return before;
    }
    case 'tolower':
      return (yield* text(0)).toLowerCase();
    case 'toupper':
      return (yield* text(0)).toUpperCase();
    case 'system': {
      const line = yield* text(0);
      yield awk.flush();
      return (yield awk.streams.system(line)) as number;
    }
    case 'close': {
      yield awk.flush();
      return (yield awk.streams.close(yield* text(0))) as number;
    }
    case 'fflush':
      yield awk.flush();
      return 0;
    case 'systime':
      return Math.floor(awk.proc.machine.clock.now() / 1000);
    case 'strftime': {
      const format = args.length > 0 ? yield* text(0) : '%a %b %e %H:%M:%S %Z %Y';
      return strftime(format, args.length > 1 ? (yield* number(1)) * 1000 : awk.proc.machine.clock.now());
    }
    case 'mktime': {
      const [year = 1970, month = 1, day = 1, hours = 0, minutes = 0, seconds = 0] = (yield* text(0))
        .split(/\s+/)
        .map(Number);
      return Date.UTC(year, month - 1, day, hours, minutes, seconds) / 1000;
    }
    case 'asort':
    case 'asorti':
      return yield* sorted(awk, args, name === 'asorti');
    case 'strtonum': {
      const given = yield* text(0);
      return /^0[xX]/.test(given)
        ? Number.parseInt(given, 16) || 0
        : /^0\d/.test(given)
          ? Number.parseInt(given, 8) || 0
          : toNumber(given);
    }
    case 'compl':
      return 2 ** 53 - 1 - Math.trunc(yield* number(0));
    case 'isarray':
      return args[0]?.t === 'name' && awk.lookUp(args[0]).array ? 1 : 0;
    default:
      return yield* typeOf(awk, args[0]);
  }
}

function* typeOf(awk: Awk, expr: Expr | undefined): Steps<Value> {
  if (expr?.t === 'name' && awk.lookUp(expr).array) return 'array';
  if (expr?.t === 'regex') return 'regexp';
  const value = expr && (yield* awk.value(expr));
  if (value === undefined) return 'untyped';
  if (value instanceof Input) return value.numeric === undefined ? 'string' : 'strnum';
  return typeof value;
}

function substr(text: string, from: number, length: number): string {
  const characters = [...text];
  const start = Math.round(from);
  const end = length === Infinity ? Infinity : start + Math.round(length);
  return characters.slice(Math.max(0, start - 1), Math.max(0, end - 1)).join('');
}

function* split(awk: Awk, args: readonly Expr[], text: string): Steps<Value> {
  const [, target, given, seps] = args;
  const isRegex = given?.t === 'regex';
  const separator = isRegex
    ? given.source
    : awk.variables.text(given ? yield* awk.value(given) : awk.variables.get('FS'));
  const cut = () => (text === '' ? [] : pieces(text, regexOf(separator, `g${awk.variables.flags}`)));
  const parts = isRegex ? cut() : awk.record.split(text, separator);
  fill(arrayOf(awk, target), parts);
  if (seps) fill(arrayOf(awk, seps), separator === '' ? [] : gaps(awk, text, separator, isRegex));
  return parts.length;
}

/** An array of texts, counted from one. */
function fill(table: Map<string, Value>, texts: readonly string[]): void {
  table.clear();
  for (const [i, text] of texts.entries()) table.set(String(i + 1), new Input(text));
}

/** What stands between the parts of a text. */
function gaps(awk: Awk, text: string, separator: string, isRegex: boolean): string[] {
  if (!isRegex && separator === ' ') return text.replace(/^[ \t\n]+|[ \t\n]+$/g, '').match(/[ \t\n]+/g) ?? [];
  if (!isRegex && separator.length === 1 && separator !== '\\')
    return text
      .split(separator)
      .slice(1)
      .map(() => separator);
  return (text.match(regexOf(separator, `g${awk.variables.flags}`)) ?? []).filter(Boolean);
}

/** The replacement of sub and gsub: `&` is what matched, `\\&` the character. */
const filled = (replacement: string, matched: string): string =>
  replacement.replace(/\\\\&|\\&|&|\\\\/g, (part) =>
    part === '&' ? matched : part === '\\&' ? '&' : part === '\\\\&' ? `\\${matched}` : part,
  );

function* substitute(awk: Awk, args: readonly Expr[], isGlobal: boolean): Steps<Value> {
  const pattern = yield* awk.pattern(args[0] as Expr, 'g');
  const replacement = awk.variables.text(yield* awk.value(args[1] as Expr));
  const target: Expr = args[2] ?? { t: 'field', index: { t: 'number', value: 0 } };
  const text = awk.variables.text(yield* awk.value(target));
  let count = 0;
  const made = text.replace(pattern, (matched) => {
    if (!isGlobal && count > 0) return matched;
    count++;
    return filled(replacement, matched);
  });
  if (count > 0) yield* awk.assign(target, made);
  return count;
}

function* gensub(awk: Awk, args: readonly Expr[]): Steps<Value> {
  const pattern = yield* awk.pattern(args[0] as Expr, 'g');
  const replacement = awk.variables.text(yield* awk.value(args[1] as Expr));
  const how = awk.variables.text(yield* awk.value(args[2] as Expr));
  const text = args[3] ? awk.variables.text(yield* awk.value(args[3])) : awk.record.whole;
  const only = /^[gG]/.test(how) ? undefined : Math.max(1, Math.trunc(Number(how) || 1));
  let count = 0;
  return text.replace(pattern, (matched, ...rest) => {
    count++;
    if (only !== undefined && count !== only) return matched;
    return replacement.replace(/\\(\d)|\\&|&|\\\\/g, (part, digit?: string) =>
      digit !== undefined
        ? digit === '0'
          ? matched
          : String(rest[Number(digit) - 1] ?? '')
        : part === '&'
          ? matched
          : part === '\\&'
            ? '&'
            : '\\',
    );
  });
}

function* match(awk: Awk, args: readonly Expr[], text: string): Steps<Value> {
  const found = (yield* awk.pattern(args[1] as Expr, args[2] ? 'd' : '')).exec(text);
  const start = found ? [...text.slice(0, found.index)].length + 1 : 0;
  awk.variables.cell('RSTART').value = start;
  awk.variables.cell('RLENGTH').value = found ? [...found[0]].length : -1;
  if (args[2]) {
    const table = arrayOf(awk, args[2]);
    table.clear();
    const subsep = awk.variables.setting('SUBSEP');
    for (const [i, part] of (found ?? []).entries()) {
      const from = found?.indices?.[i]?.[0];
      if (part === undefined || from === undefined) continue;
      table.set(String(i), new Input(part));
      table.set(`${i}${subsep}start`, [...text.slice(0, from)].length + 1);
      table.set(`${i}${subsep}length`, [...part].length);
    }
  }
  return start;
}

function* sorted(awk: Awk, args: readonly Expr[], byIndex: boolean): Steps<Value> {
  const source = arrayOf(awk, args[0]);
  const values: Value[] = byIndex ? [...source.keys()].map((key) => key) : [...source.values()];
  const rank = (value: Value) =>
    typeof value === 'number' || (value instanceof Input && value.numeric !== undefined) ? 0 : 1;
  values.sort((a, b) => rank(a) - rank(b) || compare(a, b, toText(awk.variables.get('CONVFMT'))));
  const target = args[1] ? arrayOf(awk, args[1]) : source;
  target.clear();
  for (const [i, value] of values.entries()) target.set(String(i + 1), value);
  return values.length;
}
