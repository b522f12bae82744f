// shuf: lines, words or numbers in another order.
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { attempt, fail, Output, quote, refused, textOf, usage } from './tool';

const MAX_RANGE = 1_000_000; // numbers that are held at once

export const shuf: Program = async (proc) => {
  const options = getopt(proc.argv, 'ei:n:o:rz', {
    echo: 'e',
    'head-count=': 'n',
    'input-range=': 'i',
    'output=': 'o',
    'random-source=': 'random-source',
    repeat: 'r',
    'zero-terminated': 'z',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [wrong] = options.all('n').filter((count) => !/^\+?\d+$/.test(count));
  if (wrong !== undefined) return fail(proc, `invalid line count: ${quote(proc, wrong)}`);
  const pool = await poolOf(proc, options);
  if (typeof pool === 'number') return pool;
  const most = Math.min(...options.all('n').map(Number));
  if (options.has('r') && pool.length === 0 && most > 0) return fail(proc, 'no lines to repeat');
  const end = options.has('z') ? '\0' : '\n';
  const target = options.get('o');
  if (target === undefined) {
    const out = new Output(proc);
    for (const line of drawn(proc, pool, options.has('r'), most)) await out.add(line + end);
    await out.flush();
    return 0;
  }
  const lines = [...drawn(proc, pool, options.has('r'), Math.min(most, MAX_RANGE))];
  return attempt(
    proc,
    () => proc.files.write(target, lines.map((line) => line + end).join('')),
    (reason) => `${target}: ${reason}`,
  );
};

/** What is drawn from; the status if the options say nothing good. */
async function poolOf(proc: Process, options: Options): Promise<string[] | number> {
  const range = options.get('i');
  if (range !== undefined && options.has('e')) return usage(proc, 'shuf: cannot combine -e and -i options');
  if (range !== undefined) {
    const [low = 0, high = 0] = /^\d+-\d+$/.test(range) ? range.split('-').map(Number) : [1, -1];
    if (high < low - 1 || high - low >= MAX_RANGE) return fail(proc, `invalid input range: ${quote(proc, range)}`);
    const [extra] = options.rest;
    if (extra !== undefined) return usage(proc, `shuf: extra operand ${quote(proc, extra)}`);
    return Array.from({ length: high - low + 1 }, (_, i) => String(low + i));
  }
  if (options.has('e')) return [...options.rest];
  const [path = '-', extra] = options.rest;
  if (extra !== undefined) return usage(proc, `shuf: extra operand ${quote(proc, extra)}`);
  let text = '';
  const unread = await attempt(
    proc,
    async () => {
      text = await textOf(proc, path);
    },
    (reason) => `${path}: ${reason}`,
  );
  if (unread) return unread;
  const lines = text.split(options.has('z') ? '\0' : '\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Draws without putting back, or with it for as long as somebody reads. */
function* drawn(proc: Process, pool: string[], repeats: boolean, most: number): Generator<string> {
  const { random } = proc.machine;
  for (let i = 0; i < most && (repeats || i < pool.length); i++) {
    if (repeats) {
      yield pool[random.int(pool.length)] as string;
      continue;
    }
    const j = i + random.int(pool.length - i);
    [pool[i], pool[j]] = [pool[j] as string, pool[i] as string];
    yield pool[i] as string;
  }
}
