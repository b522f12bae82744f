// The flag parser: pflag's grammar and error texts (github.com/spf13/pflag flag.go).
import { CliError } from '../errors';
import { quote } from '../object';
import { parseDuration } from './duration';
import type { FlagSpec } from './spec';

export class HelpRequested extends Error {}

/** The values of a command's flags. */
export class Flags {
  private readonly values = new Map<string, string[]>();
  private readonly specs = new Map<string, FlagSpec>();
  private readonly shorts = new Map<string, FlagSpec>();
  /** The flags as they were given, in that order. */
  readonly given: { spec: FlagSpec; text: string }[] = [];

  /** Earlier specs hide later ones of the same name: a command's own before the global ones. */
  constructor(specs: Iterable<FlagSpec>) {
    for (const spec of specs) {
      if (this.specs.has(spec.name)) continue;
      this.specs.set(spec.name, spec);
      if (spec.short && !this.shorts.has(spec.short)) this.shorts.set(spec.short, spec);
    }
  }

  find(name: string): FlagSpec | undefined {
    return this.specs.get(name);
  }

  findShort(letter: string): FlagSpec | undefined {
    return this.shorts.get(letter);
  }

  all(): FlagSpec[] {
    return [...this.specs.values()].filter((spec) => !spec.deprecated);
  }

  /** What is said of the deprecated flags among those given. */
  warnings(): string {
    return this.given
      .filter(({ spec }) => spec.deprecated)
      .map(({ spec }) => `Flag --${spec.name} has been deprecated, ${spec.deprecated}\n`)
      .join('');
  }

  has(name: string): boolean {
    return this.specs.has(name);
  }

  /** Whether it was given on the command line. */
  changed(name: string): boolean {
    return this.values.has(name);
  }

  str(name: string): string {
    return this.values.get(name)?.at(-1) ?? this.specs.get(name)?.value ?? '';
  }

  bool(name: string): boolean {
    return parseBool(this.str(name) || 'false') ?? false;
  }

  int(name: string): number {
    return Number(this.str(name) || '0');
  }

  /** Milliseconds. */
  duration(name: string): number {
    return parseDuration(this.str(name) || '0') ?? 0;
  }

  list(name: string): string[] {
    const given = this.values.get(name) ?? [];
    const spec = this.specs.get(name);
    if (given.length === 0) return spec?.value ? spec.value.split(',') : [];
    return spec?.type === 'array' ? [...given] : given.flatMap((text) => splitCsv(text));
  }

  set(spec: FlagSpec, text: string): void {
    const wrong = check(spec, text);
    if (wrong) throw new FlagError(`invalid argument ${quote(text)} for ${quote(label(spec))} flag: ${wrong}`);
    this.values.set(spec.name, [...(this.values.get(spec.name) ?? []), text]);
    this.given.push({ spec, text });
  }
}

/** A flag that does not parse; the caller adds where help is. */
export class FlagError extends CliError {}

const label = (spec: FlagSpec): string => (spec.short ? `-${spec.short}, --${spec.name}` : `--${spec.name}`);

/** Reads the flags out of args; gives the other words and where `--` stood among them (-1: nowhere). */
export function parseFlags(flags: Flags, args: string[], interspersed = true): { words: string[]; dash: number } {
  const words: string[] = [];
  const rest = [...args];
  while (rest.length > 0) {
    const arg = rest.shift() as string;
    if (arg === '--') return { words: [...words, ...rest], dash: words.length };
    if (arg.startsWith('--')) parseLong(flags, arg, rest);
    else if (arg.startsWith('-') && arg.length > 1) parseShorts(flags, arg.slice(1), rest);
    else {
      words.push(arg);
      if (!interspersed) return { words: [...words, ...rest], dash: -1 };
    }
  }
  return { words, dash: -1 };
}

function parseLong(flags: Flags, arg: string, rest: string[]): void {
  const body = arg.slice(2);
  if (body.startsWith('-') || body.startsWith('=')) throw new FlagError(`bad flag syntax: ${arg}`);
  const equals = body.indexOf('=');
  const name = equals < 0 ? body : body.slice(0, equals);
  const spec = flags.find(name) ?? flags.find(name.replaceAll('_', '-'));
  if (!spec) {
    if (name === 'help') throw new HelpRequested();
    throw new FlagError(`unknown flag: --${name}`);
  }
  if (equals >= 0) return flags.set(spec, body.slice(equals + 1));
  if (spec.bare !== undefined) return flags.set(spec, spec.bare);
  const next = rest.shift();
  if (next === undefined) throw new FlagError(`flag needs an argument: ${arg}`);
  flags.set(spec, next);
}

function parseShorts(flags: Flags, group: string, rest: string[]): void {
  for (let left = group; left !== ''; ) {
    const letter = left[0] as string;
    left = left.slice(1);
    const spec = flags.findShort(letter);
    if (!spec) {
      if (letter === 'h') throw new HelpRequested();
      throw new FlagError(`unknown shorthand flag: '${letter}' in -${letter}${left}`);
    }
    if (left.startsWith('=')) return flags.set(spec, left.slice(1));
    if (spec.bare !== undefined) {
      flags.set(spec, spec.bare);
      continue;
    }
    if (left !== '') return flags.set(spec, left);
    const next = rest.shift();
    if (next === undefined) throw new FlagError(`flag needs an argument: '${letter}' in -${letter}`);
    return flags.set(spec, next);
  }
}

const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/** Go's strconv.ParseBool; undefined when it is neither. */
export const parseBool = (text: string): boolean | undefined =>
  TRUE.includes(text) ? true : FALSE.includes(text) ? false : undefined;

function check(spec: FlagSpec, text: string): string | undefined {
  if (spec.type === 'bool' && parseBool(text) === undefined)
    return `strconv.ParseBool: parsing ${quote(text)}: invalid syntax`;
  if (spec.type === 'int' && !/^[-+]?\d+$/.test(text))
    return `strconv.ParseInt: parsing ${quote(text)}: invalid syntax`;
  if (spec.type === 'duration' && parseDuration(text) === undefined) return durationError(text);
  return undefined;
}

/** What Go's time.ParseDuration says. */
function durationError(text: string): string {
  const [, unit] = /^[-+]?(?:[\d.]+(?:ns|us|µs|ms|s|m|h))*(?:\d+\.?\d*|\.\d+)([^\d.]*)/.exec(text) ?? [];
  if (unit === undefined) return `time: invalid duration ${quote(text)}`;
  if (unit === '') return `time: missing unit in duration ${quote(text)}`;
  return `time: unknown unit ${quote(unit)} in duration ${quote(text)}`;
}

/** One record of comma-separated values, quotes as encoding/csv reads them. */
function splitCsv(text: string): string[] {
  if (!text.includes('"')) return text === '' ? [] : text.split(',');
  const out: string[] = [];
  let at = 0;
  while (at <= text.length) {
    if (text[at] !== '"') {
      const end = text.indexOf(',', at) < 0 ? text.length : text.indexOf(',', at);
      out.push(text.slice(at, end));
      at = end + 1;
      continue;
    }
    let field = '';
    for (at++; at < text.length; at++) {
      if (text[at] !== '"') field += text[at];
      else if (text[at + 1] === '"') field += text[at++];
      else break;
    }
    out.push(field);
    at += 2;
  }
  return out;
}
