// cal: months as util-linux prints them (Debian's own cal is BSD's, and not this one).
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { fail, localeOf, refused } from './tool';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const WIDTH = 20; // of a month
const [GAP, YEAR_GAP] = [2, 3];
const REFORMED = { year: 1752, month: 9, last: 2, first: 14 }; // the days between were left out in Great Britain and its colonies

export const cal: Program = async (proc) => {
  const options = getopt(proc.argv, '13mn:sSyY', {
    monday: 'm',
    'months=': 'n',
    one: '1',
    span: 'S',
    sunday: 's',
    three: '3',
    twelve: 'Y',
    year: 'y',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const today = new Date(proc.machine.clock.now());
  const wanted = await dateOf(proc, options.rest, today);
  if (typeof wanted === 'number') return wanted;
  const { year, month, day } = wanted;
  const isYear = options.has('y') || (options.rest.length === 1 && month === undefined);
  const shown = { year: today.getUTCFullYear(), month: today.getUTCMonth() + 1, day: day ?? today.getUTCDate() };
  const mark = proc.stdout.terminal ? { ...shown, ...(day ? { year, month: month ?? 1 } : {}) } : undefined;
  const first = isYear ? 1 : (month ?? shown.month);
  const count = countOf(options, isYear);
  if (count === undefined) return fail(proc, 'invalid month argument');
  const from = first - (options.has('3') ? 1 : options.has('S') ? Math.floor(count / 2) : 0);
  const months = Array.from({ length: count }, (_, i) => monthOf(year, from + i, mark, startsOnMonday(proc, options)));
  await proc.print(isYear ? yearText(year, months) : blocks(months, GAP, true));
  return 0;
};

function countOf(options: Options, isYear: boolean): number | undefined {
  if (isYear || options.has('Y')) return 12;
  if (options.has('3')) return 3;
  const given = options.get('n') ?? '1';
  return /^[1-9]\d*$/.test(given) && Number(given) <= 1200 ? Number(given) : undefined;
}

const startsOnMonday = (proc: Process, options: Options): boolean =>
  options.has('m') || (!options.has('s') && !/^(en_US|C|POSIX|$)/.test(localeOf(proc)));

interface Wanted {
  year: number;
  month?: number;
  day?: number;
}

/** `[[[DAY] MONTH] YEAR]`, or a month's name; the status if it is nothing of these. */
async function dateOf(proc: Process, words: readonly string[], today: Date): Promise<Wanted | number> {
  if (words.length > 3) {
    await proc.complain("cal: bad usage\nTry 'cal --help' for more information.\n");
    return 1;
  }
  const now = { year: today.getUTCFullYear(), month: today.getUTCMonth() + 1 };
  const [last, month, day] = words.toReversed();
  if (last === undefined) return now;
  const named = words.length === 1 ? monthNamed(last) : undefined;
  if (named !== undefined) return { year: now.year, month: named };
  if (words.length === 1 && !/^\d/.test(last))
    return fail(proc, `failed to parse timestamp or unknown month name: ${last}`);
  const year = Number(last);
  if (!/^\d+$/.test(last)) return fail(proc, `illegal year value: '${last}'`);
  if (year < 1) return fail(proc, 'illegal year value: use positive integer');
  if (month === undefined) return { year };
  const number = /^\d+$/.test(month) ? Number(month) : monthNamed(month);
  if (number === undefined) return fail(proc, `unknown month name: ${month}`);
  if (number < 1 || number > 12) return fail(proc, 'illegal month value: use 1-12');
  if (day === undefined) return { year, month: number };
  const most = daysIn(year, number);
  if (!/^\d+$/.test(day) || Number(day) < 1 || Number(day) > most)
    return fail(proc, `illegal day value: use 1-${most}`);
  return { year, month: number, day: Number(day) };
}

function monthNamed(text: string): number | undefined {
  const at = MONTHS.findIndex((name) =>
    [name, name.slice(0, 3)].some((each) => each.toLowerCase() === text.toLowerCase()),
  );
  return at < 0 ? undefined : at + 1;
}

const isLeap = (year: number): boolean =>
  year % 4 === 0 && (year <= REFORMED.year || year % 100 !== 0 || year % 400 === 0);

const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** Of the first of a month, Sunday being 0. */
function weekdayOf(year: number, month: number): number {
  const isOld = year < REFORMED.year || (year === REFORMED.year && month <= REFORMED.month);
  if (!isOld) {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, 1);
    return date.getUTCDay();
  }
  // days since the first of the year 1, a Saturday, when every fourth year was a leap year
  const before = (year - 1) * 365 + Math.floor((year - 1) / 4);
  const within = Array.from({ length: month - 1 }, (_, i) => daysIn(year, i + 1)).reduce((sum, days) => sum + days, 0);
  return (6 + before + within) % 7;
}

interface Month {
  title: string;
  name: string;
  /** The names of days, and six weeks. */
  rows: string[];
}

function monthOf(year: number, month: number, today: Wanted | undefined, monday: boolean): Month {
  const back = Math.floor((month - 1) / 12);
  const [ownYear, own] = [year + back, month - back * 12];
  const name = MONTHS[own - 1] as string;
  const names = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa'];
  if (monday) names.push(names.shift() as string);
  const before = (weekdayOf(ownYear, own) + (monday ? 6 : 0)) % 7;
  const isGap = ownYear === REFORMED.year && own === REFORMED.month;
  const days = Array.from({ length: daysIn(ownYear, own) }, (_, i) => i + 1).filter(
    (day) => !isGap || day <= REFORMED.last || day >= REFORMED.first,
  );
  const cells = [...new Array<string>(before).fill('  '), ...days.map((day) => String(day).padStart(2))];
  const isNow = today?.year === ownYear && today.month === own;
  const marked = cells.map((cell) => (isNow && Number(cell) === today.day ? `\x1b[7m${cell}\x1b[27m` : cell));
  const weeks = Array.from({ length: 6 }, (_, i) => {
    const week = marked.slice(i * 7, i * 7 + 7);
    return [...week, ...new Array<string>(7 - week.length).fill('  ')].join(' ');
  });
  return { title: `${name} ${ownYear}`, name, rows: [names.join(' '), ...weeks] };
}

/** In the middle of a width, rather to the right. */
function centered(text: string): string {
  const left = Math.ceil((WIDTH - text.length) / 2);
  return ' '.repeat(Math.max(0, left)) + text + ' '.repeat(Math.max(0, WIDTH - text.length - left));
}

/** Three months side by side. */
function blocks(months: readonly Month[], gap: number, withYear: boolean): string {
  let out = '';
  for (let i = 0; i < months.length; i += 3) {
    const group = months.slice(i, i + 3);
    const between = ' '.repeat(gap);
    const titles = group.map(({ title, name }) => centered(withYear ? title : name));
    const lines = [titles, ...Array.from({ length: 7 }, (_, row) => group.map(({ rows }) => rows[row] as string))];
    out += lines.map((line) => `${line.join(between)}\n`).join('');
  }
  return out;
}

function yearText(year: number, months: readonly Month[]): string {
  const width = WIDTH * 3 + YEAR_GAP * 2;
  const left = Math.floor((width - String(year).length) / 2);
  const title = `${' '.repeat(left)}${year}${' '.repeat(width - left - String(year).length)}\n\n`;
  return title + blocks(months, YEAR_GAP, false);
}
