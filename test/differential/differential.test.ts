// Our kubectl against the real one: every command line is run twice, on copies of one cluster that differ in nothing.
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { GROUPS, type Group } from './cases';
import { Origin, Pair } from './clusters';
import { KNOWN_DIFFERENCES } from './known-differences';
import { normalise } from './normalise';

const GROUP_LIMIT_MS = 300_000;
const LEAST_SHARE = 0.98;

describe('our kubectl prints what kubectl of the same release prints', () => {
  let origin: Origin;
  const differing = new Map<string, string>();
  let compared = 0;

  beforeAll(async () => {
    origin = await Origin.make();
  });

  test.each(GROUPS)('$title', { timeout: GROUP_LIMIT_MS }, async (group: Group) => {
    const pair = await Pair.make(origin);
    try {
      for (const line of group.setup ?? []) await Promise.all([pair.real(line), pair.ours(line)]);
      const unexpected: string[] = [];
      for (const line of group.lines) {
        compared++;
        const difference = await compare(pair, line);
        if (!difference) continue;
        differing.set(line, difference);
        if (!(line in KNOWN_DIFFERENCES)) unexpected.push(difference);
      }
      expect(unexpected.join('\n')).toBe('');
    } finally {
      pair.stop();
    }
  });

  test('what is listed as different is', () => {
    expect(Object.keys(KNOWN_DIFFERENCES).filter((line) => !differing.has(line))).toEqual([]);
  });

  test('the share that is equal', () => {
    console.log(`kubectl: ${compared - differing.size} of ${compared} command lines equal`);
    if (process.env['PODLAB_DIFFERENCES'])
      writeFileSync(process.env['PODLAB_DIFFERENCES'], [...differing.values()].join('\n'));
    expect(compared).toBeGreaterThanOrEqual(450);
    expect(1 - differing.size / compared).toBeGreaterThanOrEqual(LEAST_SHARE);
  });
});

/** What differs, or undefined. */
async function compare(pair: Pair, line: string): Promise<string | undefined> {
  const [theirs, own] = (await Promise.all([pair.real(line), pair.ours(line)])).map(normalise);
  if (JSON.stringify(theirs) === JSON.stringify(own)) return undefined;
  const fields = (['status', 'stdout', 'stderr'] as const).filter((field) => theirs?.[field] !== own?.[field]);
  const shown = fields.map((field) => `  ${field} of kubectl:\n${theirs?.[field]}\n  ours:\n${own?.[field]}`);
  return [`$ ${line}`, ...shown].join('\n');
}
