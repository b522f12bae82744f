// Every lab is proved, with few seeds; `npm run lab -- check` does it with twenty.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { proveAll } from '../lib/cli/lab/check';
import { coverage } from '../lib/labs/coverage';
import { loadLabs } from '../lib/labs/load';
import { ROOT } from './support/tools';

const LABS = join(ROOT, 'labs');
const SEEDS = 3;

test('every lab is proved', { timeout: 900_000 }, async () => {
  const { labs, broken } = await loadLabs(LABS);
  expect(broken.map(({ message }) => message)).toEqual([]);
  const results = await proveAll(LABS, [...labs.keys()], SEEDS, () => {});
  const flaws = results.flatMap(({ lab, proofs }) =>
    proofs.flatMap(({ proof, flaws }) =>
      flaws.map(({ file, line, message }) => `${lab}/${file}:${line ?? ''} ${proof}: ${message}`),
    ),
  );
  expect(flaws).toEqual([]);
});

test('the course is whole: every row of the lesson is taught and graded, every lab has several right ways and mistakes', async () => {
  const { labs } = await loadLabs(LABS);
  expect(labs.size).toBeGreaterThanOrEqual(16);
  expect(coverage(labs.values()).filter(({ taught, graded }) => taught.length === 0 || graded.length === 0)).toEqual(
    [],
  );
  for (const { id, source } of labs.values()) {
    const count = (folder: string) => Object.keys(source.files).filter((file) => file.startsWith(`${folder}/`)).length;
    expect([id, count('ways') >= 3, count('mistakes') >= 3]).toEqual([id, true, true]);
  }
});
