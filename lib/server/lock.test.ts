import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takeLock } from './lock';

it('is held by one, says where that one is, and passes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podlab-'));
  const starts = await Promise.allSettled([takeLock(folder), takeLock(folder), takeLock(folder)]);
  const [lock, ...others] = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  expect(others).toEqual([]);
  lock?.announce('http://localhost:3000');
  await expect(takeLock(folder)).rejects.toThrow('already running on http://localhost:3000');
  await lock?.release();
  await (await takeLock(folder)).release();
  rmSync(folder, { recursive: true });
});
