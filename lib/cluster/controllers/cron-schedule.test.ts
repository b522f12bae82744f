import { expect, test } from 'vitest';
import { nextTime } from './cron-schedule';

test.each([
  ['*/15 * * * *', '2026-01-05T08:01:00Z', '2026-01-05T08:15:00Z'],
  ['0 3 * * *', '2026-01-05T08:01:00Z', '2026-01-06T03:00:00Z'],
  ['30 6 1 * *', '2026-01-05T08:01:00Z', '2026-02-01T06:30:00Z'],
  ['0 0 * * mon', '2026-01-05T00:00:00Z', '2026-01-12T00:00:00Z'],
  ['0 0 13 * fri', '2026-01-05T00:00:00Z', '2026-01-09T00:00:00Z'],
  ['@hourly', '2026-01-05T08:01:00Z', '2026-01-05T09:00:00Z'],
  ['0 0 29 feb *', '2026-01-05T08:01:00Z', '2028-02-29T00:00:00Z'],
])('%s after %s is %s', (schedule, since, next) => {
  expect(new Date(nextTime(schedule, Date.parse(since)) ?? 0).toISOString()).toBe(next.replace('Z', '.000Z'));
});

test('a time zone moves the wall clock', () => {
  const next = nextTime('0 9 * * *', Date.parse('2026-01-05T00:00:00Z'), 'America/New_York');
  expect(new Date(next ?? 0).toISOString()).toBe('2026-01-05T14:00:00.000Z');
});

test('a day that does not exist is never', () => {
  expect(nextTime('0 0 31 feb *', 0)).toBeUndefined();
});
