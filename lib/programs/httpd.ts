// httpd: Apache 2.4 as Red Hat's httpd-24 image configures it: files of the document root on port 8080, its log lines and pages.
import { Errno, strerror } from '../machine/errno';
import type { Listener } from '../machine/net';
import type { Process, Program } from '../machine/process';
import { clf } from './http/clf';
import { header, httpDate, REASONS, type Request, type Response } from './http/message';
import { serveHttp, splitTarget, stopOn } from './http/serve';
import { findFile, mediaType } from './http/static';

interface HttpdOptions {
  port: number;
  root: string;
  /** As the Server header says: `Apache/2.4.37 (Red Hat Enterprise Linux)`. */
  server: string;
  /** Shown for `/` when the document root has no index. */
  testPage?: string;
}

/** A program that serves with these options; `Listen` and `DocumentRoot` of the configuration file win. */
const httpd =
  (options: HttpdOptions, config: string): Program =>
  async (proc) => {
    const used = configured(proc, options, config);
    if (proc.argv.some((word) => word === '-v' || word === '-V'))
      return proc.print(`Server version: ${used.server.replace(/ OpenSSL.*$/, '')}\n`).then(() => 0);
    if (proc.argv.includes('-t') || proc.argv.includes('configtest')) return proc.complain('Syntax OK\n').then(() => 0);
    return serve(proc, used);
  };

function configured(proc: Process, options: HttpdOptions, config: string): HttpdOptions {
  const version = proc.env['HTTPD_VERSION']; // of the official image
  const text = proc.files.exists(config) ? proc.files.readText(config) : '';
  const port = /^\s*Listen\s+(?:\S+:)?(\d+)/m.exec(text)?.[1];
  const root = /^\s*DocumentRoot\s+"?([^"\s]+)"?/m.exec(text)?.[1];
  const server = options.server.replace(/^Apache\/[\d.]+/, (it) => (version ? `Apache/${version}` : it));
  return { ...options, server, port: Number(port ?? options.port), root: root ?? options.root };
}

async function serve(proc: Process, options: HttpdOptions): Promise<number> {
  const address = proc.machine.net.addresses()[0] ?? '127.0.0.1';
  await proc.complain(
    `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${address}. Set the 'ServerName' directive globally to suppress this message\n`,
  );
  let listener: Listener;
  try {
    listener = proc.listen(options.port);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const code = error.code === 'EACCES' ? 13 : 98;
    await proc.complain(
      `(${code})${strerror(error)}: AH00072: make_sock: could not bind to address 0.0.0.0:${options.port}\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n`,
    );
    return 1;
  }
  const log = (id: string, text: string) =>
    proc.complain(`[${stamp(proc)}] [mpm_event:notice] [pid ${proc.pid}:tid 1] ${id}: ${text}\n`);
  await log('AH00489', `${options.server} configured -- resuming normal operations`);
  await proc.complain(
    `[${stamp(proc)}] [core:notice] [pid ${proc.pid}:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'\n`,
  );
  stopOn(proc, [listener]);
  await serveHttp(proc, listener, async (request, connection) => {
    const response = answer(proc, options, request);
    const size = response.body.length;
    await proc.print(
      `${connection.remoteAddress} - - [${clf(proc.machine.clock.now())}] "${request.method} ${request.target} ${request.version}" ${response.status} ${request.method === 'HEAD' ? '-' : size} "${header(request, 'referer') ?? '-'}" "${header(request, 'user-agent') ?? '-'}"\n`,
    );
    return {
      ...response,
      headers: [['Date', httpDate(proc.machine.clock.now())], ['Server', options.server], ...response.headers],
    };
  });
  await log('AH00491', 'caught SIGTERM, shutting down');
  return 0;
}

function stamp(proc: Process): string {
  const [day, date, month, year, time] = new Date(proc.machine.clock.now()).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${time}.000000 ${year}`;
}

function answer(proc: Process, options: HttpdOptions, request: Request): Response {
  const { path } = splitTarget(request.target);
  if (!/^(GET|HEAD|POST|OPTIONS)$/.test(request.method))
    return page(405, `The requested method ${request.method} is not allowed for this URL.`);
  const found = findFile(proc, options.root, path, ['index.html']);
  if ('data' in found) {
    const tag = `"${found.data.length.toString(16)}-${Math.floor(found.mtime * 1000).toString(16)}"`;
    const headers: [string, string][] = [
      ['Last-Modified', httpDate(found.mtime)],
      ['ETag', tag],
      ['Accept-Ranges', 'bytes'],
      ['Content-Length', String(found.data.length)],
      [
        'Content-Type',
        `${mediaType(found.file, 'text/plain')}${/html|plain/.test(mediaType(found.file)) ? '; charset=UTF-8' : ''}`,
      ],
    ];
    return { status: 200, headers, body: found.data };
  }
  if (found.directory && path === '/' && options.testPage)
    return { status: 403, headers: [['Content-Type', 'text/html; charset=UTF-8']], body: options.testPage };
  if (found.directory && !path.endsWith('/')) {
    const target = `http://${header(request, 'host') ?? 'localhost'}${path}/`;
    return {
      ...page(301, `The document has moved <a href="${target}">here</a>.`),
      headers: [
        ['Location', target],
        ['Content-Type', 'text/html; charset=iso-8859-1'],
      ],
    };
  }
  return found.status === 403
    ? page(403, "You don't have permission to access this resource.")
    : page(404, 'The requested URL was not found on this server.');
}

function page(status: number, text: string): Response {
  const title = REASONS[status] ?? '';
  const body = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${text}</p>\n</body></html>\n`;
  return { status, headers: [['Content-Type', 'text/html; charset=iso-8859-1']], body };
}

export const httpd24 = httpd(
  {
    port: 8080,
    root: '/var/www/html',
    server: 'Apache/2.4.37 (Red Hat Enterprise Linux) OpenSSL/1.1.1k',
    testPage:
      '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n<html>\n<head>\n<title>Test Page for the HTTP Server on Red Hat Enterprise Linux</title>\n</head>\n<body>\n<h1>Red Hat Enterprise Linux <strong>Test Page</strong></h1>\n<p>This page is used to test the proper operation of the HTTP server after it has been installed.</p>\n</body>\n</html>\n',
  },
  '/etc/httpd/conf/httpd.conf',
);
export const apache = httpd(
  { port: 80, root: '/usr/local/apache2/htdocs', server: 'Apache/2.4.62 (Unix)' },
  '/usr/local/apache2/conf/httpd.conf',
);
