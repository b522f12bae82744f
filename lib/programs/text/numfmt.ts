// numfmt: numbers to and from their short forms, field by field.
import type { Process, Program } from '../../machine/process';
import { getopt, type Options } from '../getopt';
import { chunks, fail, lines, localeOf, quote, refused, usage } from '../tool';

const SCALES: Record<string, number> = { none: 0, auto: 0, si: 1000, iec: 1024, 'iec-i': 1024 };
const LETTERS = 'KMGTPEZY';
const SLACK = 1e-9; // what binary fractions may be off before a number is rounded up

type Rounding = (value: number) => number;
const ROUNDINGS: Record<string, Rounding> = {
  up: (value) => Math.ceil(value - SLACK),
  down: (value) => Math.floor(value + SLACK),
  'from-zero': (value) => Math.sign(value) * Math.ceil(Math.abs(value) - SLACK),
  'towards-zero': (value) => Math.sign(value) * Math.floor(Math.abs(value) + SLACK),
  nearest: (value) => Math.sign(value) * Math.round(Math.abs(value)),
};

/** By option: what it may be, as the message for anything else lists it. */
const CHOICES: Record<string, string[]> = {
  from: ['none', 'auto', 'si', 'iec', 'iec-i'],
  to: ['none', 'si', 'iec', 'iec-i'],
  round: ['up', 'down', 'from-zero', 'towards-zero', 'nearest'],
  invalid: ['abort', 'fail', 'warn', 'ignore'],
};

/** A field that is no number as it should be. */
class NotANumber extends Error {}

interface Shape {
  from: string;
  to: string;
  fromUnit: number;
  toUnit: number;
  round: Rounding;
  suffix: string;
  before: string;
  after: string;
  /** Negative: to the left. Undefined: as wide as the field was. */
  padding: number | undefined;
  zeros: boolean;
  precision: number | undefined;
  grouping: boolean;
}

