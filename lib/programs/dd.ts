// dd: copies blocks, with its operands, and counts them.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { fail, quote } from './tool';

const UNITS: Record<string, number> = {
  c: 1,
  w: 2,
  b: 512,
  kB: 1e3,
  K: 1024,
  MB: 1e6,
  M: 1024 ** 2,
  GB: 1e9,
  G: 1024 ** 3,
};
const CONVERSIONS = new Set([
  'notrunc',
  'ucase',
  'lcase',
  'swab',
  'sync',
  'noerror',
  'fsync',
  'fdatasync',
  'sparse',
  'excl',
  'nocreat',
]);
const BLOCK = 512; // bytes of a record unless an operand says otherwise

interface Job {
  from: string | undefined;
  to: string | undefined;
  read: number;
  count: number;
  skip: number;
  seek: number;
  conv: Set<string>;
  status: string;
}

class OperandError extends Error {}

/** `4k`, `2x512`; each factor a number with a unit. */
function size(proc: Process, text: string): number {
  const product = text.split('x').reduce((all, factor) => {
    const match = /^(\d+)([a-zA-Z]*)$/.exec(factor);
    const unit = match?.[2] ? UNITS[match[2].replace(/^k$/, 'K').replace(/iB$/, '')] : 1;
    return match && unit ? all * Number(match[1]) * unit : Number.NaN;
  }, 1);
  if (Number.isNaN(product)) throw new OperandError(`invalid number: ${quote(proc, text)}`);
  return product;
}

function parse(proc: Process): Job {
  const given = new Map<string, string>();
  for (const operand of proc.argv.slice(1)) {
    const at = operand.indexOf('=');
    const name = operand.slice(0, at);
    if (at < 0 || !/^(if|of|bs|ibs|obs|cbs|count|skip|seek|conv|iflag|oflag|status)$/.test(name))
      throw new OperandError(
        `unrecognized operand ${quote(proc, operand)}\nTry '${proc.name} --help' for more information.`,
      );
    given.set(name, operand.slice(at + 1));
  }
  const number = (name: string, or: number) => (given.has(name) ? size(proc, given.get(name) as string) : or);
  const conv = new Set((given.get('conv') ?? '').split(',').filter(Boolean));
  for (const each of conv)
    if (!CONVERSIONS.has(each))
      throw new OperandError(
        `invalid conversion: ${quote(proc, each)}\nTry '${proc.name} --help' for more information.`,
      );
  const block = number('bs', 0);
  const [read, write] = [block || number('ibs', BLOCK), block || number('obs', BLOCK)];
  if (read === 0) throw new OperandError(`invalid number: ${quote(proc, '0')}`);
  return {
    from: given.get('if'),
    to: given.get('of'),
    read,
    count: number('count', Number.POSITIVE_INFINITY),
    skip: number('skip', 0) * read,
    seek: number('seek', 0) * write,
    conv,
    status: given.get('status') ?? '',
  };
}

/** Copies, and tells at the end how much. */
const copier =
  (told: (bytes: number, seconds: number) => string): Program =>
  async (proc) => {
    if (proc.argv.includes('--version')) return proc.print('dd (coreutils) 8.32\n').then(() => 0);
    let job: Job;
    try {
      job = parse(proc);
    } catch (error) {
      if (error instanceof OperandError) return fail(proc, error.message);
      throw error;
    }
    const began = proc.machine.clock.now();
    const counts = { whole: 0, part: 0, bytes: 0 };
    const status = await copy(proc, job, counts);
    if (status !== undefined && counts.whole + counts.part === 0) return status;
    const seconds = (proc.machine.clock.now() - began) / 1000;
    const records = `${counts.whole}+${counts.part} records`;
    if (job.status !== 'none') await proc.complain(`${records} in\n${records} out\n`);
    if (job.status === '') await proc.complain(told(counts.bytes, seconds));
    return status ?? 0;
  };

