// Symbolic links followed without a process: as the kernel's mounts and a machine's own look at its files do.
import type { Entry } from './fs';
import { dirname, join } from './path';

const MAX_LINKS = 40; // Linux' ELOOP

/** A path with every link followed; what is not there is kept as it is written. */
export function followLinks(files: { lookup(path: string): Entry | undefined }, path: string, depth = 0): string {
  let at = '/';
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  for (const [i, name] of names.entries()) {
    const next = name === '..' ? dirname(at) : join(at, name);
    const entry = files.lookup(next);
    if (entry?.type !== 'link' || depth > MAX_LINKS) {
      at = next;
      continue;
    }
    const target = entry.target?.startsWith('/') ? entry.target : `${at}/${entry.target ?? ''}`;
    return followLinks(files, [target, ...names.slice(i + 1)].join('/'), depth + 1);
  }
  return at;
}
