// Go's http.FileServer: files as they are, folders as a list of links.
import type { Process } from '../../machine/process';
import { plain } from '../http/go-server';
import { httpDate, type Response } from '../http/message';
import { mediaType } from '../http/static';

/** The file or folder at a path below a root. */
export function folderPage(proc: Process, root: string, path: string): Response {
  const full = `${root}/${path}`.replace(/\/+/g, '/');
  const stat = path.split('/').includes('..') ? undefined : proc.files.find(full);
  if (!stat) return plain('404 page not found\n', 404);
  if (!proc.files.may(stat, 'read')) return plain('403 Forbidden\n', 403);
  if (stat.type !== 'dir')
    return {
      status: 200,
      headers: [
        ['Accept-Ranges', 'bytes'],
        ['Content-Type', mediaType(full, 'text/plain; charset=utf-8')],
        ['Last-Modified', httpDate(stat.mtime)],
      ],
      body: proc.files.readBytes(full),
    };
  if (!path.endsWith('/')) return { status: 301, headers: [['Location', `${path.split('/').at(-1)}/`]], body: '' };
  const links = proc.files
    .list(full)
    .sort()
    .map((name) => `${name}${proc.files.find(`${full}/${name}`)?.type === 'dir' ? '/' : ''}`)
    .map((name) => `<a href="${encodeURI(name)}">${name}</a>\n`);
  return {
    status: 200,
    headers: [['Content-Type', 'text/html; charset=utf-8']],
    body: `<pre>\n${links.join('')}</pre>\n`,
  };
}
