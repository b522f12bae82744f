// php:apache: files of the document root; a page in PHP as far as its statements are texts and names (scripts/interpret.ts).
import { OpenFile, sink } from '../../machine/descriptor';
import type { Process, Program } from '../../machine/process';
import type { Request, Response } from '../http/message';
import { splitTarget } from '../http/serve';
import { findFile, mediaType } from '../http/static';
import { html } from '../samples/answers';
import { apache } from './wordpress';

const ROOT = '/var/www/html';

export const phpApache: Program = (proc) => apache(proc, (request) => answer(proc, request));

const error = (status: number, title: string, text: string): Response =>
  html(
    `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${text}</p>\n<hr>\n<address>Apache/2.4.62 (Debian) Server at localhost Port 80</address>\n</body></html>\n`,
    status,
  );

async function answer(proc: Process, request: Request): Promise<Response> {
  const found = findFile(proc, ROOT, splitTarget(request.target).path, ['index.php', 'index.html']);
  if (!('data' in found))
    return found.status === 403
      ? error(403, 'Forbidden', "You don't have permission to access this resource.")
      : error(404, 'Not Found', 'The requested URL was not found on this server.');
  if (!found.file.endsWith('.php'))
    return { status: 200, headers: [['Content-Type', mediaType(found.file, 'text/plain')]], body: found.data };
  return run(proc, found.file);
}

/** The pieces outside of `<?php … ?>` as they are, the others run by the command line's php. */
async function run(proc: Process, file: string): Promise<Response> {
  const pieces = proc.files.readText(file).split(/<\?(?:php\b|=)([\s\S]*?)(?:\?>\n?|$)/);
  const marks = [...proc.files.readText(file).matchAll(/<\?(php\b|=)/g)].map(([, kind]) => kind);
  let body = '';
  for (const [i, piece] of pieces.entries()) {
    if (i % 2 === 0) body += piece;
    else {
      let [out, err] = ['', ''];
      const into = (add: (text: string) => void) => new OpenFile(sink((bytes) => add(new TextDecoder().decode(bytes))));
      const source = marks[(i - 1) / 2] === '=' ? `echo ${piece}` : piece;
      const child = proc.spawn(['/usr/local/bin/php', '-r', source], {
        fds: new Map([
          [0, new OpenFile({ name: 'nothing', read: async () => null, write: async () => {}, close: () => {} })],
          [1, into((text) => (out += text))],
          [2, into((text) => (err += text))],
        ]),
      });
      const { code } = await child.exited;
      if (code !== 0) {
        await proc.complain(err);
        return html(err, 501);
      }
      body += out;
    }
  }
  return html(body);
}
