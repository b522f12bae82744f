// python3 as far as images here use it: its version, `-m http.server`, and one-liners that print (scripts/interpret.ts).
// DIFFERS: no other Python is run.
import { Errno, strerror } from '../machine/errno';
import type { Listener } from '../machine/net';
import type { Process, Program } from '../machine/process';
import { httpDate, type Request, type Response } from './http/message';
import { serveHttp, splitTarget } from './http/serve';
import { findFile, mediaType } from './http/static';
import { interpret, sourceOf } from './scripts/interpret';
import { PYTHON } from './scripts/languages';

/** As the image says it; Red Hat's images bring the newest one. */
const version = (proc: Process): string => proc.env['PYTHON_VERSION'] || '3.12.7';
const NUMBERS: Record<string, number> = { EADDRINUSE: 98, EACCES: 13 };
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

export const python: Program = async (proc) => {
  const args = proc.argv.slice(1).filter((word) => word !== '-u');
  if (args[0] === '--version' || args[0] === '-V') {
    await proc.print(`Python ${version(proc)}\n`);
    return 0;
  }
  if (args[0] === '-m' && args[1] === 'http.server') return httpServer(proc, args.slice(2));
  if (args[0] === '-m') {
    await proc.complain(`/usr/bin/python3: No module named ${args[1]}\n`);
    return 1;
  }
  if (proc.stdin.terminal && (args.length === 0 || args[0] === '-i')) {
    await proc.complain('python3: not supported: its prompt\n');
    return 1;
  }
  const source = await sourceOf(proc, args[0] === '-c' ? (args[1] ?? '') : undefined, args[0]);
  if ('text' in source) return interpret(proc, source.text, PYTHON);
  const path = source.missing.startsWith('/') ? source.missing : `${proc.cwd}/${source.missing}`.replace('//', '/');
  await proc.complain(`${proc.argv[0]}: can't open file '${path}': [Errno 2] No such file or directory\n`);
  return 2;
};

async function httpServer(proc: Process, args: string[]): Promise<number> {
  let [port, bind, directory] = [8000, '0.0.0.0', proc.cwd];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (/^\d+$/.test(word)) port = Number(word);
    else if (word === '-b' || word === '--bind') bind = args[++i] ?? bind;
    else if (word === '-d' || word === '--directory') directory = args[++i] ?? directory;
    else return usageError(proc, word);
  }
  let listener: Listener;
  try {
    listener = proc.listen(port, bind);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await proc.complain(
      `Traceback (most recent call last):\n  File "<frozen runpy>", line 198, in _run_module_as_main\n  File "<frozen runpy>", line 88, in _run_code\n${error.code === 'EACCES' ? 'PermissionError' : 'OSError'}: [Errno ${NUMBERS[error.code] ?? 1}] ${strerror(error)}\n`,
    );
    return 1;
  }
  await announce(proc, `Serving HTTP on ${bind} port ${port} (http://${bind}:${port}/) ...\n`);
  proc.on('SIGINT', () => listener.close());
  await serveHttp(proc, listener, async (request, connection) => {
    const response = answer(proc, directory, request);
    const line = `"${request.method} ${request.target} ${request.version}" ${response.status} -`;
    if (response.status >= 400)
      await proc.complain(
        `${connection.remoteAddress} - - [${stamp(proc)}] code ${response.status}, message ${message(response.status)}\n`,
      );
    await proc.complain(`${connection.remoteAddress} - - [${stamp(proc)}] ${line}\n`);
    const own: [string, string][] = [
      ['Server', `SimpleHTTP/0.6 Python/${version(proc)}`],
      ['Date', httpDate(proc.machine.clock.now())],
      ['Connection', 'close'],
    ];
    return { ...response, headers: [...own, ...response.headers] };
  });
  await proc.print('\nKeyboard interrupt received, exiting.\n');
  return 0;
}

/** Python's standard output is buffered unless it is a terminal: the line stays unseen in a container's log. */
async function announce(proc: Process, text: string): Promise<void> {
  const unbuffered = proc.argv.includes('-u') || (proc.env['PYTHONUNBUFFERED'] ?? '') !== '';
  if (unbuffered || proc.stdout.terminal) await proc.print(text);
}

async function usageError(proc: Process, word: string): Promise<number> {
  const wrong = word.startsWith('-')
    ? `unrecognized arguments: ${word}`
    : `argument port: invalid int value: '${word}'`;
  await proc.complain(
    `usage: server.py [-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]\nserver.py: error: ${wrong}\n`,
  );
  return 2;
}

const message = (status: number): string =>
  ({ 403: 'No permission to list directory', 404: 'File not found' })[status] ?? 'Unsupported method';

function stamp(proc: Process): string {
  const iso = new Date(proc.machine.clock.now()).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}

function answer(proc: Process, root: string, request: Request): Response {
  if (!/^(GET|HEAD)$/.test(request.method)) return errorPage(501, `Unsupported method ('${request.method}')`);
  const { path } = splitTarget(request.target);
  const found = findFile(proc, root, path, ['index.html', 'index.htm']);
  if ('data' in found)
    return {
      status: 200,
      headers: [
        ['Content-type', mediaType(found.file)],
        ['Content-Length', String(found.data.length)],
        ['Last-Modified', httpDate(found.mtime)],
      ],
      body: found.data,
    };
  if (!found.directory) return errorPage(404, 'File not found');
  if (!path.endsWith('/')) return { status: 301, headers: [['Location', `${path}/`]], body: '' };
  return listing(proc, `${root}/${path}`, path);
}

function listing(proc: Process, folder: string, path: string): Response {
  const items = proc.files
    .list(folder)
    .sort()
    .map((name) => {
      const mark = proc.files.find(`${folder}/${name}`)?.type === 'dir' ? '/' : '';
      return `<li><a href="${encodeURIComponent(name)}${mark}">${name}${mark}</a></li>\n`;
    });
  const title = `Directory listing for ${path}`;
  const body = `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n<h1>${title}</h1>\n<hr>\n<ul>\n${items.join('')}</ul>\n<hr>\n</body>\n</html>\n`;
  return { status: 200, headers: [['Content-type', 'text/html; charset=utf-8']], body };
}

function errorPage(status: number, text: string): Response {
  const body = `<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n        <meta charset="utf-8">\n        <title>Error response</title>\n    </head>\n    <body>\n        <h1>Error response</h1>\n        <p>Error code: ${status}</p>\n        <p>Message: ${text}.</p>\n        <p>Error code explanation: ${status} - ${status === 404 ? 'Nothing matches the given URI' : 'Server does not support this operation'}.</p>\n    </body>\n</html>\n`;
  return { status, headers: [['Content-Type', 'text/html;charset=utf-8']], body };
}
