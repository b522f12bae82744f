// What is wrong with a schedule, in the words of github.com/robfig/cron.

interface Bounds {
  first: number;
  last: number;
  names: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS: readonly Bounds[] = [
  { first: 0, last: 59, names: [] },
  { first: 0, last: 23, names: [] },
  { first: 1, last: 31, names: [] },
  { first: 1, last: 12, names: MONTHS },
  { first: 0, last: 6, names: DAYS },
];

const DESCRIPTORS = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
const DURATION = /^(\d+(\.\d+)?(ns|us|ms|s|m|h))+$/;

class Problem extends Error {}

function number(word: string, { first, names }: Bounds): number {
  const named = names.indexOf(word.toLowerCase());
  if (named >= 0) return named + first;
  if (!/^[+-]?\d+$/.test(word))
    throw new Problem(
      `failed to parse int from ${word}: strconv.Atoi: parsing ${JSON.stringify(word)}: invalid syntax`,
    );
  const value = Number(word);
  if (value < 0) throw new Problem(`negative number (${value}) not allowed: ${word}`);
  return value;
}

function checkRange(text: string, bounds: Bounds): void {
  const [range = '', step, ...more] = text.split('/');
  const [low = '', high, ...rest] = range.split('-');
  let [start, end] = [bounds.first, bounds.last];
  if (low !== '*' && low !== '?') {
    start = number(low, bounds);
    if (rest.length > 0) throw new Problem(`too many hyphens: ${text}`);
    end = high === undefined ? start : number(high, bounds);
  }
  if (more.length > 0) throw new Problem(`too many slashes: ${text}`);
  if (step !== undefined) {
    const size = number(step, { ...bounds, names: [] });
    if (high === undefined) end = bounds.last;
    if (size === 0) throw new Problem(`step of range should be a positive number: ${text}`);
  }
  if (start < bounds.first) throw new Problem(`beginning of range (${start}) below minimum (${bounds.first}): ${text}`);
  if (end > bounds.last) throw new Problem(`end of range (${end}) above maximum (${bounds.last}): ${text}`);
  if (start > end) throw new Problem(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
}

function check(schedule: string): void {
  if (schedule.startsWith('@')) {
    const every = /^@every (.*)$/.exec(schedule)?.[1];
    if (every !== undefined && !DURATION.test(every))
      throw new Problem(`failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(every)}`);
    if (every === undefined && !DESCRIPTORS.has(schedule)) throw new Problem(`unrecognized descriptor: ${schedule}`);
    return;
  }
  const fields = schedule.trim().split(/\s+/).filter(Boolean);
  if (fields.length !== FIELDS.length)
    throw new Problem(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  for (const [i, field] of fields.entries())
    for (const part of field.split(',').filter(Boolean)) checkRange(part, FIELDS[i] as Bounds);
}

/** The sentence for a schedule that cannot be read, or undefined. */
export function scheduleProblem(schedule: string): string | undefined {
  try {
    check(schedule.replace(/^(CRON_)?TZ=\S+\s+/, ''));
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}
