// shuf, cmp, nohup: small tools of coreutils and diffutils.
import { Errno, strerror } from '../machine/errno';
import type { Program } from '../machine/process';
import { getopt } from './getopt';
import { fail, quote, refused, textOf, usage } from './tool';

export const shuf: Program = async (proc) => {
  const options = getopt(proc.argv, 'ei:n:o:rz', { echo: 'e', 'input-range=': 'i', 'head-count=': 'n', repeat: 'r' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const range = options.get('i');
  const [low, high] =
    /^(\d+)-(\d+)$/
      .exec(range ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  if (range !== undefined && (low === undefined || high === undefined || high - low > MAX_RANGE))
    return fail(proc, `invalid input range: ${quote(proc, range)}`);
  const lines =
    low !== undefined && high !== undefined
      ? Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => String(low + i))
      : options.has('e')
        ? [...options.rest]
        : (await textOf(proc, options.rest[0] ?? '-')).replace(/\n$/, '').split('\n');
  const count = Math.min(Number(options.get('n') ?? lines.length), lines.length);
  for (let i = 0; i < count; i++) {
    const j = i + proc.machine.random.int(lines.length - i);
    [lines[i], lines[j]] = [lines[j] as string, lines[i] as string];
    await proc.print(`${lines[i]}\n`);
  }
  return 0;
};

const MAX_RANGE = 1_000_000; // numbers that are held at once

export const cmp: Program = async (proc) => {
  const options = getopt(proc.argv, 'bln:s', { quiet: 's', silent: 's', verbose: 'l' });
  const bad = await refused(proc, options, 2);
  if (bad !== undefined) return bad;
  const [left, right = '-'] = options.rest;
  if (left === undefined) return usage(proc, `cmp: missing operand after 'cmp'`, 2);
  const read = async (path: string) => Buffer.from(await textOf(proc, path));
  try {
    const [a, b] = [await read(left), await read(right)];
    let at = 0;
    while (at < a.length && at < b.length && a[at] === b[at]) at++;
    if (at === a.length && at === b.length) return 0;
    const line = a.subarray(0, at).filter((byte) => byte === 10).length + 1;
    if (options.has('s')) return 1;
    if (at === a.length || at === b.length)
      await proc.complain(`cmp: EOF on ${at === a.length ? left : right} after byte ${at}, in line ${line}\n`);
    else await proc.print(`${left} ${right} differ: byte ${at + 1}, line ${line}\n`);
    return 1;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(proc, `${error.subject}: ${strerror(error)}`, 2);
  }
};

export const nohup: Program = async (proc) => {
  const [, ...words] = proc.argv;
  const [name] = words;
  if (name === undefined) return usage(proc, 'nohup: missing operand', 125);
  if (proc.stdout.terminal) {
    await proc.complain("nohup: ignoring input and appending output to 'nohup.out'\n");
    const file = proc.files.open('nohup.out', { write: true, append: true, create: true });
    for (const fd of [1, 2]) {
      proc.close(fd);
      proc.fds.set(fd, file.share());
    }
    file.release();
  }
  proc.ignore('SIGHUP');
  try {
    return (await proc.spawn(words, { inheritIgnored: true }).exited).code;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(
      proc,
      `failed to run command ${quote(proc, name)}: ${strerror(error)}`,
      error.code === 'ENOENT' ? 127 : 126,
    );
  }
};