async function copy(
  proc: Process,
  job: Job,
  counts: { whole: number; part: number; bytes: number },
): Promise<number | undefined> {
  let path = job.from ?? 'standard input';
  try {
    const source = job.from === undefined ? undefined : proc.files.open(job.from, { read: true });
    const into = source?.description ?? proc.stdin;
    await skip(into, job.skip, proc.killed);
    path = job.to ?? 'standard output';
    const sink = job.to === undefined ? undefined : openSink(proc, job.to, job);
    const out = sink?.description ?? proc.stdout;
    for (let n = 0; n < job.count; n++) {
      await proc.tick();
      path = job.from ?? 'standard input';
      const record = await into.read(Math.min(job.read, 1 << 20), proc.killed);
      if (!record) break;
      const block = job.read > 1 << 20 ? await fill(into, record, job.read, proc.killed) : record;
      if (block.length === job.read) counts.whole++;
      else counts.part++;
      const written = convert(block, job);
      counts.bytes += written.length;
      path = job.to ?? 'standard output';
      await out.write(written, proc.killed);
    }
    source?.release();
    sink?.release();
    return undefined;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const isWriting = path === (job.to ?? 'standard output') && counts.whole + counts.part > 0;
    const doing = isWriting
      ? 'error writing'
      : counts.whole + counts.part > 0 || error.code === 'EISDIR'
        ? 'error reading'
        : 'failed to open';
    return fail(proc, `${doing} ${quote(proc, path)}: ${strerror(error)}`);
  }
}

type Source = Pick<Process['stdin'], 'read'>;

/** A record that is larger than one read gives. */
async function fill(from: Source, first: Uint8Array, size: number, signal: AbortSignal): Promise<Uint8Array> {
  const parts = [first];
  let held = first.length;
  while (held < size) {
    const more = await from.read(size - held, signal);
    if (!more) break;
    parts.push(more.slice());
    held += more.length;
  }
  return Buffer.concat(parts);
}

async function skip(from: Source, bytes: number, signal: AbortSignal): Promise<void> {
  for (let left = bytes; left > 0; ) {
    const chunk = await from.read(Math.min(left, 1 << 20), signal);
    if (!chunk) return;
    left -= chunk.length;
  }
}

function openSink(proc: Process, path: string, { seek, conv }: Job) {
  const exists = proc.files.exists(path);
  if (conv.has('nocreat') && !exists) throw new Errno('ENOENT', path);
  const isFile = !exists || proc.files.stat(path).type === 'file';
  const cut = isFile && !conv.has('notrunc');
  if (cut && seek > 0) {
    const kept = new Uint8Array(seek);
    if (exists) kept.set(proc.files.readBytes(path).subarray(0, seek));
    proc.files.write(path, kept);
  }
  const file = proc.files.open(path, {
    write: true,
    create: true,
    truncate: cut && seek === 0,
    exclusive: conv.has('excl'),
  });
  if (seek > 0) file.description.seek?.(seek);
  return file;
}

function convert(block: Uint8Array, { conv, read }: Job): Uint8Array {
  let bytes = Uint8Array.from(block);
  if (conv.has('sync') && bytes.length < read) {
    const padded = new Uint8Array(read);
    padded.set(bytes);
    bytes = padded;
  }
  if (conv.has('swab'))
    for (let i = 0; i + 1 < bytes.length; i += 2) [bytes[i], bytes[i + 1]] = [bytes[i + 1] ?? 0, bytes[i] ?? 0];
  if (conv.has('ucase')) bytes = bytes.map((byte) => (byte >= 97 && byte <= 122 ? byte - 32 : byte));
  if (conv.has('lcase')) bytes = bytes.map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));
  return bytes;
}

/** The last line; what took no time at all has, as in the real one, an endless rate. */
function summary(bytes: number, seconds: number): string {
  const plain = `${bytes} byte${bytes === 1 ? '' : 's'}`;
  const sizes = [...(bytes >= 1000 ? [human(bytes, 1000)] : []), ...(bytes >= 1024 ? [human(bytes, 1024)] : [])];
  const rate = seconds > 0 ? human(bytes / seconds, 1000) : 'Infinity B';
  return `${plain}${sizes.length > 0 ? ` (${sizes.join(', ')})` : ''} copied, ${Number(seconds.toPrecision(6))} s, ${rate}/s\n`;
}

/** `1.0 kB`, `105 MB`, `100 MiB`. */
function human(value: number, base: number): string {
  const names = base === 1000 ? ['B', 'kB', 'MB', 'GB', 'TB'] : ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [left, at] = [value, 0];
  while (left >= base && at < names.length - 1) {
    left /= base;
    at++;
  }
  const text = at > 0 && left < 9.95 ? left.toFixed(1) : String(Math.round(left));
  return `${text} ${names[at]}`;
}

export const dd = copier(summary);

/** BusyBox' applet, which tells in its own words. */
export const busyboxDd = copier((bytes, seconds) => {
  const short = (value: number) =>
    human(value, 1024)
      .replace(/ B$/, 'B')
      .replace(/ (\w)iB$/, '$1B');
  const rate = seconds > 0 ? short(bytes / seconds) : 'infB';
  return `${bytes} bytes (${short(bytes)}) copied, ${seconds.toFixed(6)} seconds, ${rate}/s\n`;
});
