// The HTTP side of a declared image.
import { Errno } from '../../machine/errno';
import type { Connection, Listener } from '../../machine/net';
import type { Process } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import {
  BadMessage,
  header,
  httpDate,
  MessageReader,
  type Request,
  type Response,
  requestBytes,
} from '../../programs/http/message';
import { serveHttp, splitTarget } from '../../programs/http/serve';
import { findFile, mediaType } from '../../programs/http/static';
import type { DeclaredHttp, DeclaredRoute } from './declaration';
import { fill, type Names, named, ofProcess } from './texts';

const BACKEND_TIMEOUT_MS = 10_000;

/** Serves the routes until the listener closes. */
export function serveRoutes(proc: Process, listener: Listener, http: DeclaredHttp): Promise<void> {
  return serveHttp(proc, listener, async (request, connection) => {
    const names = ofRequest(request, connection);
    const response = await answer(proc, http.routes, request, names);
    if (http.log !== undefined) {
      const outcome = named({ status: String(response.status), size: String(response.body.length) });
      await proc.print(`${fill(http.log, outcome, names, ofProcess(proc))}\n`);
    }
    return { ...response, headers: [['Date', httpDate(proc.machine.clock.now())], ...response.headers] };
  });
}

function ofRequest(request: Request, connection: Connection): Names {
  const { path, query } = splitTarget(request.target);
  const fixed = named({ client: connection.remoteAddress, method: request.method, path, target: request.target });
  return (name) => {
    if (name.startsWith('query.')) return query.get(name.slice(6)) ?? undefined;
    if (name.startsWith('header.')) return header(request, name.slice(7));
    return name === 'body' ? new TextDecoder().decode(request.body) : fixed(name);
  };
}

const plain = (status: number, body: string): Response => ({
  status,
  headers: [['Content-Type', 'text/plain; charset=utf-8']],
  body,
});

const fits = (route: DeclaredRoute, path: string): boolean =>
  route.path.endsWith('*') ? path.startsWith(route.path.slice(0, -1)) : route.path === path;

async function answer(proc: Process, routes: DeclaredRoute[], request: Request, names: Names): Promise<Response> {
  const { path } = splitTarget(request.target);
  const here = routes.filter((route) => fits(route, path));
  if (here.length === 0) return plain(404, '404 page not found\n');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const route = here.find((candidate) => candidate.method === undefined || candidate.method === method);
  if (!route) return plain(405, 'Method Not Allowed\n');
  if (route.delay > 0) await proc.sleep(route.delay * 1000);
  const response = await content(proc, route, request, names);
  const own = Object.entries(route.headers).map(([name, value]): [string, string] => [
    name,
    fill(value, names, ofProcess(proc)),
  ]);
  const kept = response.headers.filter(([name]) => !own.some(([other]) => other.toLowerCase() === name.toLowerCase()));
  return { ...response, headers: [...kept, ...own] };
}

function content(proc: Process, route: DeclaredRoute, request: Request, names: Names): Promise<Response> | Response {
  if (route.proxy !== undefined) return backend(proc, fill(route.proxy, names, ofProcess(proc)), request);
  const { path } = splitTarget(request.target);
  if (route.file !== undefined) return file(proc, '/', route.file, route.status);
  if (route.root !== undefined)
    return file(proc, route.root, path.slice(route.path.replace(/\*$/, '').length), route.status);
  return plain(route.status, fill(route.body ?? '', names, ofProcess(proc)));
}

function file(proc: Process, root: string, path: string, status: number): Response {
  const found = findFile(proc, root, path, ['index.html']);
  if (!('data' in found)) return plain(found.status, found.status === 404 ? '404 page not found\n' : '403 Forbidden\n');
  return { status, headers: [['Content-Type', mediaType(found.file)]], body: found.data };
}

/** Asks another server the same and passes its answer on. */
async function backend(proc: Process, url: string, request: Request): Promise<Response> {
  const match = /^http:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(url);
  if (!match) return plain(502, `bad gateway: ${url} is no http:// address\n`);
  const [, host = '', port = '80', path = '/'] = match;
  try {
    const [address = ''] = await proc.resolve(host);
    const connection = await proc.connect(address, Number(port), { timeoutMs: BACKEND_TIMEOUT_MS });
    try {
      const headers: [string, string][] = [
        ['Host', `${host}${match[2] ? `:${port}` : ''}`],
        ['Connection', 'close'],
        ...(request.body.length > 0 ? [['Content-Length', String(request.body.length)] as [string, string]] : []),
      ];
      await connection.write(requestBytes({ ...request, target: path, headers }), proc.killed);
      const response = await new MessageReader(connection, proc.killed).response(request.method);
      const type = header(response, 'content-type') ?? 'text/plain';
      return { status: response.status, headers: [['Content-Type', type]], body: response.body };
    } finally {
      connection.close();
    }
  } catch (error) {
    if (proc.killed.aborted) throw error;
    if (!(error instanceof Errno || error instanceof NameError || error instanceof BadMessage)) throw error;
    const why = error instanceof NameError ? `lookup ${host}: no such host` : error.message.toLowerCase();
    await proc.complain(`backend ${url}: ${why}\n`);
    return plain(502, `bad gateway: ${url}: ${why}\n`);
  }
}