export const numfmt: Program = async (proc) => {
  const argv = proc.argv.map((arg) => (arg === '--header' ? '--header=1' : arg));
  const options = getopt(argv, 'd:z', {
    debug: 'debug',
    'delimiter=': 'd',
    'field=': 'field',
    'format=': 'format',
    'from=': 'from',
    'from-unit=': 'from-unit',
    grouping: 'grouping',
    'header=': 'header',
    'invalid=': 'invalid',
    'padding=': 'padding',
    'round=': 'round',
    'suffix=': 'suffix',
    'to=': 'to',
    'to-unit=': 'to-unit',
    'zero-terminated': 'z',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const shape = await shapeOf(proc, options);
  if (typeof shape === 'number') return shape;
  const isField = fieldsOf(options.get('field') ?? '1');
  if (isField === 0) return usage(proc, 'numfmt: fields are numbered from 1');
  if (!isField) return usage(proc, `numfmt: invalid field value ${quote(proc, options.get('field') ?? '')}`);
  const end = options.has('z') ? '\0' : '\n';
  const work = new Work(proc, shape, isField, options.get('d'), options.get('invalid') ?? 'abort');
  if (options.rest.length > 0) {
    for (const word of options.rest) if (!(await work.line(word, end))) return 2;
    return work.status;
  }
  let heads = Number(options.get('header') ?? 0);
  for await (const line of lines(chunks(proc, '-'), end.charCodeAt(0)))
    if (heads-- > 0) await proc.print(`${line}${end}`);
    else if (!(await work.line(line, end))) return 2;
  return work.status;
};

class Work {
  status = 0;

  constructor(
    private readonly proc: Process,
    private readonly shape: Shape,
    private readonly isField: (n: number) => boolean,
    private readonly delimiter: string | undefined,
    private readonly invalid: string,
  ) {}

  /** Whether to go on. */
  async line(line: string, end: string): Promise<boolean> {
    const { proc, delimiter } = this;
    // a field of blanks begins with those that stand before it, but for the one that parts it from the last
    const fields = delimiter === undefined ? blankFields(line) : line.split(delimiter);
    let done = '';
    for (const [i, field] of fields.entries()) {
      if (i > 0) done += delimiter ?? ' ';
      if (!this.isField(i + 1)) {
        done += field;
        continue;
      }
      try {
        done += padded(this.shape, field, i, delimiter);
      } catch (error) {
        if (!(error instanceof NotANumber)) throw error;
        if (this.invalid === 'abort') {
          await proc.print(done);
          await fail(proc, message(proc, error));
          return false;
        }
        if (this.invalid !== 'ignore') await fail(proc, message(proc, error));
        if (this.invalid === 'fail') this.status = 2;
        done += field;
      }
    }
    await proc.print(`${done}${end}`);
    return true;
  }
}

const blankFields = (line: string): string[] => {
  const fields = line.match(/[ \t]*[^ \t]+|[ \t]+$/g) ?? [''];
  return fields.map((field, i) => (i > 0 ? field.slice(1) : field));
};

/** The words of a message that stand in quotation marks, in those of the locale. */
const message = (proc: Process, { message: text }: Error): string =>
  text.replace(/'([^']*)'/g, (_, word: string) => quote(proc, word));

function padded(shape: Shape, field: string, index: number, delimiter: string | undefined): string {
  const own = /^[ \t]*/.exec(field)?.[0].length ?? 0;
  const number = convert(shape, field.slice(own));
  const auto = delimiter === undefined && (own > 0 || index > 0) ? field.length : 0;
  const width = shape.padding ?? auto;
  const text = shape.zeros
    ? number.replace(/^(-?)(.*)$/, (_, sign: string, rest: string) => sign + rest.padStart(width - sign.length, '0'))
    : number.padStart(width).padEnd(-width);
  return shape.before + text + shape.after;
}

function convert(shape: Shape, field: string): string {
  const { suffix, from } = shape;
  const word = suffix && field.endsWith(suffix) && field !== suffix ? field.slice(0, -suffix.length) : field;
  const match = /^(-?)(\d*)(?:\.(\d+))?/.exec(word);
  const [whole = '', sign = '', digits = '', fraction = ''] = match ?? [];
  if (digits + fraction === '' || word.startsWith('.', whole.length)) throw new NotANumber(`invalid number: '${word}'`);
  const rest = word.slice(whole.length);
  const base = rest === '' ? 1 : unitOf(word, rest.trimStart(), from);
  const value =
    ((sign ? -1 : 1) * Number(`${digits || '0'}.${fraction || '0'}`) * base * shape.fromUnit) / shape.toUnit;
  const precision = rest === '' ? fraction.length : 0;
  return shown(value, precision, shape) + suffix;
}

/** What a suffix stands for. */
function unitOf(word: string, rest: string, from: string): number {
  const power = LETTERS.indexOf(rest.charAt(0)) + 1;
  if (power === 0 || rest === '') throw new NotANumber(`invalid suffix in input: '${word}'`);
  if (from === 'none') throw new NotANumber(`rejecting suffix in input: '${word}' (consider using --from)`);
  const isBinary = rest.charAt(1) === 'i' && (from === 'auto' || from === 'iec-i');
  if (from === 'iec-i' && !isBinary) throw new NotANumber(`missing 'i' suffix in input: '${word}' (e.g Ki/Mi/Gi)`);
  const after = rest.slice(isBinary ? 2 : 1);
  if (after) throw new NotANumber(`invalid suffix in input '${word}': '${after}'`);
  return (from === 'auto' ? (isBinary ? 1024 : 1000) : (SCALES[from] ?? 1)) ** power;
}

function shown(value: number, own: number, { to, round, precision, grouping }: Shape): string {
  if (to === 'none') {
    const decimals = precision ?? own;
    const text = (round(value * 10 ** decimals) / 10 ** decimals).toFixed(decimals);
    return grouping ? text.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',') : text;
  }
  const base = SCALES[to] as number;
  let [left, power] = [value, 0];
  for (; Math.abs(left) >= base; power++) left /= base;
  const tenths = 10 ** (precision === undefined ? Number(Math.abs(left) < 10) : Math.min(power * 3, precision));
  left = round(left * tenths) / tenths;
  if (Math.abs(left) >= base) {
    left /= base;
    power++;
  }
  const decimals = precision ?? Number(left !== 0 && Math.abs(left) < 10 && power > 0);
  return `${left.toFixed(decimals)}${LETTERS.charAt(power - 1)}${power > 0 && to === 'iec-i' ? 'i' : ''}`;
}

