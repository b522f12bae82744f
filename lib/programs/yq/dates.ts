// yq's operators on times. Formats are Go's: an example of how Monday, January 2nd 2006, 15:04:05, would be written.
import { strftime } from '../../shell/strftime';
import { type Context, DATE_FORMAT, type Operator } from './evaluate';
import { int, placed, scalar, type YqNode } from './node';
import type { Each, FirstOf } from './operators';
import { argumentsOf } from './parser';
import { YqError } from './problem';

/** Go's words for the parts of a date, the longest first, and strftime's. */
const PARTS: [string, string][] = [
  ['January', '%B'],
  ['Monday', '%A'],
  ['2006', '%Y'],
  ['Z07:00', 'Z'],
  ['-07:00', 'z:'],
  ['-0700', 'z'],
  ['Jan', '%b'],
  ['Mon', '%a'],
  ['MST', '%Z'],
  ['01', '%m'],
  ['02', '%d'],
  ['03', '%I'],
  ['04', '%M'],
  ['05', '%S'],
  ['06', '%y'],
  ['15', '%H'],
  ['PM', '%p'],
  ['pm', '%P'],
  ['_2', '%e'],
  ['1', '%-m'],
  ['2', '%-d'],
  ['3', '%-I'],
  ['4', '%-M'],
  ['5', '%-S'],
];
const NAMED: Record<string, string> = {
  RFC3339: DATE_FORMAT,
  RFC1123: 'Mon, 02 Jan 2006 15:04:05 MST',
  RFC822: '02 Jan 06 15:04 MST',
};

interface Time {
  /** Milliseconds since the epoch. */
  at: number;
  /** Minutes east of Greenwich. */
  offset: number;
}

function* parts(format: string): Generator<{ go?: string; code: string }> {
  for (let at = 0; at < format.length; ) {
    const found = PARTS.find(([go]) => format.startsWith(go, at));
    if (found) {
      yield { go: found[0], code: found[1] };
      at += found[0].length;
    } else yield { code: format.charAt(at++) };
  }
}

const zone = (offset: number, colon: boolean): string => {
  const size = Math.abs(offset);
  const [hours, minutes] = [Math.floor(size / 60), size % 60].map((n) => String(n).padStart(2, '0'));
  return `${offset < 0 ? '-' : '+'}${hours}${colon ? ':' : ''}${minutes}`;
};

function written({ at, offset }: Time, format: string): string {
  let out = '';
  for (const { go, code } of parts(format)) {
    if (!go) out += code;
    else if (code === 'Z') out += offset === 0 ? 'Z' : zone(offset, true);
    else if (code === 'z' || code === 'z:') out += zone(offset, code === 'z:');
    else out += strftime(code, at + offset * 60_000);
  }
  return out;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

function read(value: string, format: string): Time {
  const fields: Record<string, string> = {};
  let source = '';
  const names: string[] = [];
  for (const { go, code } of parts(format)) {
    if (!go) source += code.replace(/[.*+?^${}()|[\]\\]/, '\\$&');
    else {
      names.push(code);
      source += /%[BAbaZpP]/.test(code)
        ? '([A-Za-z]+)'
        : /^[Zz]/.test(code)
          ? '(Z|[-+]\\d\\d:?\\d\\d)'
          : code === '%Y'
            ? '(\\d{4})'
            : '\\s*(\\d{1,2})';
      if (code === '%S') source += '(?:\\.\\d+)?';
    }
  }
  const found = new RegExp(`^${source}$`).exec(value);
  if (!found)
    throw new YqError(
      `could not parse datetime of [${value}]: parsing time "${value}" as "${format}": cannot parse "${value}" as "${format.slice(0, 4)}"`,
    );
  names.forEach((name, i) => {
    fields[name.replace('-', '').replace('e', 'd').replace('P', 'p')] = found[i + 1] as string;
  });
  const month = fields['%m']
    ? Number(fields['%m']) - 1
    : MONTHS.indexOf((fields['%B'] ?? fields['%b'] ?? 'jan').slice(0, 3).toLowerCase());
  const half = fields['%p']?.toLowerCase();
  const hour = fields['%I'] ? (Number(fields['%I']) % 12) + (half === 'pm' ? 12 : 0) : Number(fields['%H'] ?? 0);
  const year = fields['%Y'] ? Number(fields['%Y']) : fields['%y'] ? 2000 + Number(fields['%y']) : 0;
  const east = fields['Z'] ?? fields['z'] ?? fields['z:'] ?? 'Z';
  const offset =
    east === 'Z' ? 0 : (east.startsWith('-') ? -1 : 1) * (Number(east.slice(1, 3)) * 60 + Number(east.slice(-2)));
  const at = Date.UTC(
    year,
    month,
    Number(fields['%d'] ?? 1),
    hour,
    Number(fields['%M'] ?? 0),
    Number(fields['%S'] ?? 0),
  );
  return { at: at - offset * 60_000, offset };
}

/** Minutes east of Greenwich of a place at a time, from the runtime's own table. */
function offsetOf(place: string, at: number): number {
  if (/^utc$/i.test(place)) return 0;
  const numeric = /^([-+])(\d\d):?(\d\d)$/.exec(place);
  if (numeric) return (numeric[1] === '-' ? -1 : 1) * (Number(numeric[2]) * 60 + Number(numeric[3]));
  try {
    const shown = new Intl.DateTimeFormat('en-US', { timeZone: place, timeZoneName: 'longOffset' }).format(at);
    const found = /GMT(?:([-+])(\d\d):(\d\d))?/.exec(shown);
    return found?.[1] ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
  } catch {
    throw new YqError(`could not load tz [${place}]: unknown time zone ${place}`);
  }
}

export function datesAndTimes(firstOf: FirstOf, each: Each): Record<string, Operator> {
  const format = (context: Context) => NAMED[context.dateFormat] ?? context.dateFormat;
  const made = (node: YqNode, value: string) => placed(scalar(value), node);
  return {
    now: async (run, context) => {
      const node = scalar(strftime('%Y-%m-%dT%H:%M:%SZ', run.surroundings.now()));
      return context.nodes.length > 0 ? context.nodes.map((each) => placed(node.copy(), each)) : [node];
    },
    format_datetime: each(async (node, run, context, args) => {
      const wanted = (await firstOf(run, context, args, node))?.value ?? '';
      return made(node, written(read(node.value, format(context)), NAMED[wanted] ?? wanted));
    }),
    with_dtf: async (run, context, args) => {
      const [source, body] = argumentsOf(args, ';').length > 1 ? argumentsOf(args, ';') : argumentsOf(args, ',');
      if (!source || !body)
        throw new YqError('WITH_DATE_TIME_FORMAT must be given a block (;), got something else instead');
      const wanted = (await firstOf(run, context, source))?.value ?? '';
      return run.run(body, { ...context, dateFormat: wanted });
    },
    tz: each(async (node, run, context, args) => {
      const place = (await firstOf(run, context, args, node))?.value ?? '';
      const { at } = read(node.value, format(context));
      return made(node, written({ at, offset: offsetOf(place, at) }, format(context)));
    }),
    from_unix: each((node) => made(node, strftime('%Y-%m-%dT%H:%M:%SZ', Number(node.value) * 1000))),
    to_unix: each((node, _, context) => placed(int(Math.floor(read(node.value, format(context)).at / 1000)), node)),
  };
}
