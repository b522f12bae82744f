// strftime, for `date`, `printf %(…)T`, `ls`. Times are UTC, as the labs' machines have it, unless somebody's TZ says otherwise.
import { offsetText, shownAt, zoneAt } from './zone';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY_MS = 86_400_000;

const pad = (n: number, width = 2, fill = '0'): string => String(n).padStart(width, fill);

/** Formats milliseconds since the epoch. */
export function strftime(format: string, ms: number, tz?: string): string {
  const date = new Date(shownAt(tz, ms));
  return format.replace(/%([-_0^#:+]*)(\d*)([a-zA-Z%])/g, (whole, flags: string, width: string, code: string) => {
    const text = field(code, date, ms, flags, tz);
    if (text === undefined) return whole;
    if (code === 'N' && width) return text.slice(0, Number(width)).padEnd(Number(width), '0');
    return adjust(text, flags, width);
  });
}

function adjust(text: string, flags: string, width: string): string {
  let out = text;
  if (flags.includes('-')) out = out.replace(/^[0 ]+(?=.)/, '');
  if (flags.includes('_')) out = out.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length));
  if (flags.includes('^')) out = out.toUpperCase();
  if (flags.includes('#')) out = out === out.toUpperCase() ? out.toLowerCase() : out.toUpperCase();
  return width ? out.padStart(Number(width), /^[\d ]*$/.test(out) && !flags.includes('_') ? '0' : ' ') : out;
}

const dayOfYear = (date: Date): number =>
  Math.floor(
    (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) /
      DAY_MS,
  ) + 1;

/** ISO 8601 year and week. */
function isoWeek(date: Date): [number, number] {
  const thursday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  return [thursday.getUTCFullYear(), Math.ceil(dayOfYear(thursday) / 7)];
}

function field(code: string, date: Date, ms: number, flags: string, tz: string | undefined): string | undefined {
  const hours = date.getUTCHours();
  const day = DAYS[date.getUTCDay()] as string;
  const month = MONTHS[date.getUTCMonth()] as string;
  const of = (format: string) => strftime(format, ms, tz);
  switch (code) {
    case 'a':
      return day.slice(0, 3);
    case 'A':
      return day;
    case 'b':
    case 'h':
      return month.slice(0, 3);
    case 'B':
      return month;
    case 'c':
      return of('%a %b %e %H:%M:%S %Y');
    case 'C':
      return pad(Math.floor(date.getUTCFullYear() / 100));
    case 'd':
      return pad(date.getUTCDate());
    case 'D':
    case 'x':
      return of('%m/%d/%y');
    case 'e':
      return pad(date.getUTCDate(), 2, ' ');
    case 'F':
      return of('%Y-%m-%d');
    case 'g':
      return pad(isoWeek(date)[0] % 100);
    case 'G':
      return String(isoWeek(date)[0]);
    case 'H':
      return pad(hours);
    case 'I':
      return pad(hours % 12 || 12);
    case 'j':
      return pad(dayOfYear(date), 3);
    case 'k':
      return pad(hours, 2, ' ');
    case 'l':
      return pad(hours % 12 || 12, 2, ' ');
    case 'm':
      return pad(date.getUTCMonth() + 1);
    case 'M':
      return pad(date.getUTCMinutes());
    case 'n':
      return '\n';
    case 'N':
      return pad(((ms % 1000) + 1000) % 1000, 3).padEnd(9, '0');
    case 'p':
      return hours < 12 ? 'AM' : 'PM';
    case 'P':
      return hours < 12 ? 'am' : 'pm';
    case 'q':
      return String(Math.floor(date.getUTCMonth() / 3) + 1);
    case 'r':
      return of('%I:%M:%S %p');
    case 'R':
      return of('%H:%M');
    case 's':
      return String(Math.floor(ms / 1000));
    case 'S':
      return pad(date.getUTCSeconds());
    case 't':
      return '\t';
    case 'T':
    case 'X':
      return of('%H:%M:%S');
    case 'u':
      return String(date.getUTCDay() || 7);
    case 'U':
      return pad(Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7));
    case 'V':
      return pad(isoWeek(date)[1]);
    case 'w':
      return String(date.getUTCDay());
    case 'W':
      return pad(Math.floor((dayOfYear(date) + 6 - ((date.getUTCDay() + 6) % 7)) / 7));
    case 'y':
      return pad(date.getUTCFullYear() % 100);
    case 'Y':
      return String(date.getUTCFullYear());
    case 'z':
      return offsetText(zoneAt(tz, ms).minutes, flags.includes(':') ? ':' : '');
    case 'Z':
      return zoneAt(tz, ms).name;
    case '%':
      return '%';
    default:
      return undefined;
  }
}
