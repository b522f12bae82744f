// Finds the recorded truth beside the repository; tests that need it are skipped where it is not.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = ['../shared/truth', '../../shared/truth'].find((path) => existsSync(path));

export const hasTruth = folder !== undefined;

/** The parsed content of a truth file. */
export function readTruth<T>(file: string): T {
  if (!folder) throw new Error('the recorded truth is not here');
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
}
