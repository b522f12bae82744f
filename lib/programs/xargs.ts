// xargs.
import { Errno, strerror } from '../machine/errno';
import { toText } from '../machine/fs';
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { fail, quote, refused, usage } from './tool';

const LONG = {
  null: '0',
  'arg-file=': 'a',
  'delimiter=': 'd',
  'replace=': 'I',
  'max-args=': 'n',
  'max-procs=': 'P',
  interactive: 'p',
  'no-run-if-empty': 'r',
  verbose: 't',
  'max-lines=': 'L',
};
const MAX_BYTES = 128 * 1024; // of one command line, GNU's default

async function inputOf(proc: Process, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return toText(await proc.readAll());
  try {
    return toText(proc.files.readBytes(file));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await fail(proc, `Cannot open input file ${quote(proc, file)}: ${strerror(error)}`);
    return undefined;
  }
}

/** The text before the word that ends it. */
function upTo(text: string, end: string): string {
  for (const { 0: word, index } of text.matchAll(/\S+/g)) if (word === end) return text.slice(0, index);
  return text;
}

/** Lines, each with those that go on after a blank at the end of the one before. */
const joined = (text: string): string[] =>
  text
    .replace(/[ \t]+\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

export const xargs: Program = async (proc) => {
  const options = getopt(withReplace(proc.argv), '0a:d:E:I:L:n:pP:rs:tx', LONG, true);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  for (const letter of ['n', 'L', 'P', 's'])
    if (options.has(letter) && !/^-?\d+$/.test(options.get(letter) ?? ''))
      return usage(proc, `xargs: invalid number "${options.get(letter)}" for -${letter} option`);
  const file = options.get('a');
  const text = await inputOf(proc, file);
  if (text === undefined) return 1;
  const replace = options.get('I');
  const end = options.get('E');
  const input = end ? upTo(text, end) : text;
  const delimiter = options.has('0') ? '\0' : options.get('d')?.replace('\\n', '\n').replace('\\t', '\t');
  const byLine = replace !== undefined || options.has('L');
  const items =
    delimiter !== undefined
      ? input.split(delimiter).filter((item, i, all) => item !== '' || i < all.length - 1)
      : options.has('L')
        ? joined(input)
        : byLine
          ? input
              .split('\n')
              .map((line) => line.trim())
              .filter(Boolean)
          : words(input);
  if (items === undefined)
    return fail(
      proc,
      `unmatched ${unmatched(input)} quote; by default quotes are special to xargs unless you use the -0 option`,
    );
  if (items.length === 0 && (options.has('r') || replace !== undefined)) return 0;
  const command = options.rest.length > 0 ? options.rest : ['echo'];
  const perCall = replace !== undefined ? 1 : Number(options.get('n') ?? options.get('L') ?? Number.POSITIVE_INFINITY);
  const room = Number(options.get('s') ?? MAX_BYTES);
  const own = options.has('s') ? command.join(' ').length + 1 : 0;
  if (own + Math.max(0, ...items.map((item) => item.length + 1)) > room) return fail(proc, 'argument line too long');
  const calls = group(items, perCall, room - own).map((some) =>
    replace !== undefined
      ? command.map((word) => word.replaceAll(replace, some[0] ?? ''))
      : [...command, ...(options.has('L') ? some.flatMap((line) => words(line) ?? []) : some)],
  );
  return runAll(proc, calls, Math.max(1, Number(options.get('P') ?? 1) || calls.length), options.has('t'));
};

/** Of which kind the quote is that nothing closes. */
const unmatched = (input: string): string =>
  input.replace(/\\[\s\S]|'[^'\n]*'|"[^"\n]*"/g, '').includes('"') ? 'double' : 'single';

/** `-i` of xargs itself stands for `-I{}`; one of the command's stays as it is. */
function withReplace(argv: string[]): string[] {
  let at = 1;
  for (; at < argv.length && argv[at]?.startsWith('-') && argv[at] !== '--'; at++)
    if (/^-[adEILnPs]$/.test(argv[at] as string)) at++; // its value is the next word
  return argv.map((arg, i) => (i < at && (arg === '-i' || arg === '--replace') ? '-I{}' : arg));
}

/** Splits at blanks, with quotes and backslashes; undefined when a quote is open. */
function words(text: string): string[] | undefined {
  const found: string[] = [];
  const pattern = /\s*((?:[^\s'"\\]|\\[\s\S]|'[^'\n]*'|"[^"\n]*")+)/gy;
  let end = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    end = pattern.lastIndex;
    found.push((match[1] as string).replace(/\\([\s\S])|'([^']*)'|"([^"]*)"/g, (_, a, b, c) => a ?? b ?? c ?? ''));
  }
  return text.slice(end).trim() === '' ? found : undefined;
}

function group(items: string[], size: number, room: number): string[][] {
  if (items.length === 0) return [[]];
  const groups: string[][] = [];
  let bytes = 0;
  for (const item of items) {
    const last = groups.at(-1);
    bytes += item.length + 1;
    if (last && last.length < size && bytes <= room) last.push(item);
    else {
      groups.push([item]);
      bytes = item.length + 1;
    }
  }
  return groups;
}

async function runAll(proc: Process, calls: string[][], width: number, verbose: boolean): Promise<number> {
  let status = 0;
  const queue = [...calls];
  const worker = async () => {
    for (let call = queue.shift(); call; call = queue.shift()) {
      if (verbose) await proc.complain(`${call.join(' ')}\n`);
      const code = await runOne(proc, call);
      if (code >= 126 && code <= 127) {
        status = code;
        queue.length = 0;
      } else if (code === 255) {
        status = await fail(proc, `${call[0]}: exited with status 255; aborting`, 124);
        queue.length = 0;
      } else if (code !== 0) status = 123;
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return status;
}

async function runOne(proc: Process, call: string[]): Promise<number> {
  try {
    const nothing = proc.files.open('/dev/null', { read: true });
    const fds = new Map([...proc.fds].map(([fd, file]) => [fd, fd === 0 ? nothing : file.share()]));
    const { code } = await proc.run(call, { fds });
    return code;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(proc, `${call[0]}: ${strerror(error)}`, error.code === 'ENOENT' ? 127 : 126);
  }
}
