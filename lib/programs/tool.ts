// What the small tools share: messages as GNU prints them, input from files or standard input.
import { Errno, strerror } from '../machine/errno';
import { toText } from '../machine/fs';
import { LIMITS } from '../machine/limits';
import { concat, type Process } from '../machine/process';
import { about } from './about';
import type { Options } from './getopt';

/** Programs that put their name before the hint, and those that quote it as of old. */
const NAMED_HINT = new Set(['diff', 'cmp', 'sdiff', 'diff3']);
const OLD_QUOTES = new Set(['pgrep', 'pkill', 'gzip', 'gunzip', 'zcat']);

/** `Try 'NAME --help' for more information.`, the end of every usage error of coreutils. */
export async function usage(proc: Process, message: string, status = 1): Promise<number> {
  const { name } = proc;
  const before = NAMED_HINT.has(name) ? `${name}: ` : '';
  await proc.complain(
    `${message}\n${before}Try ${OLD_QUOTES.has(name) ? '`' : "'"}${name} --help' for more information.\n`,
  );
  return status;
}

/** Refuses operands of a command that takes none, and options that it does not know. */
export async function refuseOperands(proc: Process, options: Options): Promise<number | undefined> {
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [extra] = options.rest;
  return extra === undefined ? undefined : usage(proc, `${proc.name}: extra operand ${quote(proc, extra)}`);
}

/** The two operands of a command that takes exactly two; the status if there are fewer or more. */
export async function twoOperands(proc: Process, { rest }: Options): Promise<[string, string] | number> {
  const [left, right, extra] = rest;
  if (left === undefined) return usage(proc, `${proc.name}: missing operand`);
  if (right === undefined) return usage(proc, `${proc.name}: missing operand after ${quote(proc, left)}`);
  if (extra !== undefined) return usage(proc, `${proc.name}: extra operand ${quote(proc, extra)}`);
  return [left, right];
}

/** The status for options that getopt refused, or for a question about the program itself; else undefined. */
export async function refused(proc: Process, options: Options, status = 1): Promise<number | undefined> {
  if (options.about) return about(proc, options);
  return options.error === undefined ? undefined : usage(proc, options.error, status);
}

/** `NAME: message`. */
export async function fail(proc: Process, message: string, status = 1): Promise<number> {
  await proc.complain(`${proc.name}: ${message}\n`);
  return status;
}

/** The locale of characters and messages; empty where none is set. */
export const localeOf = (proc: Process): string => proc.env['LC_ALL'] || proc.env['LC_CTYPE'] || proc.env['LANG'] || '';

/** quote(3) of gnulib: the locale's quotation marks. */
export function quote(proc: Process, text: string): string {
  return /utf-?8/i.test(localeOf(proc)) ? `‘${text}’` : `'${text}'`;
}

/** Runs a body; an Errno becomes `NAME: message`, status 1. The message gets the error's text. */
export async function attempt(
  proc: Process,
  body: () => void | Promise<void>,
  message: (reason: string) => string,
): Promise<number> {
  try {
    await body();
    return 0;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(proc, message(strerror(error)));
  }
}

const BLOCK = 65536; // bytes read at once

/** The bytes of a file, or of standard input for `-`, as they come. Throws Errno. */
export async function* chunks(proc: Process, path: string): AsyncGenerator<Uint8Array> {
  if (path === '-') {
    for (let chunk = await proc.read(); chunk; chunk = await proc.read()) yield chunk;
    return;
  }
  if (proc.files.stat(path).type === 'dir') throw new Errno('EISDIR', path);
  const file = proc.files.open(path, { read: true });
  try {
    for (;;) {
      await proc.tick();
      const chunk = await file.description.read(BLOCK, proc.killed);
      if (!chunk) return;
      yield chunk;
    }
  } finally {
    file.release();
  }
}

/** The lines of a source of bytes, without the newline that ends them. */
export async function* lines(source: AsyncIterable<Uint8Array>, delimiter = 10): AsyncGenerator<string> {
  let rest: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of source) {
    const last = chunk.lastIndexOf(delimiter);
    if (last < 0) {
      held += chunk.length;
      if (held > LIMITS.textBytes) throw new Errno('ENOMEM');
      rest.push(chunk.slice());
      continue;
    }
    const whole = toText(concat([...rest, chunk.subarray(0, last)]));
    held = 0;
    rest = last + 1 < chunk.length ? [chunk.slice(last + 1)] : [];
    yield* whole.split(String.fromCharCode(delimiter));
  }
  if (rest.length > 0) yield toText(concat(rest));
}

/** The lines with the newline that ends them; the last may have none. */
export async function* fullLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let ended = false;
  const watched = async function* () {
    yield* source;
    ended = true;
  };
  for await (const line of lines(watched())) yield ended ? line : `${line}\n`;
}

/** All of a file, or of standard input, as text. */
export async function textOf(proc: Process, path: string): Promise<string> {
  const all: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunks(proc, path)) {
    held += chunk.length;
    if (held > LIMITS.textBytes) throw new Errno('ENOMEM');
    all.push(chunk.slice());
  }
  return toText(concat(all));
}

/**
 * Runs a body for each file (standard input when there is none); what cannot be read is complained about.
 * @returns the status: 1 when one failed.
 */
export async function eachFile(
  proc: Process,
  files: readonly string[],
  body: (path: string) => Promise<void>,
  message = (path: string, reason: string) => `${path}: ${reason}`,
): Promise<number> {
  let status = 0;
  for (const path of files.length > 0 ? files : ['-'])
    status =
      (await attempt(
        proc,
        () => body(path),
        (reason) => message(path, reason),
      )) || status;
  return status;
}

/** Collects small pieces of output and writes them in one go. */
export class Output {
  private pieces: string[] = [];
  private size = 0;

  constructor(private readonly proc: Process) {}

  async add(text: string): Promise<void> {
    this.pieces.push(text);
    this.size += text.length;
    if (this.size >= BLOCK) await this.flush();
    else await this.proc.tick();
  }

  async flush(): Promise<void> {
    const text = this.pieces.join('');
    this.pieces = [];
    this.size = 0;
    if (text) await this.proc.print(text);
  }
}

/** A number with an optional K, M, G (powers of 1024) or kB, MB (of 1000); undefined when it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)(b|[kKMGT](B|iB)?)?$/.exec(text);
  if (!match) return undefined;
  const unit = match[2] ?? '';
  if (unit === 'b') return Number(match[1]) * 512;
  const power = unit ? 'KMGT'.indexOf(unit.charAt(0).toUpperCase()) + 1 : 0;
  return Number(match[1]) * (match[3] === 'B' ? 1000 : 1024) ** power;
}

/** A duration like `1.5`, `10s`, `2m`, `1h`, `1d` in milliseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  if (!match) return text === 'infinity' ? Number.POSITIVE_INFINITY : undefined;
  const unit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] || 's'] ?? 1000;
  return Number(match[1]) * unit;
}
