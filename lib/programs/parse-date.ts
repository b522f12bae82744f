// Dates as people write them for `date -d` and `touch -d`: the items of GNU's date input formats, in any order.

import { momentOf, shownAt } from '../shell/zone';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: Record<string, number> = {
  sec: SECOND,
  second: SECOND,
  min: MINUTE,
  minute: MINUTE,
  hour: HOUR,
  day: DAY,
  week: 7 * DAY,
  fortnight: 14 * DAY,
};
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const FULL_MONTHS = 'january february march april may june july august september october november december'.split(' ');
const DAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const ORDINALS: Record<string, number> = {
  last: -1,
  this: 0,
  next: 1,
  first: 1,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
};
const ZONES: Record<string, number> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  bst: 1,
  west: 1,
  cet: 1,
  cest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  ist: 5.5,
  jst: 9,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
};

const THIS_YEAR = -1; // stands for the year that is not given

interface Found {
  date?: [number, number, number];
  /** Of the day, in milliseconds. */
  time?: number;
  /** Hours east of Greenwich. */
  zone?: number;
  weekday?: { day: number; ordinal: number };
  /** Moves: months first, then milliseconds. */
  months: number;
  shift: number;
}

/** Milliseconds since the epoch (times without a zone are those of tz); undefined when it is no date. */
export function parseDate(text: string, now: number, tz?: string): number | undefined {
  const epoch = /^\s*@([-+]?\d+(?:[.,]\d+)?)\s*$/.exec(text);
  if (epoch) return Number((epoch[1] as string).replace(',', '.')) * SECOND;
  const plain = text.toLowerCase().replace(/\([^)]*\)/g, ' ');
  const found: Found = { months: 0, shift: 0 };
  let rest = plain.trim();
  while (rest !== '') {
    const length = ITEMS.reduce((taken, item) => taken || item(rest, found), 0);
    if (!length) return undefined;
    rest = rest.slice(length).replace(/^[\s,]+/, '');
  }
  const shown = resolve(found, shownAt(tz, now), text.trim() === '');
  return shown === undefined || found.zone !== undefined ? shown : momentOf(tz, shown);
}

function resolve(found: Found, now: number, empty: boolean): number | undefined {
  const today = new Date(now);
  const [given, month, day] = found.date ?? [THIS_YEAR, today.getUTCMonth(), today.getUTCDate()];
  const year = given === THIS_YEAR ? today.getUTCFullYear() : given;
  let start = Date.UTC(year, month, day);
  if (new Date(start).getUTCMonth() !== month) return undefined; // the 31st of a shorter month
  if (found.weekday && !found.date) {
    const { day: wanted, ordinal } = found.weekday;
    const own = new Date(start).getUTCDay();
    start += (((wanted - own + 7) % 7) + 7 * (ordinal - (ordinal > 0 && own !== wanted ? 1 : 0))) * DAY;
  }
  const fromMidnight = found.date !== undefined || found.weekday !== undefined || empty;
  const time = found.time ?? (fromMidnight ? 0 : now - Math.floor(now / DAY) * DAY);
  const moved = new Date(start);
  moved.setUTCMonth(moved.getUTCMonth() + found.months);
  return moved.getTime() + time + found.shift - (found.zone ?? 0) * HOUR;
}

/** How many letters of the text an item takes; 0 when it begins with something else. */
type Item = (text: string, found: Found) => number;

const match =
  (pattern: RegExp, use: (groups: string[], found: Found) => boolean | undefined): Item =>
  (text, found) => {
    const groups = pattern.exec(text);
    return groups && use(groups as unknown as string[], found) !== false ? groups[0].length : 0;
  };

const fullYear = (text: string): number => {
  const year = Number(text);
  return text.length > 2 ? year : year + (year < 69 ? 2000 : 1900);
};

function setDate(found: Found, year: number, month: number, day: number): boolean {
  if (found.date || month < 0 || month > 11 || day < 1 || day > 31) return false;
  found.date = [year, month, day];
  return true;
}

const monthOf = (word: string): number => {
  const short = word === 'sept' ? 'sep' : word;
  return MONTHS.indexOf(short) >= 0 ? MONTHS.indexOf(short) : FULL_MONTHS.indexOf(short);
};

function setTime(found: Found, hour: number, minute: number, second: number, half?: string): boolean {
  if (found.time !== undefined || minute > 59 || second > 60 || hour > 24) return false;
  if (half && (hour < 1 || hour > 12)) return false;
  const hours = half ? (hour % 12) + (half.startsWith('p') ? 12 : 0) : hour;
  found.time = hours * HOUR + minute * MINUTE + second * SECOND;
  return true;
}

function setZone(found: Found, sign: string, hours: string, minutes = '0'): boolean {
  const east = Number(hours) + Number(minutes) / 60;
  if (found.zone !== undefined && found.zone !== 0) return false;
  if (east > 24) return false;
  found.zone = sign === '-' ? -east : east;
  return true;
}

