// Addresses and blocks: what is one, its canonical text, and arithmetic.
import { describe, expect, test } from 'vitest';
import { Cidr, canonical, parseAddress } from './address';

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['::', '::'],
  ['::1', '::1'],
  ['fd01::', 'fd01::'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['10:0:1:0:0:2:3:4', '10:0:1::2:3:4'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['::ffff:a00:1', '10.0.0.1'],
])('%s is %s', (text, wanted) => expect(canonical(text)).toBe(wanted));

test.each([
  '',
  '10.0.0',
  '10.0.0.256',
  '010.0.0.1',
  '10.0.0.1/8',
  '1::2::3',
  ':::',
  'fe80::1%eth0',
  'g::1',
  '::ffff:10.0.0.256',
  '1.2.3.4.5',
  'localhost',
])('%j is no address', (text) => expect(parseAddress(text)).toBeUndefined());

describe('blocks', () => {
  test.each([
    ['10.128.0.0/14', '10.131.255.255', true],
    ['10.128.0.0/14', '10.132.0.0', false],
    ['10.128.1.7/23', '10.128.0.0', true],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::1', false],
    ['10.0.0.1/32', '10.0.0.1', true],
    ['fd01::/48', 'fd01:0:0:ffff::1', true],
    ['::/0', 'ffff::', true],
  ])('%s holds %s: %s', (block, address, wanted) => expect(Cidr.parse(block).contains(address)).toBe(wanted));

  test.each([
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    'x/8',
    '10.0.0/8',
    'fd01::/129',
    '/8',
    '10.0.0.0/',
  ])('%j is none', (text) => {
    expect(() => Cidr.parse(text)).toThrow(`invalid CIDR address: ${text}`);
    expect(Cidr.find(text)).toBeUndefined();
  });

  test('arithmetic', () => {
    const block = Cidr.parse('10.128.0.0/14');
    expect(String(block.subnet(23, 511))).toBe('10.131.254.0/23');
    expect(block.subnet(23, 512)).toBeUndefined();
    expect(Cidr.parse('fd01::/48').subnet(64, 2)?.at(2)).toBe('fd01:0:0:2::2');
    expect(block.overlaps(Cidr.parse('10.131.0.0/16'))).toBe(true);
    expect(block.overlaps(Cidr.parse('172.30.0.0/16'))).toBe(false);
  });
});
