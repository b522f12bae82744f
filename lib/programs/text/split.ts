// split: a file in pieces.
import { OpenFile, pipeReader, pipeWriter } from '../../machine/descriptor';
import { Errno, strerror } from '../../machine/errno';
import { concat, type Process, type Program } from '../../machine/process';
import { Pipe } from '../../sim/pipe';
import { getopt, type Options } from '../getopt';
import { chunks, fail, parseSize, quote, refused, usage } from '../tool';

const LONG = {
  'suffix-length=': 'a',
  'additional-suffix=': 'additional-suffix',
  'bytes=': 'b',
  'line-bytes=': 'C',
  'numeric-suffixes': 'd',
  'elide-empty-files': 'e',
  'filter=': 'filter',
  'hex-suffixes': 'x',
  'lines=': 'l',
  'number=': 'n',
  'separator=': 't',
  unbuffered: 'u',
  verbose: 'verbose',
};
const PIECES = 100_000; // files that one split may make

export const split: Program = async (proc) => {
  let start = 0;
  const argv = proc.argv.map((arg) => {
    const from = /^--(numeric|hex)-suffixes=(.*)$/.exec(arg);
    if (from) start = Number.parseInt(from[2] as string, from[1] === 'hex' ? 16 : 10);
    return from ? `--${from[1]}-suffixes` : arg.replace(/^-(\d+)$/, '-l$1');
  });
  const options = getopt(argv, 'a:b:C:del:n:t:ux', LONG);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const ways = ['b', 'C', 'l', 'n'].filter((letter) => options.has(letter));
  if (ways.length > 1) return usage(proc, 'split: cannot split in more than one way');
  const [input = '-', prefix = 'x', extra] = options.rest;
  if (extra !== undefined) return usage(proc, `split: extra operand ${quote(proc, extra)}`);
  const way = plan(proc, options);
  if (typeof way === 'string') return fail(proc, way);
  let bytes: Uint8Array;
  try {
    const all: Uint8Array[] = [];
    for await (const chunk of chunks(proc, input)) all.push(chunk.slice());
    bytes = concat(all);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return error.code === 'EISDIR'
      ? fail(proc, `${input}: ${strerror(error)}`)
      : fail(proc, `cannot open ${quote(proc, input)} for reading: ${strerror(error)}`);
  }
  const pieces = way(bytes);
  const names = new Names(options, prefix, start, options.has('n') ? pieces.length : undefined);
  for (const piece of pieces) {
    if (piece.length === 0 && options.has('e')) continue;
    const name = names.next();
    if (name === undefined) return fail(proc, 'output file suffixes exhausted');
    const status = await write(proc, options, name, piece);
    if (status !== 0) return status;
  }
  return 0;
};

async function write(proc: Process, options: Options, name: string, piece: Uint8Array): Promise<number> {
  const filter = options.get('filter');
  if (options.has('verbose'))
    await proc.print(
      filter === undefined ? `creating file ${quote(proc, name)}\n` : `executing with FILE=${quote(proc, name)}\n`,
    );
  if (filter === undefined) {
    try {
      proc.files.write(name, piece);
      return 0;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return fail(proc, `${name}: ${strerror(error)}`);
    }
  }
  const pipe = new Pipe();
  const input = new OpenFile(pipeReader(pipe));
  const into = pipeWriter(pipe);
  const fds = new Map([...proc.fds].map(([fd, file]) => [fd, fd === 0 ? input : file.share()]));
  const child = proc.spawn([proc.env['SHELL'] || '/bin/sh', '-c', filter], { fds, env: { ...proc.env, FILE: name } });
  try {
    await into.write(piece, proc.killed);
  } catch (error) {
    if (!(error instanceof Errno)) throw error; // the filter does not read on
  }
  into.close();
  const { code } = await child.exited;
  return code === 0 ? 0 : fail(proc, `with FILE=${name}, exit ${code} from command: ${filter}`, code);
}

type Way = (bytes: Uint8Array) => Uint8Array[];

