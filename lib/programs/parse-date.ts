// Dates as people write them for `date -d` and `touch -d`.

const UNITS: Record<string, number> = {
  sec: 1000,
  second: 1000,
  min: 60_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  fortnight: 1_209_600_000,
};
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** Milliseconds since the epoch (times without a zone are UTC); undefined when it is no date. */
export function parseDate(text: string, now: number): number | undefined {
  const epoch = /^\s*@(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  if (epoch) return Number(epoch[1]) * 1000;
  let rest = text.trim().toLowerCase();
  let time = now;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest);
    if (match) rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`.trim();
    return match;
  };
  const iso = take(/(\d{4})-(\d{1,2})-(\d{1,2})/);
  if (iso) time = Date.UTC(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  const named = iso
    ? null
    : (take(/(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{4})/) ?? take(/([a-z]{3})[a-z]*\s+(\d{1,2}),?\s+(\d{4})/));
  if (named) {
    const [a = '', b = '', year] = named.slice(1);
    const month = MONTHS.indexOf(/^\d/.test(a) ? b : a);
    if (month < 0) return undefined;
    time = Date.UTC(Number(year), month, Number(/^\d/.test(a) ? a : b));
  }
  const clock = take(/t?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?/);
  const zone = take(/(z|utc|gmt|[+-]\d{2}:?\d{2})(?=\s|$)/);
  const midnight = (ms: number) => ms - (((ms % 86_400_000) + 86_400_000) % 86_400_000);
  if (clock)
    time = midnight(time) + Number(clock[1]) * 3_600_000 + Number(clock[2]) * 60_000 + Number(clock[3] ?? 0) * 1000;
  if (zone && /^[+-]/.test(zone[1] ?? '')) {
    const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone[1] ?? '') ?? [];
    time -= (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  }
  if (take(/\b(today|now)\b/)) time += 0;
  if (take(/\btomorrow\b/)) time += 86_400_000;
  if (take(/\byesterday\b/)) time -= 86_400_000;
  return relative(rest, time);
}

function relative(text: string, start: number): number | undefined {
  let time = start;
  const left = text.replace(
    /([+-]?\s*\d+|next|last|a)?\s*(sec|second|min|minute|hour|day|week|fortnight|month|year)s?(\s+ago)?/g,
    (_, count = '1', unit, ago) => {
      const n =
        (count === 'next' || count === 'a' ? 1 : count === 'last' ? -1 : Number(count.replace(/\s/g, ''))) *
        (ago ? -1 : 1);
      const size = UNITS[unit as string];
      if (size) time += n * size;
      else {
        const date = new Date(time);
        if (unit === 'month') date.setUTCMonth(date.getUTCMonth() + n);
        else date.setUTCFullYear(date.getUTCFullYear() + n);
        time = date.getTime();
      }
      return '';
    },
  );
  return left.trim() === '' ? time : undefined;
}
