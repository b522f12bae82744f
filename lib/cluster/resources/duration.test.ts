import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { humanDuration, shortHumanDuration } from './duration';
import { addQuantities, canonicalQuantity, parseQuantity } from './quantity';

const truth = ['../shared/truth', '../../shared/truth'].find((dir) => existsSync(dir));
const UNIT_MS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const parseGo = (text: string) => {
  const sign = text.startsWith('-') ? -1 : 1;
  return (
    sign *
    [...text.matchAll(/([\d.]+)(h|ms|m|s)/g)].reduce(
      (sum, [, n, unit]) => sum + Number(n) * (UNIT_MS[unit as string] as number),
      0,
    )
  );
};

it.runIf(truth)('prints durations as the real library', () => {
  const { cases } = JSON.parse(readFileSync(`${truth}/duration-cases.json`, 'utf8')) as {
    cases: { duration: string; HumanDuration: string; ShortHumanDuration: string }[];
  };
  const seen = cases.map(({ duration }) => ({
    duration,
    HumanDuration: humanDuration(parseGo(duration)),
    ShortHumanDuration: shortHumanDuration(parseGo(duration)),
  }));
  expect(seen).toEqual(cases);
});

it.each([
  ['100m', 0.1, '100m'],
  ['0.5', 0.5, '500m'],
  ['1000m', 1, '1'],
  ['1024Mi', 2 ** 30, '1Gi'],
  ['1.5Gi', 1.5 * 2 ** 30, '1536Mi'],
  ['2000', 2000, '2k'],
  ['1e3', 1000, '1e3'],
  ['0', 0, '0'],
  ['-1', -1, '-1'],
  ['x', undefined, 'x'],
  ['1 Gi', undefined, '1 Gi'],
])('quantity %s', (text, value, canonical) => {
  expect(parseQuantity(text)).toBe(value);
  expect(canonicalQuantity(text)).toBe(canonical);
});

it('adds quantities', () => {
  expect(addQuantities('100m', '0.2')).toBe('300m');
  expect(addQuantities('1Gi', '512Mi')).toBe('1536Mi');
});