/** How the bytes are cut; the message when an option is wrong. */
function plan(proc: Process, options: Options): Way | string {
  const separator = options.get('t') === '\\0' ? 0 : (options.get('t') ?? '\n').charCodeAt(0);
  const size = (letter: string) => parseSize(options.get(letter) ?? '') || undefined;
  for (const [letter, what] of [
    ['l', 'lines'],
    ['b', 'bytes'],
    ['C', 'lines'],
  ] as const)
    if (options.has(letter) && size(letter) === undefined)
      return `invalid number of ${what}: ${quote(proc, options.get(letter) ?? '')}`;
  if (options.has('a') && !/^\d+$/.test(options.get('a') ?? ''))
    return `invalid suffix length: ${quote(proc, options.get('a') ?? '')}`;
  if (options.has('b')) return (bytes) => bySize(bytes, size('b') as number);
  if (options.has('C')) return (bytes) => byLineBytes(bytes, size('C') as number, separator);
  if (!options.has('n')) return (bytes) => byLines(bytes, size('l') ?? 1000, separator);
  const spec = options.get('n') as string;
  const found = /^(?:([lr])\/)?(?:(\d+)\/)?(\d+)$/.exec(spec);
  const count = Number(found?.[3] ?? 0);
  if (!found || count === 0 || count > PIECES) return `invalid number of chunks: ${quote(proc, found?.[3] ?? spec)}`;
  if (found[2] !== undefined) return `not supported: one chunk alone (-n ${spec})`;
  return (bytes) => {
    if (found[1] === 'l') return byChunksOfLines(bytes, count, separator);
    return found[1] === 'r' ? roundRobin(bytes, count, separator) : byChunks(bytes, count);
  };
}

function bySize(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  if (count > PIECES) throw new Errno('ENOSPC');
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** Where each line ends, its separator with it. */
function ends(bytes: Uint8Array, separator: number): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, at + 1)) found.push(at + 1);
  if ((found.at(-1) ?? 0) < bytes.length) found.push(bytes.length);
  return found;
}

function byLines(bytes: Uint8Array, count: number, separator: number): Uint8Array[] {
  const all = ends(bytes, separator);
  const cuts = all.filter((_, i) => (i + 1) % count === 0 || i === all.length - 1);
  return cuts.map((end, i) => bytes.subarray(cuts[i - 1] ?? 0, end));
}

function byLineBytes(bytes: Uint8Array, size: number, separator: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  let at = 0;
  for (const end of ends(bytes, separator)) {
    if (end - from > size && at > from) {
      pieces.push(bytes.subarray(from, at));
      from = at;
    }
    for (; end - from > size; from += size) pieces.push(bytes.subarray(from, from + size));
    at = end;
  }
  if (at > from) pieces.push(bytes.subarray(from, at));
  return pieces;
}

function byChunks(bytes: Uint8Array, count: number): Uint8Array[] {
  const size = Math.floor(bytes.length / count);
  return Array.from({ length: count }, (_, i) =>
    bytes.subarray(i * size, i === count - 1 ? bytes.length : (i + 1) * size),
  );
}

/** A line belongs to the chunk in which it begins. */
function byChunksOfLines(bytes: Uint8Array, count: number, separator: number): Uint8Array[] {
  const size = Math.max(1, Math.floor(bytes.length / count));
  const cuts = Array.from({ length: count }, () => 0);
  let from = 0;
  for (const end of ends(bytes, separator)) {
    const chunk = Math.min(count - 1, Math.floor(from / size));
    for (let i = chunk; i < count; i++) cuts[i] = end;
    from = end;
  }
  return cuts.map((end, i) => bytes.subarray(cuts[i - 1] ?? 0, end));
}

function roundRobin(bytes: Uint8Array, count: number, separator: number): Uint8Array[] {
  const pieces: Uint8Array[][] = Array.from({ length: count }, () => []);
  let from = 0;
  ends(bytes, separator).forEach((end, i) => {
    pieces[i % count]?.push(bytes.subarray(from, end));
    from = end;
  });
  return pieces.map(concat);
}

/** The names of the pieces: `xaa` … `xyz`, then `xzaaa`, unless the length of the suffix is given. */
class Names {
  private readonly letters: string;
  private readonly length: number;
  private readonly widens: boolean;
  private index: number;

  constructor(
    private readonly options: Options,
    private readonly prefix: string,
    start: number,
    count: number | undefined,
  ) {
    this.letters = options.has('d')
      ? '0123456789'
      : options.has('x')
        ? '0123456789abcdef'
        : 'abcdefghijklmnopqrstuvwxyz';
    const needed =
      count === undefined ? 2 : Math.max(2, Math.ceil(Math.log(start + count) / Math.log(this.letters.length)));
    this.length = Number(options.get('a') || needed);
    this.widens = !Number(options.get('a')) && start === 0 && count === undefined;
    this.index = start;
  }

  next(): string | undefined {
    const base = this.letters.length;
    let index = this.index++;
    let length = this.length;
    let before = '';
    while (this.widens && index >= base ** length - base ** (length - 1)) {
      index -= base ** length - base ** (length - 1);
      before += this.letters.at(-1);
      length++;
    }
    if (index >= base ** length) return undefined;
    let suffix = '';
    for (let i = 0; i < length; i++) {
      suffix = (this.letters[index % base] as string) + suffix;
      index = Math.floor(index / base);
    }
    return `${this.prefix}${before}${suffix}${this.options.get('additional-suffix') ?? ''}`;
  }
}
