// Time zones, as TZ names them: places of the zone database, which Node brings along, and POSIX' own notation without summer time.

const MINUTE_MS = 60_000;
/** Whose people have short names for zones that others write as numbers. */
const LOCALES = ['en-US', 'en-GB', 'en-IN', 'en-AU', 'en-NZ', 'en-ZA', 'ja-JP'];

export interface ZonedOffset {
  /** East of Greenwich. */
  minutes: number;
  /** `CET`, `+03`. */
  name: string;
}

const UTC: ZonedOffset = { minutes: 0, name: 'UTC' };
const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** What a clock in that zone is ahead at a moment (milliseconds since the epoch). A zone that nobody knows is UTC under its name. */
export function zoneAt(tz: string | undefined, ms: number): ZonedOffset {
  const zone = tz?.replace(/^:/, '');
  if (!zone || /^(UTC|Etc\/UTC|Z)$/.test(zone)) return UTC;
  if (/^[A-Za-z]+\/|^(EST5EDT|CST6CDT|MST7MDT|PST8PDT|CET|EET|MET|WET|GMT|EST|MST|HST)$/.test(zone)) {
    const known = ofPlace(zone, ms);
    if (known) return known;
  }
  return posix(zone) ?? { minutes: 0, name: /^[A-Za-z]+/.exec(zone)?.[0] ?? 'UTC' };
}

/** `EST5`, `<+03>-3`, `IST-5:30`: hours count westward there. */
function posix(zone: string): ZonedOffset | undefined {
  const match = /^(?:<([^>]+)>|([A-Za-z]{3,}))([-+]?)(\d{1,2})(?::(\d{2}))?/.exec(zone);
  if (!match) return undefined;
  const [, quoted, plain, sign, hours, minutes = '0'] = match;
  const west = Number(hours) * 60 + Number(minutes);
  return { minutes: sign === '-' ? west : -west, name: quoted ?? plain ?? '' };
}

function ofPlace(zone: string, ms: number): ZonedOffset | undefined {
  const minutes = offsetOf(zone, ms);
  if (minutes === undefined) return undefined;
  for (const locale of LOCALES) {
    const name = part(format(locale, zone, 'short'), ms, 'timeZoneName');
    if (name && /^[A-Z]{2,5}$/.test(name)) return { minutes, name };
  }
  return { minutes, name: offsetText(minutes).replace(/00$/, '') };
}

function offsetOf(zone: string, ms: number): number | undefined {
  const text = part(format('en-US', zone, 'longOffset'), ms, 'timeZoneName');
  if (text === undefined) return undefined;
  const [, sign, hours = '0', minutes = '0'] = /([-+])(\d+):(\d+)/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const part = (of: Intl.DateTimeFormat | undefined, ms: number, type: string): string | undefined =>
  of?.formatToParts(ms).find((each) => each.type === type)?.value;

function format(locale: string, timeZone: string, timeZoneName: 'short' | 'longOffset') {
  const key = `${locale} ${timeZone} ${timeZoneName}`;
  if (!formats.has(key)) formats.set(key, made(locale, timeZone, timeZoneName));
  return formats.get(key);
}

function made(locale: string, timeZone: string, timeZoneName: 'short' | 'longOffset') {
  try {
    return new Intl.DateTimeFormat(locale, { timeZone, timeZoneName });
  } catch (error) {
    if (error instanceof RangeError) return undefined; // no such place
    throw error;
  }
}

/** `+0530`, or with a colon `+05:30`. */
export function offsetText(minutes: number, colon = ''): string {
  const size = Math.abs(minutes);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
}

/** The moment at which clocks in a zone show a time that is written as if it were UTC. */
export function momentOf(tz: string | undefined, shown: number): number {
  const guess = shown - zoneAt(tz, shown).minutes * MINUTE_MS;
  return shown - zoneAt(tz, guess).minutes * MINUTE_MS;
}

/** What clocks in a zone show at a moment, written as if it were UTC. */
export const shownAt = (tz: string | undefined, ms: number): number => ms + zoneAt(tz, ms).minutes * MINUTE_MS;
