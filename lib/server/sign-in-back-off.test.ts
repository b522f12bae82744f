import { expect, it } from 'vitest';
import { SignInBackOff } from './sign-in-back-off';

it('lets typing errors pass, then doubles the wait, and forgets after a success', () => {
  let now = 0;
  const backOff = new SignInBackOff(() => now);
  const fail = (times: number) => Array.from({ length: times }, () => backOff.note('A@example.com', true));
  fail(4);
  expect(backOff.secondsToWait('a@example.com')).toBe(0);
  fail(1);
  expect(backOff.secondsToWait('a@example.com')).toBe(2);
  fail(2);
  expect(backOff.secondsToWait('a@example.com')).toBe(8);
  fail(30);
  expect(backOff.secondsToWait('a@example.com')).toBe(300);
  expect(backOff.secondsToWait('b@example.com')).toBe(0);
  now += 300_000;
  expect(backOff.secondsToWait('a@example.com')).toBe(0);
  backOff.note('a@example.com', false);
  fail(4);
  expect(backOff.secondsToWait('a@example.com')).toBe(0);
});
