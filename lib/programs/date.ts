// date.
import type { Program } from '../machine/process';
import { strftime } from '../shell/strftime';
import { getopt } from './getopt';
import { parseDate } from './parse-date';
import { fail, quote, refused, usage } from './tool';

const ISO: Record<string, string> = {
  '': '%Y-%m-%d',
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H%:z',
  minutes: '%Y-%m-%dT%H:%M%:z',
  seconds: '%Y-%m-%dT%H:%M:%S%:z',
  ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
};

export const date: Program = async (proc) => {
  const argv = proc.argv.map((arg) =>
    /^(-I|--iso-8601)$/.test(arg) ? '--iso=date' : arg.replace(/^(-I|--iso-8601=)/, '--iso='),
  );
  const options = getopt(argv, 'd:f:r:Rs:u', {
    'date=': 'd',
    'iso=': 'I',
    'reference=': 'r',
    'rfc-email': 'R',
    'rfc-3339=': 'rfc',
    'set=': 's',
    utc: 'u',
    universal: 'u',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.has('s')) return fail(proc, 'cannot set date: Operation not permitted');
  const now = proc.machine.clock.now();
  const tz = options.has('u') ? undefined : proc.env['TZ'];
  const text = options.get('d');
  const file = options.get('r');
  if (file !== undefined && !proc.files.exists(file)) return fail(proc, `${file}: No such file or directory`);
  const time = text === undefined ? (file === undefined ? now : proc.files.stat(file).mtime) : parseDate(text, now, tz);
  if (time === undefined) return fail(proc, `invalid date ${quote(proc, text ?? '')}`);
  const [format, extra] = options.rest;
  if (extra !== undefined) return usage(proc, `date: extra operand ${quote(proc, extra)}`);
  if (format !== undefined && !format.startsWith('+')) return fail(proc, `invalid date ${quote(proc, format)}`);
  const iso = options.get('I');
  const rfc = options.get('rfc');
  const shape =
    format?.slice(1) ??
    (iso !== undefined
      ? (ISO[Object.keys(ISO).find((name) => iso !== '' && name.startsWith(iso)) ?? ''] ?? '')
      : rfc !== undefined
        ? rfc === 'date'
          ? '%Y-%m-%d'
          : '%Y-%m-%d %H:%M:%S%:z'
        : options.has('R')
          ? '%a, %d %b %Y %H:%M:%S %z'
          : '%a %b %e %H:%M:%S %Z %Y');
  await proc.print(`${strftime(shape, time, tz)}\n`);
  return 0;
};