/** `2 days`, `-1 month`, `next week`, and `ago` behind it, which turns it. */
function move(found: Found, count: number, unit: string, ago: string | undefined): boolean {
  const signed = ago ? -count : count;
  if (unit === 'month') found.months += signed;
  else if (unit === 'year') found.months += 12 * signed;
  else found.shift += signed * (UNITS[unit] ?? 0);
  return true;
}

const UNIT = '(sec|second|min|minute|hour|day|week|fortnight|month|year)s?\\b(\\s*ago\\b)?';

const ITEMS: Item[] = [
  match(/^(\d{4})-(\d{1,2})-(\d{1,2})(?:t(?=\d))?/, ([, y = '', m, d], found) =>
    setDate(found, Number(y), Number(m) - 1, Number(d)),
  ),
  match(/^(\d{4})\/(\d{1,2})\/(\d{1,2})/, ([, y, m, d], found) => setDate(found, Number(y), Number(m) - 1, Number(d))),
  match(/^(\d{1,2})\/(\d{1,2})\/(\d{2,4})/, ([, m, d, y = ''], found) =>
    setDate(found, fullYear(y), Number(m) - 1, Number(d)),
  ),
  match(/^(\d{1,2})[\s-]*([a-z]{3,9})[\s,-]*(\d{4}|\d{2})?(?![\d:])/, ([, d, m = '', y], found) => {
    const month = monthOf(m);
    if (month < 0) return false;
    return setDate(found, y ? fullYear(y) : THIS_YEAR, month, Number(d));
  }),
  match(/^([a-z]{3,9})\.?[\s-]*(\d{1,2})(?!\d)(?:[\s,-]+(\d{4})(?![\d:]))?/, ([, m = '', d, y], found) => {
    const month = monthOf(m);
    if (month < 0) return false;
    return setDate(found, y ? fullYear(y) : THIS_YEAR, month, Number(d));
  }),
  match(/^(\d{4})(\d{2})(\d{2})(?:t(?=\d)|(?!\d))/, ([, y, m, d], found) =>
    setDate(found, Number(y), Number(m) - 1, Number(d)),
  ),
  // A sign behind a time begins a zone, whatever was meant.
  match(
    /^t?(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?(?:\s*([ap])\.?m\.?)?(?:\s*([-+])\s*(\d{1,2}):?(\d{2})?)?/,
    ([, h, m, s = '0', half, sign, east = '', minutes], found) =>
      setTime(found, Number(h), Number(m), Number(s.replace(',', '.')), half) &&
      (sign === undefined || setZone(found, sign, east, minutes)),
  ),
  match(/^(\d{1,2})\s*([ap])\.?m\.?(?![a-z])/, ([, h, half], found) => setTime(found, Number(h), 0, 0, half)),
  match(new RegExp(`^([-+]?)\\s*(\\d+)\\s*${UNIT}`), ([, sign, count, unit = '', ago], found) =>
    move(found, (sign === '-' ? -1 : 1) * Number(count), unit, ago),
  ),
  match(
    new RegExp(`^(last|this|next|first|third|fourth|fifth|sixth)\\s+${UNIT}`),
    ([, word = '', unit = '', ago], found) => move(found, ORDINALS[word] ?? 0, unit, ago),
  ),
  match(new RegExp(`^${UNIT}`), ([, unit = '', ago], found) => move(found, 1, unit, ago)),
  match(/^(today|now)\b/, (_, found) => move(found, 0, 'day', undefined)),
  match(/^tomorrow\b/, (_, found) => move(found, 1, 'day', undefined)),
  match(/^yesterday\b/, (_, found) => move(found, -1, 'day', undefined)),
  match(/^(?:(last|this|next|first|third)\s+)?([a-z]{3,9})\.?(?![a-z])/, ([, word, name = ''], found) => {
    const day = DAYS.findIndex(
      (each) => each === name || each.slice(0, 3) === name || (name.length > 3 && each.startsWith(name)),
    );
    if (day < 0 || found.weekday) return false;
    found.weekday = { day, ordinal: word ? (ORDINALS[word] ?? 0) : 0 };
    return true;
  }),
  match(/^(?:utc|gmt)?([-+])(\d{1,2}):?(\d{2})?(?!\d)/, ([, sign = '', h = '', m], found) =>
    setZone(found, sign, h, m),
  ),
  match(/^([a-z]{1,4})(?![a-z])/, ([, name = ''], found) => {
    const zone = ZONES[name];
    if (zone === undefined || found.zone !== undefined) return false;
    found.zone = zone;
    return true;
  }),
  match(/^(\d{4})(?!\d)/, ([, number = ''], found) => {
    if (!found.date || found.time === undefined)
      return setTime(found, Number(number.slice(0, 2)), Number(number.slice(2)), 0);
    found.date[0] = Number(number); // `Nov 14 22:13:20 2023`: the year at the end
    return true;
  }),
];
