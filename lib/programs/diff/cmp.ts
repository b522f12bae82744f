// cmp: two files byte by byte.
import { Errno, strerror } from '../../machine/errno';
import { concat, type Process, type Program } from '../../machine/process';
import { getopt, type Options } from '../getopt';
import { chunks, fail, localeOf, Output, parseSize, refused, usage } from '../tool';

export const cmp: Program = async (proc) => {
  const options = getopt(proc.argv, 'bi:ln:s', {
    'bytes=': 'n',
    'ignore-initial=': 'i',
    'print-bytes': 'b',
    quiet: 's',
    silent: 's',
    verbose: 'l',
  });
  const bad = await refused(proc, options, 2);
  if (bad !== undefined) return bad;
  const [left, right = '-', ...operands] = options.rest;
  if (left === undefined) return usage(proc, `cmp: missing operand after 'cmp'`, 2);
  const skips = [...(options.get('i')?.split(':') ?? []), ...operands];
  const skip = [skips[0] ?? '0', skips[1] ?? (options.has('i') ? skips[0] : '0') ?? '0'].map(parseSize);
  const most = parseSize(options.get('n') ?? String(Number.MAX_SAFE_INTEGER));
  if (most === undefined) return usage(proc, `cmp: invalid --bytes value '${options.get('n')}'`, 2);
  const [skipA, skipB] = skip;
  if (skipA === undefined || skipB === undefined)
    return usage(proc, `cmp: invalid --ignore-initial value '${options.get('i') ?? operands.join(':')}'`, 2);
  if (options.has('l') && options.has('s')) return usage(proc, 'cmp: options -l and -s are incompatible', 2);
  const read = async (path: string, from: number) => {
    const all: Uint8Array[] = [];
    for await (const chunk of chunks(proc, path)) all.push(chunk.slice());
    return concat(all).subarray(from, from + most);
  };
  try {
    const [a, b] = [await read(left, skipA), await read(right, skipB)];
    return await compareBytes(proc, options, [left, right], a, b);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(proc, `${error.subject}: ${strerror(error)}`, 2);
  }
};

async function compareBytes(
  proc: Process,
  options: Options,
  [left, right]: [string, string],
  a: Uint8Array,
  b: Uint8Array,
): Promise<number> {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at++;
  if (at === a.length && at === b.length) return 0;
  if (options.has('s')) return 1;
  const line = () => a.subarray(0, at).filter((byte) => byte === 10).length + 1;
  const digits = String(Math.min(a.length, b.length)).length;
  const octal = (byte: number | undefined) => (byte ?? 0).toString(8).padStart(3);
  const shown = (byte: number | undefined) => (options.has('b') ? ` ${printable(byte ?? 0)}` : '');
  if (options.has('l')) {
    const out = new Output(proc);
    for (; at < length; at++)
      if (a[at] !== b[at])
        await out.add(
          `${String(at + 1).padStart(digits)} ${octal(a[at])}${shown(a[at])}${options.has('b') ? ' '.repeat(5 - shown(a[at]).length) : ''} ${octal(b[at])}${shown(b[at])}\n`,
        );
    await out.flush();
  } else if (at < length) {
    const bytes = options.has('b') ? ` is ${octal(a[at])}${shown(a[at])} ${octal(b[at])}${shown(b[at])}` : '';
    await proc.print(
      `${left} ${right} differ: ${options.has('b') || /utf-?8/i.test(localeOf(proc)) ? 'byte' : 'char'} ${at + 1}, line ${line()}${bytes}\n`,
    );
    return 1;
  }
  if (a.length === b.length) return 1;
  const ended = a.length < b.length ? left : right;
  const where =
    length === 0
      ? 'which is empty'
      : `after byte ${length}${options.has('l') ? '' : `, ${a[length - 1] === 10 || b[length - 1] === 10 ? 'line' : 'in line'} ${a[length - 1] === 10 ? line() - 1 : line()}`}`;
  await proc.complain(`cmp: EOF on ${ended} ${where}\n`);
  return 1;
}

/** A byte as cat -v shows it. */
const printable = (byte: number): string => {
  if (byte >= 128) return `M-${printable(byte - 128)}`;
  if (byte === 127) return '^?';
  return byte < 32 ? `^${String.fromCharCode(byte + 64)}` : String.fromCharCode(byte);
};
