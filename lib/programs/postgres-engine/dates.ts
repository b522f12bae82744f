// Dates, times and intervals: reading, writing, arithmetic, to_char (src/backend/utils/adt/{datetime,formatting}.c).
import { invalidText, PgError } from './error';

export interface Span {
  months: number;
  days: number;
  /** Microseconds. */
  micros: number;
}

const DAY_MICROS = 86_400_000_000;
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/** Microseconds since 1970, as a number: exact until the year 2255. */
export const dateText = (micros: number): string => {
  const d = new Date(Math.floor(micros / 1000));
  return `${pad(d.getUTCFullYear(), 4)}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
};

const fraction = (micros: number): string => {
  const rest = ((micros % 1_000_000) + 1_000_000) % 1_000_000;
  return rest === 0 ? '' : `.${pad(rest, 6).replace(/0+$/, '')}`;
};

export const timeText = (micros: number): string => {
  const within = ((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS;
  const s = Math.floor(within / 1_000_000);
  return `${pad(Math.floor(s / 3600))}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}${fraction(within)}`;
};

export const stampText = (micros: number): string => `${dateText(micros)} ${timeText(micros)}`;

/** Reads `2024-01-31`, `20240131`, `Jan 31 2024`, with a time and a zone after it; undefined when it is none. */
export function findStamp(text: string, now: number): number | undefined {
  const word = text.trim().toLowerCase();
  const midnight = Math.floor(now / DAY_MICROS) * DAY_MICROS;
  const named: Record<string, number> = {
    now,
    today: midnight,
    tomorrow: midnight + DAY_MICROS,
    yesterday: midnight - DAY_MICROS,
    epoch: 0,
  };
  if (word in named) return named[word];
  const match =
    /^(?:(\d{4,5})-(\d{1,2})-(\d{1,2})|(\d{4})(\d{2})(\d{2})|(\d{1,2})\/(\d{1,2})\/(\d{4})|([a-z]{3,9})\.? (\d{1,2}),? (\d{4})|(\d{1,2})[ -]([a-z]{3,9})[ -](\d{4}))(?:[t ]\s*(.*))?$/.exec(
      word,
    );
  if (!match) return undefined;
  const [, y1, m1, d1, y2, m2, d2, m3, d3, y3, m4, d4, y4, d5, m5, y5, rest] = match;
  const monthName = m4 ?? m5;
  const month = monthName
    ? MONTHS.findIndex((name) => name.toLowerCase().startsWith(monthName.slice(0, 3))) + 1
    : Number(m1 ?? m2 ?? m3);
  const [year, day] = [Number(y1 ?? y2 ?? y3 ?? y4 ?? y5), Number(d1 ?? d2 ?? d3 ?? d4 ?? d5)];
  const ms = Date.UTC(year, month - 1, day);
  const check = new Date(ms);
  if (check.getUTCMonth() !== month - 1 || check.getUTCDate() !== day)
    throw new PgError(
      '22008',
      `date/time field value out of range: "${text}"`,
      month > 12 ? { hint: 'Perhaps you need a different "DateStyle" setting.' } : {},
    );
  const time = rest ? findTime(rest) : 0;
  return time === undefined ? undefined : ms * 1000 + time;
}

/** Microseconds of a day, less the zone's offset. */
export function findTime(text: string): number | undefined {
  const match =
    /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(am|pm)?\s*(z|utc|gmt|[-+]\d{1,2}(?::?\d{2})?)?$/i.exec(
      text.trim(),
    );
  if (!match) return undefined;
  const [, h, m, s = '0', f = '', half, zone] = match;
  const hours = (Number(h) % (half ? 12 : 25)) + (half?.toLowerCase() === 'pm' ? 12 : 0);
  if (hours > 24 || Number(m) > 59 || Number(s) > 60)
    throw new PgError('22008', `date/time field value out of range: "${text}"`);
  const micros =
    ((hours * 60 + Number(m)) * 60 + Number(s)) * 1_000_000 + Math.round(Number(`0.${f || '0'}`) * 1_000_000);
  return micros - zoneMicros(zone ?? 'z');
}

export function zoneMicros(zone: string): number {
  const match = /^([-+])(\d{1,2})(?::?(\d{2}))?$/.exec(zone);
  if (match) return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000_000;
  if (/^(z|utc|gmt|etc\/utc|zulu)$/i.test(zone)) return 0;
  throw new PgError('22023', `time zone "${zone}" not recognized`);
}

const UNITS: Record<string, [keyof Span, number]> = {
  microsecond: ['micros', 1],
  millisecond: ['micros', 1000],
  second: ['micros', 1e6],
  sec: ['micros', 1e6],
  s: ['micros', 1e6],
  minute: ['micros', 6e7],
  min: ['micros', 6e7],
  m: ['micros', 6e7],
  hour: ['micros', 3.6e9],
  hr: ['micros', 3.6e9],
  h: ['micros', 3.6e9],
  day: ['days', 1],
  d: ['days', 1],
  week: ['days', 7],
  w: ['days', 7],
  month: ['months', 1],
  mon: ['months', 1],
  year: ['months', 12],
  yr: ['months', 12],
  y: ['months', 12],
  decade: ['months', 120],
  century: ['months', 1200],
};

export function readSpan(text: string): Span {
  const span: Span = { months: 0, days: 0, micros: 0 };
  let rest = text.trim().toLowerCase();
  const ago = / ago$/.test(rest);
  rest = rest.replace(/ ago$/, '');
  if (rest === '') throw invalidText('interval', text);
  while (rest) {
    const clock = /^([-+]?)(\d+):(\d{2})(?::(\d{2}(?:\.\d+)?))?\s*/.exec(rest);
    const unit = clock ? null : /^([-+]?\d*\.?\d+)\s*([a-z]+)?\s*/.exec(rest);
    if (clock) {
      const micros = (Number(clock[2]) * 3600 + Number(clock[3]) * 60) * 1e6 + Math.round(Number(clock[4] ?? 0) * 1e6);
      span.micros += clock[1] === '-' ? -micros : micros;
    } else if (unit) {
      const name = unit[2] ?? 'second';
      const known = UNITS[name] ?? UNITS[name.replace(/s$/, '')];
      if (!known) throw invalidText('interval', text);
      addUnits(span, Number(unit[1]), known);
    } else throw invalidText('interval', text);
    rest = rest.slice((clock ?? unit)?.[0].length ?? 0);
  }
  return ago ? { months: -span.months, days: -span.days, micros: -span.micros } : span;
}

function addUnits(span: Span, amount: number, [field, factor]: [keyof Span, number]): void {
  const whole = field === 'micros' ? Math.round(amount * factor) : Math.trunc(amount * factor);
  span[field] += whole;
  const rest = amount * factor - whole;
  if (field === 'days') span.micros += Math.round(rest * DAY_MICROS);
  if (field === 'months') span.days += Math.round(rest * 30);
}

export function spanText({ months, days, micros }: Span): string {
  const parts: string[] = [];
  const [years, mons] = [Math.trunc(months / 12), months % 12];
  if (years) parts.push(`${years} year${years === 1 ? '' : 's'}`);
  if (mons) parts.push(`${mons} mon${mons === 1 ? '' : 's'}`);
  if (days) parts.push(`${days} day${days === 1 ? '' : 's'}`);
  if (micros || parts.length === 0) {
    const all = Math.abs(micros);
    const s = Math.floor(all / 1e6);
    const sign = micros < 0 ? '-' : '';
    parts.push(`${sign}${pad(Math.floor(s / 3600))}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}${fraction(all)}`);
  }
  return parts.join(' ');
}

export const spanMicros = ({ months, days, micros }: Span): number => (months * 30 + days) * DAY_MICROS + micros;

export function addSpan(stamp: number, { months, days, micros }: Span, sign = 1): number {
  let ms = Math.floor(stamp / 1000);
  const below = stamp - ms * 1000;
  if (months) {
    const d = new Date(ms);
    const target = d.getUTCFullYear() * 12 + d.getUTCMonth() + sign * months;
    const [year, month] = [Math.floor(target / 12), ((target % 12) + 12) % 12];
    const day = Math.min(d.getUTCDate(), new Date(Date.UTC(year, month + 1, 0)).getUTCDate());
    ms = Date.UTC(year, month, day) + (ms - Math.floor(ms / 86_400_000) * 86_400_000);
  }
  return ms * 1000 + below + sign * (days * DAY_MICROS + micros);
}

export const between = (a: number, b: number): Span => {
  const difference = a - b;
  const days = Math.trunc(difference / DAY_MICROS);
  return { months: 0, days, micros: difference - days * DAY_MICROS };
};

/** age(a, b): in years, months and days. */
export function age(a: number, b: number): Span {
  if (a < b) {
    const back = age(b, a);
    return { months: -back.months, days: -back.days, micros: -back.micros };
  }
  const [x, y] = [new Date(Math.floor(a / 1000)), new Date(Math.floor(b / 1000))];
  let months = (x.getUTCFullYear() - y.getUTCFullYear()) * 12 + x.getUTCMonth() - y.getUTCMonth();
  let days = x.getUTCDate() - y.getUTCDate();
  let micros = within(a) - within(b);
  if (micros < 0) [micros, days] = [micros + DAY_MICROS, days - 1];
  // a month is borrowed with as many days as the earlier date's month has
  if (days < 0)
    [days, months] = [days + new Date(Date.UTC(y.getUTCFullYear(), y.getUTCMonth() + 1, 0)).getUTCDate(), months - 1];
  return { months, days, micros };
}

const within = (stamp: number): number => stamp - Math.floor(stamp / DAY_MICROS) * DAY_MICROS;

export function truncateTo(field: string, stamp: number): number {
  const d = new Date(Math.floor(stamp / 1000));
  const [y, m] = [d.getUTCFullYear(), d.getUTCMonth()];
  const unit: Record<string, () => number> = {
    second: () => Math.floor(stamp / 1e6) * 1e6,
    minute: () => Math.floor(stamp / 6e7) * 6e7,
    hour: () => Math.floor(stamp / 3.6e9) * 3.6e9,
    day: () => Math.floor(stamp / DAY_MICROS) * DAY_MICROS,
    week: () => (Math.floor(stamp / DAY_MICROS) - ((d.getUTCDay() + 6) % 7)) * DAY_MICROS,
    month: () => Date.UTC(y, m) * 1000,
    quarter: () => Date.UTC(y, m - (m % 3)) * 1000,
    year: () => Date.UTC(y, 0) * 1000,
  };
  const found = unit[field.toLowerCase()];
  if (!found) throw new PgError('22023', `unit "${field}" not recognized for type timestamp without time zone`);
  return found();
}

/** extract(field from stamp), as a numeric's text. */
export function extract(field: string, stamp: number): string {
  const d = new Date(Math.floor(stamp / 1000));
  const dayOfYear = Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
  const seconds = (((stamp % 6e7) + 6e7) % 6e7) / 1e6;
  const parts: Record<string, () => string> = {
    year: () => String(d.getUTCFullYear()),
    month: () => String(d.getUTCMonth() + 1),
    day: () => String(d.getUTCDate()),
    hour: () => String(d.getUTCHours()),
    minute: () => String(d.getUTCMinutes()),
    second: () => seconds.toFixed(6),
    epoch: () => (stamp / 1e6).toFixed(6),
    dow: () => String(d.getUTCDay()),
    isodow: () => String(d.getUTCDay() || 7),
    doy: () => String(dayOfYear),
    quarter: () => String(Math.floor(d.getUTCMonth() / 3) + 1),
    week: () => String(isoWeek(d)),
    decade: () => String(Math.floor(d.getUTCFullYear() / 10)),
    century: () => String(Math.ceil(d.getUTCFullYear() / 100)),
  };
  const found = parts[field.toLowerCase()];
  if (!found) throw new PgError('22023', `unit "${field}" not recognized for type timestamp with time zone`);
  return found();
}

function isoWeek(d: Date): number {
  const thursday = new Date(d.getTime() + (4 - (d.getUTCDay() || 7)) * 86_400_000);
  return Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
}

const PATTERNS =
  /FM|YYYY|YY|MONTH|Month|month|MON|Mon|mon|MM|DD|DAY|Day|day|DY|Dy|dy|D|HH24|HH12|HH|MI|SS|MS|US|AM|PM|am|pm|Q|TZ|"[^"]*"/g;

/** to_char(timestamp, format). */
export function formatStamp(stamp: number, format: string): string {
  const d = new Date(Math.floor(stamp / 1000));
  const [month, day] = [MONTHS[d.getUTCMonth()] ?? '', DAYS[d.getUTCDay()] ?? ''];
  let fill = true;
  const cased = (word: string, like: string, width: number): string => {
    const text =
      like === like.toUpperCase() ? word.toUpperCase() : like === like.toLowerCase() ? word.toLowerCase() : word;
    return fill ? text.padEnd(width) : text;
  };
  const number = (n: number, width: number) => (fill ? pad(n, width) : String(n));
  return format.replace(PATTERNS, (token) => {
    if (token === 'FM') {
      fill = false;
      return '';
    }
    const text = one(token);
    fill = true;
    return text;
  });
  function one(token: string): string {
    if (token.startsWith('"')) return token.slice(1, -1);
    const half = d.getUTCHours() < 12 ? 'am' : 'pm';
    switch (token.toUpperCase()) {
      case 'YYYY':
        return number(d.getUTCFullYear(), 4);
      case 'YY':
        return pad(d.getUTCFullYear() % 100);
      case 'MONTH':
        return cased(month, token, 9);
      case 'MON':
        return cased(month.slice(0, 3), token, 3);
      case 'MM':
        return number(d.getUTCMonth() + 1, 2);
      case 'DD':
        return number(d.getUTCDate(), 2);
      case 'DAY':
        return cased(day, token, 9);
      case 'DY':
        return cased(day.slice(0, 3), token, 3);
      case 'D':
        return String(d.getUTCDay() + 1);
      case 'HH24':
        return number(d.getUTCHours(), 2);
      case 'HH':
      case 'HH12':
        return number(d.getUTCHours() % 12 || 12, 2);
      case 'MI':
        return number(d.getUTCMinutes(), 2);
      case 'SS':
        return number(d.getUTCSeconds(), 2);
      case 'MS':
        return pad(d.getUTCMilliseconds(), 3);
      case 'US':
        return pad(((stamp % 1e6) + 1e6) % 1e6, 6);
      case 'AM':
      case 'PM':
        return token === token.toUpperCase() ? half.toUpperCase() : half;
      case 'Q':
        return String(Math.floor(d.getUTCMonth() / 3) + 1);
      default:
        return 'UTC';
    }
  }
}
