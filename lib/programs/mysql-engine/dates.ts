// MySQL's dates and times: reading, arithmetic, formatting. Values are text, `2024-11-05 09:30:00`.

export interface Moment {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  micro: number;
}

const two = (n: number): string => String(n).padStart(2, '0');
const DELIMITED =
  /^\s*(\d{1,4})[-/.:](\d{1,2})[-/.:](\d{1,2})(?:[T\s]+(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}))?(?:\.(\d{1,6})\d*)?)?/;
const COMPACT = /^\s*(\d{4}|\d{2})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?(?:\.(\d{1,6}))?\s*$/;

const fullYear = (text: string): number =>
  text.length > 2 ? Number(text) : Number(text) < 70 ? 2000 + Number(text) : 1900 + Number(text);

/** Reads a date or date with time; undefined when it is none. */
export function readMoment(text: string): Moment | undefined {
  const found = DELIMITED.exec(text) ?? COMPACT.exec(text);
  if (!found) return undefined;
  const [, year = '', month, day, hour, minute, second, fraction] = found;
  const moment: Moment = {
    year: fullYear(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    micro: Number((fraction ?? '').padEnd(6, '0')),
  };
  return valid(moment) ? moment : undefined;
}

export const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

function valid(m: Moment): boolean {
  if (m.year + m.month + m.day === 0) return false;
  return (
    m.month >= 1 &&
    m.month <= 12 &&
    m.day >= 1 &&
    m.day <= daysInMonth(m.year, m.month) &&
    m.hour < 24 &&
    m.minute < 60 &&
    m.second < 60
  );
}

/** Milliseconds since the epoch, in UTC; microseconds are apart. */
export const toMs = (m: Moment): number => {
  const date = new Date(0);
  date.setUTCFullYear(m.year, m.month - 1, m.day);
  date.setUTCHours(m.hour, m.minute, m.second);
  return date.getTime();
};

export function fromMs(ms: number, micro = 0): Moment {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    micro,
  };
}

export const dateText = (m: Moment): string => `${String(m.year).padStart(4, '0')}-${two(m.month)}-${two(m.day)}`;
const fractionText = (micro: number, scale: number): string =>
  scale > 0 ? `.${String(micro).padStart(6, '0').slice(0, scale)}` : '';
const timeText = (m: Moment, scale = m.micro > 0 ? 6 : 0): string =>
  `${two(m.hour)}:${two(m.minute)}:${two(m.second)}${fractionText(m.micro, scale)}`;
export const datetimeText = (m: Moment, scale = m.micro > 0 ? 6 : 0): string => `${dateText(m)} ${timeText(m, scale)}`;

const HOURS_MAX = 838; // TIME goes to 838:59:59

/** A TIME in microseconds; undefined when the text is none. */
export function readTime(text: string): number | undefined {
  const moment = /^\s*\d+-\d+-\d+/.test(text) ? readMoment(text) : undefined;
  if (moment) return clock(1, moment.hour, moment.minute, moment.second, moment.micro);
  const colons = /^\s*(-?)(?:(\d+) )?(\d+):(\d{1,2})(?::(\d{1,2}))?(?:\.(\d{1,6}))?\s*$/.exec(text);
  if (colons) {
    const [, sign, days, hours, minutes, seconds, fraction] = colons;
    const micro = Number((fraction ?? '').padEnd(6, '0'));
    if (Number(minutes) > 59 || Number(seconds ?? 0) > 59) return undefined;
    return clock(sign ? -1 : 1, Number(days ?? 0) * 24 + Number(hours), Number(minutes), Number(seconds ?? 0), micro);
  }
  const digits = /^\s*(-?)(\d{1,7})(?:\.(\d{1,6}))?\s*$/.exec(text);
  if (!digits) return undefined;
  const [, sign, number = '0', fraction] = digits;
  const n = Number(number);
  const [h, m, s] = [Math.floor(n / 10000), Math.floor(n / 100) % 100, n % 100];
  return m > 59 || s > 59 ? undefined : clock(sign ? -1 : 1, h, m, s, Number((fraction ?? '').padEnd(6, '0')));
}

const clock = (sign: number, h: number, m: number, s: number, micro: number): number =>
  sign * (Math.min(h, HOURS_MAX) * 3600e6 + m * 60e6 + s * 1e6 + micro);

