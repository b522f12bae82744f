// Functions of dates, times and intervals.
import * as dates from './dates';
import { PgError } from './error';
import type { Row } from './functions';
import { stampOf } from './values';

export const stampFunctions: Row[] = [
  ['now', '', 'timestamptz', (c) => dates.stampText(c.transactionTime())],
  ['transaction_timestamp', '', 'timestamptz', (c) => dates.stampText(c.transactionTime())],
  ['statement_timestamp', '', 'timestamptz', (c) => dates.stampText(c.now())],
  ['clock_timestamp', '', 'timestamptz', (c) => dates.stampText(c.now())],
  ['timeofday', '', 'text', (c) => dates.formatStamp(c.now(), 'Dy Mon DD HH24:MI:SS.US YYYY TZ')],
  [
    'date_trunc',
    'text,timestamp',
    'timestamp',
    (_, f: string, s: string) => dates.stampText(dates.truncateTo(f, stampOf(s))),
  ],
  [
    'date_trunc',
    'text,timestamptz',
    'timestamptz',
    (_, f: string, s: string) => dates.stampText(dates.truncateTo(f, stampOf(s))),
  ],
  ['date_part', 'text,timestamp', 'float8', (_, f: string, s: string) => Number(dates.extract(f, stampOf(s)))],
  ['date_part', 'text,timestamptz', 'float8', (_, f: string, s: string) => Number(dates.extract(f, stampOf(s)))],
  ['extract', 'text,timestamp', 'numeric', (_, f: string, s: string) => dates.extract(f, stampOf(s))],
  ['extract', 'text,timestamptz', 'numeric', (_, f: string, s: string) => dates.extract(f, stampOf(s))],
  ['extract', 'text,interval', 'numeric', (_, f: string, s: string) => extractSpan(f, s)],
  ['date_part', 'text,interval', 'float8', (_, f: string, s: string) => Number(extractSpan(f, s))],
  [
    'age',
    'timestamp,timestamp',
    'interval',
    (_, a: string, b: string) => dates.spanText(dates.age(stampOf(a), stampOf(b))),
  ],
  [
    'age',
    'timestamptz,timestamptz',
    'interval',
    (_, a: string, b: string) => dates.spanText(dates.age(stampOf(a), stampOf(b))),
  ],
  [
    'age',
    'timestamp',
    'interval',
    (c, a: string) => dates.spanText(dates.age(dates.truncateTo('day', c.now()), stampOf(a))),
  ],
  ['to_char', 'timestamp,text', 'text', (_, s: string, f: string) => dates.formatStamp(stampOf(s), f)],
  ['to_char', 'timestamptz,text', 'text', (_, s: string, f: string) => dates.formatStamp(stampOf(s), f)],
  ['to_date', 'text,text', 'date', (_, s: string) => dates.dateText(stampOf(s))],
  ['to_timestamp', 'float8', 'timestamptz', (_, n: number) => dates.stampText(Math.round(n * 1e6))],
  ['to_timestamp', 'text,text', 'timestamptz', (_, s: string) => dates.stampText(stampOf(s))],
  [
    'make_date',
    'int4,int4,int4',
    'date',
    (_, y: number, m: number, d: number) => dates.dateText(stampOf(`${String(y).padStart(4, '0')}-${m}-${d}`)),
  ],
  [
    'timezone',
    'text,timestamptz',
    'timestamp',
    (_, z: string, s: string) => dates.stampText(stampOf(s) + dates.zoneMicros(z)),
  ],
  [
    'timezone',
    'text,timestamp',
    'timestamptz',
    (_, z: string, s: string) => dates.stampText(stampOf(s) - dates.zoneMicros(z)),
  ],
  [
    'justify_days',
    'interval',
    'interval',
    (_, s: string) => {
      const p = dates.readSpan(s);
      return dates.spanText({ ...p, months: p.months + Math.trunc(p.days / 30), days: p.days % 30 });
    },
  ],
  ['pg_sleep', 'float8', 'void', () => ''],
];

function extractSpan(field: string, spanText: string): string {
  const span = dates.readSpan(spanText);
  if (field === 'epoch') return (dates.spanMicros(span) / 1e6).toFixed(6);
  const seconds = span.micros / 1e6;
  const parts: Record<string, number> = {
    year: Math.trunc(span.months / 12),
    month: span.months % 12,
    day: span.days,
    hour: Math.trunc(seconds / 3600),
    minute: Math.trunc(seconds / 60) % 60,
  };
  if (field === 'second') return (seconds % 60).toFixed(6);
  const found = parts[field];
  if (found === undefined) throw new PgError('22023', `unit "${field}" not recognized for type interval`);
  return String(found);
}
