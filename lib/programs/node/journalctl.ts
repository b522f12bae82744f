// journalctl on a node: the kubelet's unit. The other services write nothing here.
import type { Process, Program } from '../../machine/process';
import { getopt } from '../getopt';
import { parseDate } from '../parse-date';
import { agentOf } from './agent';
import { journal } from './journal';

const SHORT = 'u:n:rfxeb:o:S:U:k';
const LONG = {
  'unit=': 'u',
  'lines=': 'n',
  reverse: 'r',
  follow: 'f',
  'no-pager': 'no-pager',
  catalog: 'x',
  'pager-end': 'e',
  'output=': 'o',
  'since=': 'S',
  'until=': 'U',
};

export const journalctl: Program = async (proc) => {
  const argv = proc.argv.flatMap((word, i) => (/^-x?e?u?f?$/.test(word) && i > 0 ? spread(word) : [word]));
  const options = getopt(argv, SHORT, LONG);
  if (options.error !== undefined) return complain(proc, options.error);
  const agent = agentOf(proc);
  if (!agent) return proc.complain('No journal files were found.\n').then(() => 0);
  for (const name of ['f', 'o', 'b', 'k']) if (options.has(name)) return complain(proc, `not supported: -${name}`);
  const unit = options.get('u')?.replace(/\.service$/, '');
  if (unit !== undefined && unit !== 'kubelet') return proc.print('-- No entries --\n').then(() => 0);
  const now = proc.machine.clock.now();
  const bound = (name: 'S' | 'U', otherwise: number): number => {
    const text = options.get(name);
    return text === undefined ? otherwise : (momentOf(text, now) ?? Number.NaN);
  };
  const since = bound('S', Number.NEGATIVE_INFINITY);
  const until = bound('U', Number.POSITIVE_INFINITY);
  if (Number.isNaN(since) || Number.isNaN(until))
    return complain(proc, `Failed to parse timestamp: ${options.get(Number.isNaN(since) ? 'S' : 'U')}`);
  const found = journal(proc, agent).filter(({ at }) => at >= since && at <= until);
  const count = Number(options.get('n') ?? (options.has('e') ? 1000 : found.length));
  if (!Number.isInteger(count) || count < 0) return complain(proc, `Failed to parse lines '${options.get('n')}'`);
  const shown = count === 0 ? [] : found.slice(-count);
  if (options.has('r')) shown.reverse();
  await proc.print(shown.length > 0 ? shown.map(({ text }) => `${text}\n`).join('') : '-- No entries --\n');
  return 0;
};

/** `-xeu` written as one word, whose last letter takes the next. */
const spread = (word: string): string[] => [...word.slice(1)].map((letter) => `-${letter}`);

async function complain(proc: Process, text: string): Promise<number> {
  await proc.complain(`${text}\n`);
  return 1;
}

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `5m`, `-1h`, `10 min ago`, or a date: systemd.time(7). */
function momentOf(text: string, now: number): number | undefined {
  const [, count, unit = ''] = /^-?(\d+) ?(s|m|h|d)[a-z]*( ago)?$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (UNITS[unit] ?? 0);
  return parseDate(text, now);
}