export function spanText(micros: number, scale = micros % 1e6 === 0 ? 0 : 6): string {
  const size = Math.abs(Math.trunc(micros));
  const seconds = Math.floor(size / 1e6);
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${micros < 0 ? '-' : ''}${text}${fractionText(size % 1e6, scale)}`;
}

const DAY_MS = 86_400_000;
const FIXED_UNITS: Record<string, number> = {
  MICROSECOND: 0.001,
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
};
const COMPOUND = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND', 'MICROSECOND'];

/** Adds an interval; undefined when the result is no date. */
export function addTo(m: Moment, amount: string, unit: string, sign: number): Moment | undefined {
  if (unit.includes('_')) return addCompound(m, amount, unit, sign);
  const n = sign * Number.parseFloat(amount);
  if (Number.isNaN(n)) return undefined;
  const fixed = FIXED_UNITS[unit];
  if (fixed === undefined) return addMonths(m, Math.round(n) * (unit === 'YEAR' ? 12 : unit === 'QUARTER' ? 3 : 1));
  const micros = toMs(m) * 1000 + m.micro + Math.round((unit === 'SECOND' ? n : Math.round(n)) * fixed * 1000);
  const ms = Math.floor(micros / 1e6) * 1000;
  const moved = fromMs(ms, micros - ms * 1000);
  return moved.year >= 0 && moved.year <= 9999 ? moved : undefined;
}

function addMonths(m: Moment, months: number): Moment | undefined {
  const index = m.year * 12 + m.month - 1 + months;
  const [year, month] = [Math.floor(index / 12), (index % 12) + 1];
  if (year < 0 || year > 9999) return undefined;
  return { ...m, year, month, day: Math.min(m.day, daysInMonth(year, month)) };
}

/** `'1:30' HOUR_MINUTE`: numbers from the smallest unit up. */
function addCompound(m: Moment, amount: string, unit: string, sign: number): Moment | undefined {
  const negative = amount.trim().startsWith('-') ? -1 : 1;
  const numbers = (amount.match(/\d+/g) ?? []).map(Number);
  const [largest = '', smallest = ''] = unit.split('_');
  const units = COMPOUND.slice(COMPOUND.indexOf(largest), COMPOUND.indexOf(smallest) + 1);
  let moved: Moment | undefined = m;
  for (let i = units.length - 1, n = numbers.length - 1; i >= 0 && n >= 0; i--, n--)
    moved = moved && addTo(moved, String((numbers[n] ?? 0) * negative), units[i] as string, sign);
  return moved;
}

export const dayNumber = (m: Moment): number =>
  Math.floor(toMs({ ...m, hour: 0, minute: 0, second: 0 }) / DAY_MS) + 719_528;
export const fromDayNumber = (days: number): Moment => fromMs((days - 719_528) * DAY_MS);
/** 0 is Monday. */
export const weekday = (m: Moment): number => (dayNumber(m) + 5) % 7;
export const dayOfYear = (m: Moment): number => dayNumber(m) - dayNumber({ ...m, month: 1, day: 1 }) + 1;

/** WEEK(date, mode), as the server's calc_week does it: [year, week]. */
export function week(m: Moment, mode: number): [number, number] {
  const monday = (mode & 1) !== 0;
  let weekYear = (mode & 2) !== 0;
  // week_mode(): without Monday as first day, the meaning of bit 4 is turned round
  const flag = monday ? (mode & 4) !== 0 : (mode & 4) === 0;
  let { year } = m;
  const start = { ...m, month: 1, day: 1 };
  const sundayBased = (d: Moment) => (weekday(d) + 1) % 7;
  let day = monday ? weekday(start) : sundayBased(start);
  const number = dayNumber(m);
  let origin = dayNumber(start);
  if (m.month === 1 && m.day <= 7 - day) {
    if (!weekYear && ((flag && day !== 0) || (!flag && day >= 4))) return [year, 0];
    weekYear = true;
    year--;
    const length = dayNumber({ ...start, year: year + 1 }) - dayNumber({ ...start, year });
    origin -= length;
    day = (day + 53 * 7 - length) % 7;
  }
  const days = (flag && day !== 0) || (!flag && day >= 4) ? number - (origin + (7 - day)) : number - (origin - day);
  if (weekYear && days >= 52 * 7) {
    const length = dayNumber({ ...start, year: year + 1 }) - dayNumber({ ...start, year });
    const next = (day + length) % 7;
    if ((!flag && next < 4) || (flag && next === 0)) return [year + 1, 1];
  }
  return [year, Math.floor(days / 7) + 1];
}

export const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
export const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

const suffix = (n: number): string =>
  n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');

const FORMATS: Record<string, (m: Moment) => string> = {
  Y: (m) => String(m.year).padStart(4, '0'),
  y: (m) => two(m.year % 100),
  m: (m) => two(m.month),
  c: (m) => String(m.month),
  M: (m) => MONTHS[m.month - 1] ?? '',
  b: (m) => (MONTHS[m.month - 1] ?? '').slice(0, 3),
  d: (m) => two(m.day),
  e: (m) => String(m.day),
  D: (m) => `${m.day}${suffix(m.day)}`,
  j: (m) => String(dayOfYear(m)).padStart(3, '0'),
  H: (m) => two(m.hour),
  k: (m) => String(m.hour),
  h: (m) => two(m.hour % 12 || 12),
  I: (m) => two(m.hour % 12 || 12),
  l: (m) => String(m.hour % 12 || 12),
  i: (m) => two(m.minute),
  s: (m) => two(m.second),
  S: (m) => two(m.second),
  f: (m) => String(m.micro).padStart(6, '0'),
  p: (m) => (m.hour < 12 ? 'AM' : 'PM'),
  r: (m) => `${two(m.hour % 12 || 12)}:${two(m.minute)}:${two(m.second)} ${m.hour < 12 ? 'AM' : 'PM'}`,
  T: (m) => timeText(m, 0),
  W: (m) => DAYS[weekday(m)] ?? '',
  a: (m) => (DAYS[weekday(m)] ?? '').slice(0, 3),
  w: (m) => String((weekday(m) + 1) % 7),
  U: (m) => two(week(m, 0)[1]),
  u: (m) => two(week(m, 1)[1]),
  V: (m) => two(week(m, 2)[1]),
  v: (m) => two(week(m, 3)[1]),
  X: (m) => String(week(m, 2)[0]),
  x: (m) => String(week(m, 3)[0]),
};

export const formatMoment = (m: Moment, format: string): string =>
  format.replace(/%(.)/g, (_, letter: string) => FORMATS[letter]?.(m) ?? letter);

const READERS: Record<string, [RegExp, (m: Moment, text: string) => void]> = {
  Y: [
    /^\d{1,4}/,
    (m, t) => {
      m.year = Number(t);
    },
  ],
  y: [
    /^\d{1,2}/,
    (m, t) => {
      m.year = fullYear(t);
    },
  ],
  m: [
    /^\d{1,2}/,
    (m, t) => {
      m.month = Number(t);
    },
  ],
  c: [
    /^\d{1,2}/,
    (m, t) => {
      m.month = Number(t);
    },
  ],
  d: [
    /^\d{1,2}/,
    (m, t) => {
      m.day = Number(t);
    },
  ],
  e: [
    /^\d{1,2}/,
    (m, t) => {
      m.day = Number(t);
    },
  ],
  H: [
    /^\d{1,2}/,
    (m, t) => {
      m.hour = Number(t);
    },
  ],
  k: [
    /^\d{1,2}/,
    (m, t) => {
      m.hour = Number(t);
    },
  ],
  h: [
    /^\d{1,2}/,
    (m, t) => {
      m.hour = Number(t) % 12;
    },
  ],
  i: [
    /^\d{1,2}/,
    (m, t) => {
      m.minute = Number(t);
    },
  ],
  s: [
    /^\d{1,2}/,
    (m, t) => {
      m.second = Number(t);
    },
  ],
  S: [
    /^\d{1,2}/,
    (m, t) => {
      m.second = Number(t);
    },
  ],
  p: [
    /^[AP]M/i,
    (m, t) => {
      if (/p/i.test(t)) m.hour += 12;
    },
  ],
  M: [
    /^[A-Za-z]+/,
    (m, t) => {
      m.month = MONTHS.findIndex((name) => name.toLowerCase() === t.toLowerCase()) + 1;
    },
  ],
  b: [
    /^[A-Za-z]{3}/,
    (m, t) => {
      m.month = MONTHS.findIndex((name) => name.slice(0, 3).toLowerCase() === t.toLowerCase()) + 1;
    },
  ],
  W: [/^[A-Za-z]+/, () => {}],
  a: [/^[A-Za-z]{3}/, () => {}],
};

/** STR_TO_DATE. */
export function parseMoment(text: string, given: string): string | undefined {
  const format = given.replaceAll('%T', '%H:%i:%s');
  const m: Moment = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, micro: 0 };
  let rest = text;
  for (let i = 0; i < format.length; i++) {
    const c = format[i] as string;
    if (c !== '%') {
      if (/\s/.test(c)) rest = rest.trimStart();
      else if (rest.startsWith(c)) rest = rest.slice(1);
      else return undefined;
      continue;
    }
    const reader = READERS[format[++i] ?? ''];
    const found = reader?.[0].exec(rest)?.[0];
    if (!reader || found === undefined) return undefined;
    reader[1](m, found);
    rest = rest.slice(found.length);
  }
  const [hasDate, hasTime] = [/%[YymcdebM]/.test(format), /%[HkhisSp]/.test(format)];
  if (hasDate && !valid(m)) return undefined;
  return hasDate ? (hasTime ? datetimeText(m) : dateText(m)) : timeText(m);
}
