// Pathname expansion: the names in the file system that a pattern matches, sorted as the C locale does.
import type { Process } from '../../machine/process';
import { compile, isPattern, patternSource } from '../pattern';

export interface GlobOptions {
  dotglob?: boolean;
  globstar?: boolean;
  nocase?: boolean;
}

/** Paths that match; empty when none does. */
export function glob(proc: Process, pattern: string, options: GlobOptions = {}): string[] {
  const absolute = pattern.startsWith('/');
  const pieces = pattern.split('/').filter((piece, i, all) => piece !== '' || i === all.length - 1);
  const found = walk(proc, absolute ? '/' : '', pieces, options);
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function walk(proc: Process, base: string, pieces: string[], options: GlobOptions): string[] {
  const [piece, ...rest] = pieces;
  if (piece === undefined) return [base];
  if (piece === '') return isDirectory(proc, base) ? [`${base}/`] : [];
  if (options.globstar && piece === '**') return globstar(proc, base, rest, options);
  if (!isPattern(piece)) {
    const path = at(base, piece.replace(/\\([\s\S])/g, '$1'));
    if (rest.length === 0) return proc.files.find(path, false) ? [path] : [];
    return isDirectory(proc, path) ? walk(proc, path, rest, options) : [];
  }
  const regex = compile(`^(?:${patternSource(piece, { path: true })})$`, options.nocase ? 'iu' : 'u');
  const hidden = piece.startsWith('.') || piece.startsWith('\\.');
  return names(proc, base)
    .filter((name) => (hidden || options.dotglob || !name.startsWith('.')) && regex.test(name))
    .flatMap((name) => {
      const path = at(base, name);
      if (rest.length === 0) return [path];
      return isDirectory(proc, path) ? walk(proc, path, rest, options) : [];
    });
}

/** What `**` stands for: at the end of a pattern also the directory it begins in. */
function globstar(proc: Process, base: string, rest: string[], options: GlobOptions, first = true): string[] {
  const below = names(proc, base)
    .filter((name) => options.dotglob || !name.startsWith('.'))
    .map((name) => at(base, name));
  const deeper = below
    .filter((path) => proc.files.find(path, false)?.type === 'dir')
    .flatMap((path) => globstar(proc, path, rest, options, false));
  if (rest.length === 1 && rest[0] === '') return [...(base ? [`${base}/`] : []), ...deeper];
  const itself = first && base !== '' && base !== '/' ? [`${base}/`] : [];
  if (rest.length === 0) return [...itself, ...below, ...deeper.filter((path) => !below.includes(path))];
  return [...walk(proc, base, rest, options), ...deeper];
}

const at = (base: string, name: string): string =>
  base === '' || base.endsWith('/') ? base + name : `${base}/${name}`;

const isDirectory = (proc: Process, path: string): boolean => proc.files.find(path || '.')?.type === 'dir';

function names(proc: Process, base: string): string[] {
  try {
    return proc.files.list(base || '.');
  } catch {
    return [];
  }
}
