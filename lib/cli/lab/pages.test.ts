// What is generated from the definition of the format is up to date.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generated } from './pages';

test('generated pages are up to date: npm run lab -- docs', async () => {
  for (const [file, text] of Object.entries(await generated()))
    expect([file, await readFile(file, 'utf8')]).toEqual([file, text]);
});
