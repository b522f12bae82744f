// head.
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { chunks, eachFile, fail, lines, parseSize, quote, refused } from './tool';

export const head: Program = async (proc) => {
  const argv = proc.argv.map((arg, i) =>
    i > 0 && /^-\d+$/.test(arg) && !/^-[a-z]*[nc]$/.test(proc.argv[i - 1] ?? '') ? `-n${arg.slice(1)}` : arg,
  );
  const options = getopt(argv, 'c:n:qvz', { 'bytes=': 'c', 'lines=': 'n', quiet: 'q', silent: 'q', verbose: 'v' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const inBytes = options.has('c');
  const text = options.get('c') ?? options.get('n') ?? '10';
  const count = parseSize(text.replace(/^[-+]/, ''));
  if (count === undefined) return fail(proc, `invalid number of ${inBytes ? 'bytes' : 'lines'}: ${quote(proc, text)}`);
  const allBut = text.startsWith('-');
  const titled = options.has('v') || (options.rest.length > 1 && !options.has('q'));
  let first = true;
  return eachFile(
    proc,
    options.rest,
    async (path) => {
      const source = chunks(proc, path);
      const begin = await source.next(); // opens the file: a title only if that works
      if (titled) await proc.print(`${first ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`);
      first = false;
      if (begin.done) return;
      const whole = rejoin(begin.value, source);
      if (allBut) await butLast(proc, whole, count, inBytes);
      else if (inBytes) await firstBytes(proc, whole, count);
      else await firstLines(proc, whole, count);
    },
    (path, why) => `cannot open '${path}' for reading: ${why}`,
  );
};

async function* rejoin(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined); // also for who has had enough with the first
  }
}

async function firstBytes(proc: Process, source: AsyncGenerator<Uint8Array>, count: number): Promise<void> {
  let left = count;
  if (left === 0) return;
  for await (const chunk of source) {
    await proc.print(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) return;
  }
}

async function firstLines(proc: Process, source: AsyncGenerator<Uint8Array>, count: number): Promise<void> {
  let left = count;
  if (left === 0) return;
  for await (const chunk of source) {
    let end = 0;
    while (left > 0) {
      const newline = chunk.indexOf(10, end);
      if (newline < 0) break;
      end = newline + 1;
      left--;
    }
    await proc.print(left === 0 ? chunk.subarray(0, end) : chunk);
    if (left === 0) return;
  }
}

async function butLast(
  proc: Process,
  source: AsyncGenerator<Uint8Array>,
  count: number,
  inBytes: boolean,
): Promise<void> {
  if (inBytes) {
    const all: Uint8Array[] = [];
    for await (const chunk of source) all.push(chunk.slice());
    const bytes = Buffer.concat(all);
    return proc.print(new Uint8Array(bytes.subarray(0, Math.max(0, bytes.length - count))));
  }
  const held: string[] = [];
  for await (const line of lines(source)) {
    held.push(line);
    if (held.length > count) await proc.print(`${held.shift()}\n`);
  }
}
