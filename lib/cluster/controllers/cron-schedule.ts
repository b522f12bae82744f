// Cron schedules of five fields, and the macros: when is the next time. github.com/robfig/cron.
const MACROS: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTE_MS = 60_000;
const UNITS: Record<string, number> = { s: 1000, m: MINUTE_MS, h: 3_600_000 };
const YEARS = 5; // a schedule without a time in five years has none

interface Schedule {
  minutes: Set<number>;
  hours: Set<number>;
  days: Set<number>;
  months: Set<number>;
  weekdays: Set<number>;
  /** Both day fields are restricted: one of them is enough. */
  eitherDay: boolean;
}

function field(text: string, first: number, last: number, names: string[] = []): Set<number> {
  const number = (word: string): number => {
    const at = names.indexOf(word.toLowerCase());
    return at >= 0 ? at + first : Number(word);
  };
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '*', step = '1'] = part.split('/');
    const [from, to] =
      range === '*' || range === '?' ? [first, last] : (range.split('-').map(number) as [number, number?]);
    const end = to ?? (part.includes('/') ? last : from);
    for (let value = from; value <= end; value += Number(step)) values.add(value);
  }
  return values;
}

function parse(text: string): Schedule | undefined {
  const fields = (MACROS[text] ?? text).trim().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minutes, hours, days, months, weekdays] = fields as [string, string, string, string, string];
  const week = field(weekdays, 0, 7, DAYS);
  if (week.has(7)) week.add(0);
  return {
    minutes: field(minutes, 0, 59),
    hours: field(hours, 0, 23),
    days: field(days, 1, 31),
    months: field(months, 1, 12, MONTHS),
    weekdays: week,
    eitherDay: !/^[*?]/.test(days) && !/^[*?]/.test(weekdays),
  };
}

/** The first time after `since`, in milliseconds; undefined when the schedule has none. */
export function nextTime(text: string, since: number, timeZone = 'UTC'): number | undefined {
  const every = /^@every (.+)$/.exec(text)?.[1];
  if (every) return since + duration(every);
  const schedule = parse(text);
  if (!schedule) return undefined;
  const end = since + YEARS * 366 * 86_400_000;
  for (let at = (Math.floor(since / MINUTE_MS) + 1) * MINUTE_MS; at < end; ) {
    const local = inZone(at, timeZone);
    if (!schedule.months.has(local.getUTCMonth() + 1) || !isDay(schedule, local)) {
      at += (24 * 60 - local.getUTCHours() * 60 - local.getUTCMinutes()) * MINUTE_MS; // the next midnight
    } else if (!schedule.hours.has(local.getUTCHours())) at += (60 - local.getUTCMinutes()) * MINUTE_MS;
    else if (!schedule.minutes.has(local.getUTCMinutes())) at += MINUTE_MS;
    else return at;
  }
  return undefined;
}

function isDay({ days, weekdays, eitherDay }: Schedule, local: Date): boolean {
  const day = days.has(local.getUTCDate());
  const weekday = weekdays.has(local.getUTCDay());
  return eitherDay ? day || weekday : day && weekday;
}

/** The wall clock of a zone, written as if it were UTC. */
function inZone(at: number, timeZone: string): Date {
  if (timeZone === 'UTC') return new Date(at);
  const text = new Date(at).toLocaleString('sv-SE', { timeZone });
  return new Date(`${text.replace(' ', 'T')}Z`);
}

const duration = (text: string): number =>
  [...text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (UNITS[unit ?? ''] ?? 0),
    0,
  ) || MINUTE_MS;
