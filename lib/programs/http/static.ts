// Files over HTTP: media types, and finding the file for a path.
import type { Process } from '../../machine/process';

const TYPES: Record<string, string> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  txt: 'text/plain',
  xml: 'text/xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  svg: 'image/svg+xml',
  gif: 'image/gif',
  ico: 'image/x-icon',
};

export const mediaType = (path: string, otherwise = 'application/octet-stream'): string =>
  TYPES[/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''] ?? otherwise;

export type Found = { file: string; data: Uint8Array; mtime: number } | { status: 403 | 404; directory?: boolean };

/** The file for a path below a root; a directory stands for its index file. */
export function findFile(proc: Process, root: string, path: string, index: string[]): Found {
  if (path.split('/').includes('..')) return { status: 404 };
  const full = `${root}/${path}`.replace(/\/+/g, '/');
  const stat = proc.files.find(full);
  if (!stat) return { status: 404 };
  if (stat.type === 'dir') {
    for (const name of index) {
      const found = findFile(proc, full, name, []);
      if ('data' in found) return found;
    }
    return { status: 403, directory: true };
  }
  if (!proc.files.may(stat, 'read')) return { status: 403 };
  return { file: full, data: stat.data ?? new Uint8Array(), mtime: stat.mtime };
}
