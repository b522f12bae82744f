// csplit: a file cut into pieces where lines have a number or match.
import { Errno, strerror } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { format } from '../../shell/builtins/format';
import { getopt, type Options } from '../getopt';
import { compilePattern, PatternError, translate } from '../regex';
import { fail, quote, refused, textOf, usage } from '../tool';

interface Pattern {
  text: string;
  line?: number;
  regex?: RegExp;
  offset: number;
  /** A `%REGEXP%`: what lies before goes to no file. */
  skips: boolean;
  /** Times more. */
  again: number;
}

/** What stops it: a message without the name. */
class Stop extends Error {}

export const csplit: Program = async (proc) => {
  const options = getopt(proc.argv, 'b:f:kn:qsz', {
    'suffix-format=': 'b',
    'prefix=': 'f',
    'keep-files': 'k',
    'suppress-matched': 'suppress-matched',
    'digits=': 'n',
    quiet: 's',
    silent: 's',
    'elide-empty-files': 'z',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [path, ...words] = options.rest;
  if (path === undefined) return usage(proc, 'csplit: missing operand');
  if (words.length === 0) return usage(proc, `csplit: missing operand after ${quote(proc, path)}`);
  const digits = options.get('n') ?? '2';
  if (!/^\d+$/.test(digits)) return fail(proc, `invalid number: ${quote(proc, digits)}`);
  try {
    const patterns = await patternsOf(proc, words);
    const rows = (await opened(proc, path)).split(/(?<=\n)/);
    return await new Splitter(proc, options, rows.at(-1) === '' ? [] : rows).run(patterns);
  } catch (error) {
    if (error instanceof Stop) return fail(proc, error.message);
    throw error;
  }
};

async function opened(proc: Process, path: string): Promise<string> {
  try {
    return await textOf(proc, path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new Stop(`cannot open ${quote(proc, path)} for reading: ${strerror(error)}`);
  }
}

async function patternsOf(proc: Process, words: readonly string[]): Promise<Pattern[]> {
  const patterns: Pattern[] = [];
  let before = 0;
  for (let i = 0; i < words.length; i++) {
    const text = words[i] as string;
    const pattern = /^[/%]/.test(text) ? regexOf(proc, text) : lineOf(proc, text, before);
    if (pattern.line === before && before > 0)
      await fail(proc, `warning: line number ${quote(proc, text)} is the same as preceding line number`);
    before = pattern.line ?? before;
    const next = words[i + 1] ?? '';
    if (next.startsWith('{')) {
      pattern.again = repetitions(proc, next);
      i++;
    }
    patterns.push(pattern);
  }
  return patterns;
}

function repetitions(proc: Process, text: string): number {
  if (!text.endsWith('}')) throw new Stop(`${quote(proc, text)}: '}' is required in repeat count`);
  const count = text.slice(1, -1);
  if (count === '*') return Number.POSITIVE_INFINITY;
  if (!/^\d+$/.test(count)) throw new Stop(`${quote(proc, text.slice(0, -1))}}: integer required between '{' and '}'`);
  return Number(count);
}

function lineOf(proc: Process, text: string, before: number): Pattern {
  if (!/^\d+$/.test(text)) throw new Stop(`${quote(proc, text)}: invalid pattern`);
  const line = Number(text);
  if (line === 0) throw new Stop(`${text}: line number must be greater than zero`);
  if (line < before)
    throw new Stop(`line number ${quote(proc, text)} is smaller than preceding line number, ${before}`);
  return { text, line, offset: 0, skips: false, again: 0 };
}

function regexOf(proc: Process, text: string): Pattern {
  const mark = text.charAt(0);
  const end = text.lastIndexOf(mark);
  if (end === 0) throw new Stop(`${text}: closing delimiter '${mark}' missing`);
  const offset = text.slice(end + 1);
  if (!/^([+-]?\d+)?$/.test(offset)) throw new Stop(`${quote(proc, text)}: integer expected after delimiter`);
  try {
    const regex = compilePattern(translate(text.slice(1, end), false), '');
    return { text, regex, offset: Number(offset), skips: mark === '%', again: 0 };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new Stop(`${quote(proc, text)}: invalid regular expression: ${error.message}`);
  }
}

class Splitter {
  private readonly sizes: string[] = [];
  private readonly written: string[] = [];
  /** Rows that are in a piece already. */
  private done = 0;
  /** The row that was found last, counted from one: it is not looked at again. */
  private current = 0;

  constructor(
    private readonly proc: Process,
    private readonly options: Options,
    private readonly rows: readonly string[],
  ) {}

  async run(patterns: readonly Pattern[]): Promise<number> {
    const { proc, options } = this;
    let stopped: Stop | undefined;
    try {
      this.pieces(patterns);
      this.piece(this.rows.length);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      stopped = error;
    }
    // what it says of errors comes before the sizes that wait to be written
    if (stopped) await fail(proc, stopped.message);
    if (!options.has('s') && !options.has('q')) await proc.print(this.sizes.join(''));
    if (!stopped) return 0;
    if (!options.has('k')) for (const name of this.written) proc.files.unlink(name);
    return 1;
  }

  /** The cuts in their order, until one that goes on to the end of the file has come there. */
  private pieces(patterns: readonly Pattern[]): void {
    for (const pattern of patterns)
      for (let n = 0; n <= pattern.again; n++) {
        if (!pattern.regex) this.byLine(pattern, n);
        else if (!this.byRegex(pattern, n)) return;
      }
  }

  private byLine(pattern: Pattern, n: number): void {
    const end = (pattern.line as number) * (n + 1) - 1;
    if (end >= this.rows.length) this.stop(pattern, 'line number out of range', n);
    this.piece(end);
    if (this.options.has('suppress-matched')) this.done++;
  }

  private byRegex(pattern: Pattern, n: number): boolean {
    let at = Math.max(this.current, this.done);
    while (at < this.rows.length && !pattern.regex?.test((this.rows[at] as string).replace(/\n$/, ''))) at++;
    if (at === this.rows.length) {
      if (pattern.again === Number.POSITIVE_INFINITY) return false;
      this.stop(pattern, 'match not found', n);
    }
    this.current = at + 1;
    const end = at + pattern.offset;
    if (end < this.done || end > this.rows.length) this.stop(pattern, 'line number out of range', 0);
    if (pattern.skips) this.done = end;
    else this.piece(end);
    if (pattern.offset > 0) this.current = end + 1;
    if (this.options.has('suppress-matched')) this.done++;
    return true;
  }

  private stop({ text, skips }: Pattern, reason: string, repetition: number): never {
    if (!skips) this.piece(this.rows.length);
    const where = repetition > 0 ? ` on repetition ${repetition}` : '';
    throw new Stop(`${quote(this.proc, text)}: ${reason}${where}`);
  }

  /** Writes what comes before a row. */
  private piece(end: number): void {
    const text = this.rows.slice(this.done, end).join('');
    this.done = Math.max(end, this.done);
    if (text === '' && this.options.has('z')) return;
    const name = `${this.options.get('f') ?? 'xx'}${this.suffix()}`;
    this.proc.files.write(name, text);
    this.written.push(name);
    this.sizes.push(`${Buffer.byteLength(text)}\n`);
  }

  private suffix(): string {
    const shape = this.options.get('b') ?? `%0${this.options.get('n') ?? '2'}d`;
    return format(shape, [String(this.written.length)], { now: 0, startedAt: 0 }).text;
  }
}
