// Ranges as Go's net.ParseCIDR reads them.
import { expect, test } from 'vitest';
import { parseCIDR } from './ip';

test.each([
  ['10.0.3.0/23', { first: 0x0a000200n, last: 0x0a0003ffn, v6: false }],
  ['0.0.0.0/0', { first: 0n, last: 0xffffffffn, v6: false }],
  ['fd00::1/126', { first: 0xfd00n << 112n, last: (0xfd00n << 112n) + 3n, v6: true }],
  ['::ffff:10.0.0.0/104', { first: 0xffff0a000000n, last: 0xffff0affffffn, v6: true }],
])('%s', (text, range) => expect(parseCIDR(text)).toEqual(range));

test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0/8', 'fd00::/129', '/8', '10.0.0.0/'])(
  '%s is none',
  (text) => expect(parseCIDR(text)).toBeUndefined(),
);
