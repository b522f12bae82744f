import { expect, it } from 'vitest';
import { isOwnOrigin } from './origin';

it.each([
  ['http://localhost:3000', 'localhost:3000', true],
  ['https://lab.example.com', 'lab.example.com', true],
  ['https://lab.example.com', 'lab.example.com:443', true],
  ['http://localhost:3001', 'localhost:3000', false],
  ['http://127.0.0.1:3000', 'localhost:3000', false],
  ['http://evil.example', 'localhost:3000', false],
  ['http://localhost:3000.evil.example', 'localhost:3000', false],
  ['file://localhost:3000', 'localhost:3000', false],
  ['null', 'localhost:3000', false],
  ['', 'localhost:3000', false],
  [undefined, 'localhost:3000', false],
  ['http://localhost:3000', undefined, false],
])('Origin %s at %s: %s', (origin, host, own) =>
  expect(isOwnOrigin({ ...(origin !== undefined && { origin }), ...(host !== undefined && { host }) })).toBe(own),
);
