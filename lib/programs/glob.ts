// Names in one directory that match a pattern with stars, as the include lines of configuration files have it.
import { basename, dirname, join } from '../machine/path';
import type { Process } from '../machine/process';

/** Sorted paths; a path without a star stands for itself, whether it exists or not. */
export function matchGlob(proc: Process, path: string): string[] {
  if (!/[*?]/.test(path)) return [path];
  const folder = dirname(path);
  if (!proc.files.exists(folder)) return [];
  const source = basename(path)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const pattern = new RegExp(`^${source}$`);
  return proc.files
    .list(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}