/** `512`, `K` for a thousand, `Ki` for 1024. */
function unitSize(text: string): number | undefined {
  const match = /^(\d*)(?:([KMGTPEZY])(i?))?$/.exec(text);
  if (!match || text === '') return undefined;
  return Number(match[1] || '1') * (match[3] ? 1024 : 1000) ** (LETTERS.indexOf(match[2] ?? '0') + 1);
}

/** What the options make of a number; the status if they are wrong. */
async function shapeOf(proc: Process, options: Options): Promise<Shape | number> {
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = options.get(name);
    if (value !== undefined && !choices.includes(value))
      return usage(
        proc,
        `numfmt: invalid argument ${quote(proc, value)} for ${quote(proc, `--${name}`)}\nValid arguments are:\n${choices.map((each) => `  - ${quote(proc, each)}`).join('\n')}`,
      );
  }
  const units = [options.get('from-unit') ?? '1', options.get('to-unit') ?? '1'];
  const [fromUnit, toUnit] = units.map(unitSize);
  if (!fromUnit || !toUnit) return fail(proc, `invalid unit size: ${quote(proc, units[fromUnit ? 1 : 0] as string)}`);
  const padding = options.get('padding');
  if (padding !== undefined && (!/^[-+]?\d+$/.test(padding) || Number(padding) === 0))
    return fail(proc, `invalid padding value ${quote(proc, padding)}`);
  const delimiter = options.get('d');
  if (delimiter !== undefined && delimiter.length > 1) return fail(proc, 'the delimiter must be a single character');
  const format = options.get('format');
  const parsed = format === undefined ? { before: '', after: '', zeros: false } : formatOf(proc, format);
  if (typeof parsed === 'string') return fail(proc, parsed);
  const grouping = options.has('grouping') || ('grouping' in parsed && parsed.grouping);
  const to = options.get('to') ?? 'none';
  if (grouping && options.has('format') && options.has('grouping'))
    return fail(proc, '--grouping cannot be combined with --format');
  if (grouping && to !== 'none') return fail(proc, 'grouping cannot be combined with --to');
  return {
    precision: undefined,
    ...parsed,
    padding: padding === undefined ? ('padding' in parsed ? parsed.padding : undefined) : Number(padding),
    from: options.get('from') ?? 'none',
    to,
    fromUnit,
    toUnit,
    round: ROUNDINGS[options.get('round') ?? 'from-zero'] as Rounding,
    suffix: options.get('suffix') ?? '',
    grouping: grouping && /^en/.test(localeOf(proc)),
  };
}

type Format = Pick<Shape, 'before' | 'after' | 'zeros' | 'grouping' | 'padding' | 'precision'>;

/** `%[0]['][-][N][.N]f` with text on both sides; a message for anything else. */
function formatOf(proc: Process, format: string): Format | string {
  const match = /^((?:[^%]|%%)*)%([0' -]*)(\d*)(?:\.(\d*))?f((?:[^%]|%%)*)$/.exec(format);
  if (!match) {
    const bare = format.replaceAll('%%', '');
    if (!bare.includes('%')) return `format ${quote(proc, format)} has no % directive`;
    if (/%[0' -]*\d*(\.\d*)?f.*%/.test(bare)) return `format ${quote(proc, format)} has too many % directives`;
    return `invalid format ${quote(proc, format)}, directive must be %[0]['][-][N][.][N]f`;
  }
  const [, before = '', flags = '', width = '', precision, after = ''] = match;
  return {
    before,
    after,
    zeros: flags.includes('0'),
    grouping: flags.includes("'"),
    padding: width === '' ? undefined : Number(width) * (flags.includes('-') ? -1 : 1),
    precision: precision === undefined ? undefined : Number(precision || '0'),
  };
}

/** `1,3-5` or `-`, which is all of them. */
function fieldsOf(list: string): ((n: number) => boolean) | 0 | undefined {
  const ranges: [number, number][] = [];
  for (const part of list.split(',')) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!match || part === '') return undefined;
    const from = Number(match[1] || '1');
    ranges.push([from, match[2] ? Number(match[3] || Number.POSITIVE_INFINITY) : from]);
    if (from === 0) return 0;
  }
  return (n) => ranges.some(([from, to]) => n >= from && n <= to);
}
