import { expect, it } from 'vitest';
import { bearerToken, passBack, passOn, passOnUpgrade } from './headers';

it('says who asks, and lets nobody else say it', () => {
  const raw = [
    ...['Host', '127.0.0.1:6443', 'Authorization', 'Bearer x', 'Accept', 'application/json'],
    ...[
      'x-remote-user',
      'admin',
      'X-Remote-Group',
      'system:masters',
      'X-Remote-Extra-a',
      'b',
      'Impersonate-User',
      'admin',
    ],
    ...['X-Forwarded-For', '10.0.0.1', 'Upgrade', 'SPDY/3.1'],
  ];
  expect(passOnUpgrade(raw, 'developer')).toEqual([
    ...['Accept', 'application/json', 'Upgrade', 'SPDY/3.1', 'Host', 'sandbox', 'X-Remote-User', 'developer'],
    ...['X-Remote-Group', 'system:authenticated', 'X-Remote-Group', 'system:authenticated:oauth'],
  ]);
});

it.each([
  ['Bearer a.b', 'a.b'],
  ['bearer a', 'a'],
  ['Basic a', ''],
  ['Bearer a b', ''],
  [undefined, ''],
])('token of %s', (authorization, token) => expect(bearerToken(authorization ? { authorization } : {})).toBe(token));

it('leaves the connection out of the answer', () => {
  expect(
    passBack(['Connection', 'close', 'Content-Type', 'a', 'Keep-Alive', 'timeout=5', 'Warning', 'b', 'Warning', 'c']),
  ).toEqual(['Content-Type', 'a', 'Warning', 'b', 'Warning', 'c']);
});

it('keeps the connection to itself, but for an upgrade', () => {
  expect(passOn(['Connection', 'close'], 'u').slice(-2)).toEqual(['Connection', 'keep-alive']);
  expect(passOnUpgrade(['Connection', 'Upgrade'], 'u')).toContain('Upgrade');
});
