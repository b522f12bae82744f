// tail, with -f and -F.

import { Errno, strerror } from '../machine/errno';
import { LIMITS } from '../machine/limits';
import { concat, type Process, type Program } from '../machine/process';
import { getopt } from './getopt';
import { chunks, eachFile, fail, parseSize, quote, refused } from './tool';

const POLL_MS = 1000; // as tail polls when it cannot be told of changes

export const tail: Program = async (proc) => {
  const argv = proc.argv.map((arg, i) => {
    if (i === 1 && /^\+\d+$/.test(arg)) return `-n${arg}`;
    return i > 0 && /^-\d+$/.test(arg) && !/^-[a-z]*[ncs]$/.test(proc.argv[i - 1] ?? '') ? `-n${arg.slice(1)}` : arg;
  });
  const options = getopt(argv, 'c:fFn:qs:vz', {
    'bytes=': 'c',
    follow: 'f',
    'lines=': 'n',
    'pid=': 'pid',
    quiet: 'q',
    retry: 'retry',
    'sleep-interval=': 's',
    verbose: 'v',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const inBytes = options.has('c');
  const text = options.get('c') ?? options.get('n') ?? '10';
  const count = parseSize(text.replace(/^[-+]/, ''));
  if (count === undefined) return fail(proc, `invalid number of ${inBytes ? 'bytes' : 'lines'}: ${quote(proc, text)}`);
  const titled = options.has('v') || (options.rest.length > 1 && !options.has('q'));
  const fromStart = text.startsWith('+');
  const titles = new Titles(proc, titled);
  const followed: { path: string; offset: number }[] = [];
  const status = await eachFile(
    proc,
    options.rest,
    async (path) => {
      if (path !== '-') followed.push({ path, offset: proc.files.stat(path).size });
      await titles.show(path);
      await (fromStart ? from(proc, path, Math.max(0, count - 1), inBytes) : last(proc, path, count, inBytes));
    },
    (path, why) => `cannot open '${path}' for reading: ${why}`,
  );
  if (!options.has('f') && !options.has('F')) return status;
  const reading = options.has('F') ? options.rest.filter((path) => path !== '-') : followed.map(({ path }) => path);
  if (reading.length === 0)
    return options.rest.length > 0 && options.rest[0] !== '-' ? fail(proc, 'no files remaining') : status;
  const offsets = new Map(followed.map(({ path, offset }) => [path, offset]));
  return follow(proc, reading, offsets, titles, Number(options.get('s') ?? 0) * 1000 || POLL_MS);
};

class Titles {
  private shown: string | undefined;

  constructor(
    private readonly proc: Process,
    private readonly on: boolean,
  ) {}

  async show(path: string): Promise<void> {
    if (!this.on || this.shown === path) return;
    await this.proc.print(`${this.shown === undefined ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`);
    this.shown = path;
  }
}

async function from(proc: Process, path: string, skip: number, inBytes: boolean): Promise<void> {
  let left = skip;
  for await (const chunk of chunks(proc, path)) {
    let at = 0;
    if (inBytes) {
      at = Math.min(left, chunk.length);
      left -= at;
    }
    while (!inBytes && left > 0 && at < chunk.length) {
      const newline = chunk.indexOf(10, at);
      at = newline < 0 ? chunk.length : newline + 1;
      if (newline >= 0) left--;
    }
    if (at < chunk.length) await proc.print(chunk.subarray(at));
  }
}

async function last(proc: Process, path: string, count: number, inBytes: boolean): Promise<void> {
  const kept: Uint8Array[] = [];
  let newlines = 0;
  let size = 0;
  const measure = (chunk: Uint8Array) => {
    let n = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) n++;
    return n;
  };
  for await (const chunk of chunks(proc, path)) {
    kept.push(chunk.slice());
    newlines += measure(chunk);
    size += chunk.length;
    if (size > LIMITS.textBytes) throw new Errno('ENOMEM');
    for (let first = kept[0]; first && kept.length > 1; first = kept[0]) {
      const enough = inBytes ? size - first.length >= count : newlines - measure(first) > count;
      if (!enough) break;
      newlines -= measure(first);
      size -= first.length;
      kept.shift();
    }
  }
  const bytes = concat(kept);
  if (inBytes) return proc.print(bytes.subarray(Math.max(0, bytes.length - count)));
  let at = bytes.length;
  if (at > 0 && bytes[at - 1] === 10) at--;
  let left = count;
  while (at > 0 && left > 0) {
    const newline = bytes.lastIndexOf(10, at - 1);
    left--;
    at = newline;
    if (newline < 0) break;
  }
  await proc.print(bytes.subarray(count === 0 ? bytes.length : at + 1));
}

/** Shows what is added, for ever. */
async function follow(
  proc: Process,
  paths: string[],
  offsets: Map<string, number>,
  titles: Titles,
  interval: number,
): Promise<number> {
  const gone = new Set<string>();
  while (true) {
    await proc.sleep(interval);
    for (const path of paths) {
      let bytes: Uint8Array;
      try {
        bytes = proc.files.readBytes(path);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        if (!gone.has(path)) await proc.complain(`tail: '${path}' has become inaccessible: ${strerror(error)}\n`);
        gone.add(path);
        offsets.set(path, 0);
        continue;
      }
      if (gone.delete(path)) await proc.complain(`tail: '${path}' has appeared;  following new file\n`);
      const offset = offsets.get(path) ?? 0;
      if (bytes.length < offset) await proc.complain(`tail: ${path}: file truncated\n`);
      if (bytes.length === offset) continue;
      await titles.show(path);
      await proc.print(bytes.subarray(bytes.length < offset ? 0 : offset));
      offsets.set(path, bytes.length);
    }
  }
}
