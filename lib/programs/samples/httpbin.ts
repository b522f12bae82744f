// kennethreitz/httpbin: answers that show requests, and any status on demand. Source of paths: github.com/postmanlabs/httpbin.
import type { Connection } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { goServer } from '../http/go-server';
import { header, type Request, type Response } from '../http/message';
import { splitTarget } from '../http/serve';
import { bodyText, html, queryObject } from './answers';

const TEAPOT = '\n    -=[ teapot ]=-\n';
const MAX_DELAY_SECONDS = 10;
const NOT_FOUND =
  '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server.  If you entered the URL manually please check your spelling and try again.</p>\n';

export const httpbin: Program = async (proc) => {
  const at = proc.argv.findIndex((word) => word === '-b' || word === '--bind');
  const bound = at > 0 ? (proc.argv[at + 1] ?? '') : '0.0.0.0:80';
  const port = Number(/:(\d+)$/.exec(bound)?.[1] ?? 80);
  const log = (text: string, pid = proc.pid) =>
    proc.complain(
      `[${new Date(proc.machine.clock.now()).toISOString().slice(0, 19).replace('T', ' ')} +0000] [${pid}] [INFO] ${text}\n`,
    );
  await log('Starting gunicorn 19.9.0');
  await log(`Listening at: http://0.0.0.0:${port} (${proc.pid})`);
  await log('Using worker: gevent');
  await log(`Booting worker with pid: ${proc.pid + 7}`, proc.pid + 7);
  const status = await goServer(proc, [port], async (request, connection) => {
    const response = await answer(proc, request, connection);
    const allowed: [string, string][] = [
      ['Access-Control-Allow-Origin', header(request, 'origin') ?? '*'],
      ['Access-Control-Allow-Credentials', 'true'],
    ];
    return { ...response, headers: [['Server', 'gunicorn/19.9.0'], ...response.headers, ...allowed] };
  });
  await log('Handling signal: term');
  await log('Shutting down: Master');
  return status === 143 || status === 130 ? 0 : status;
};

/** Keys in order, two spaces, a newline at the end, as Flask makes JSON. */
const jsonify = (value: Record<string, unknown>, status = 200): Response => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: `${JSON.stringify(sorted(value), null, 2)}\n`,
});

const sorted = (value: unknown): unknown =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => [key, sorted(inner)]),
      )
    : value;

/** `user-agent` as WSGI shows it: `User-Agent`. */
const headersOf = (request: Request): Record<string, string> =>
  Object.fromEntries(
    request.headers.map(([name, value]) => [
      name.replace(/[a-z]+/gi, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()),
      value,
    ]),
  );

function described(request: Request, { remoteAddress }: Connection) {
  const { query } = splitTarget(request.target);
  const type = header(request, 'content-type') ?? '';
  const isForm = type.startsWith('application/x-www-form-urlencoded');
  const text = bodyText(request);
  return {
    args: queryObject(query),
    headers: headersOf(request),
    origin: header(request, 'x-forwarded-for') ?? remoteAddress,
    url: `${header(request, 'x-forwarded-proto') ?? 'http'}://${header(request, 'host') ?? ''}${request.target}`,
    data: isForm ? '' : text,
    files: {},
    form: isForm ? queryObject(new URLSearchParams(text)) : {},
    json: parsed(text),
    method: request.method,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function answer(proc: Process, request: Request, connection: Connection): Promise<Response> {
  const { path, query } = splitTarget(request.target);
  const { data, files, form, json, method, ...shown } = described(request, connection);
  if (path === '/')
    return html(
      '<!DOCTYPE html>\n<html lang="en">\n<head>\n    <title>httpbin.org</title>\n</head>\n<body>\n    <h2 class="title">httpbin.org</h2>\n    <p>A simple HTTP Request &amp; Response Service.</p>\n</body>\n</html>\n',
    );
  const own = path.slice(1).toUpperCase();
  if (/^(GET|POST|PUT|PATCH|DELETE)$/.test(own) && path === path.toLowerCase()) {
    if (own !== request.method && !(own === 'GET' && request.method === 'HEAD'))
      return html(
        '<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n<p>The method is not allowed for the requested URL.</p>\n',
        405,
      );
    return jsonify(own === 'GET' ? shown : { ...shown, data, files, form, json });
  }
  const [, first = '', ...rest] = path.split('/');
  switch (first) {
    case 'ip':
      return jsonify({ origin: shown.origin });
    case 'headers':
      return jsonify({ headers: shown.headers });
    case 'user-agent':
      return jsonify({ 'user-agent': header(request, 'user-agent') ?? null });
    case 'anything':
      return jsonify({ ...shown, data, files, form, json, method });
    case 'status':
      return statusAnswer(Number((rest[0] ?? '').split(',')[0]?.split(':')[0]));
    case 'delay':
      await proc.sleep(Math.min(Number(rest[0]) || 0, MAX_DELAY_SECONDS) * 1000);
      return jsonify({ ...shown, data, files, form });
    case 'uuid':
      return jsonify({ uuid: uuid(proc) });
    case 'base64':
      return html(Buffer.from(rest.join('/'), 'base64').toString());
    case 'redirect': {
      const left = Number(rest[0] ?? 1);
      return { status: 302, headers: [['Location', left > 1 ? `/redirect/${left - 1}` : '/get']], body: '' };
    }
    case 'redirect-to':
      return {
        status: Number(query.get('status_code') ?? 302),
        headers: [['Location', query.get('url') ?? '/']],
        body: '',
      };
    case 'basic-auth': {
      const [user = '', password = ''] = rest;
      const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
      if (header(request, 'authorization') === wanted) return jsonify({ authenticated: true, user });
      return { status: 401, headers: [['WWW-Authenticate', 'Basic realm="Fake Realm"']], body: '' };
    }
    case 'response-headers': {
      const response = jsonify(queryObject(query));
      return { ...response, headers: [...response.headers, ...([...query] as [string, string][])] };
    }
    case 'robots.txt':
      return { status: 200, headers: [['Content-Type', 'text/plain']], body: 'User-agent: *\nDisallow: /deny\n' };
    case 'html':
      return html(
        '<!DOCTYPE html>\n<html>\n  <head>\n  </head>\n  <body>\n      <h1>Herman Melville - Moby-Dick</h1>\n  </body>\n</html>\n',
      );
    default:
      return html(NOT_FOUND, 404);
  }
}

function statusAnswer(code: number): Response {
  if (!(code >= 100 && code < 600)) return html('Invalid status code', 400);
  const headers: [string, string][] = [['Content-Type', 'text/html; charset=utf-8']];
  if ([301, 302, 303, 305, 307].includes(code)) headers.push(['Location', '/redirect/1']);
  if (code === 401) headers.push(['WWW-Authenticate', 'Basic realm="Fake Realm"']);
  return { status: code, headers, body: code === 418 ? TEAPOT : '' };
}

function uuid(proc: Process): string {
  const hex = proc.machine.random.hex(32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
