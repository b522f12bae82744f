// Servers that answer with what they were asked: mendhak/http-https-echo, ealen/echo-server, jmalloc/echo-server.
import type { Connection } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import type { Certificate } from '../../machine/tls';
import { goServer, plain } from '../http/go-server';
import { header, type Request, type Response } from '../http/message';
import { beside, serveHttps, splitTarget } from '../http/serve';
import { bodyText, json, lowerHeaders, queryObject } from './answers';

const YEAR_MS = 365 * 86_400_000;

/** A certificate that nobody trusts, as images bring one. */
export const selfSigned = (name: string, now: number): Certificate => ({
  subject: `CN=${name}`,
  issuer: `CN=${name}`,
  signedBy: `self-signed ${name}`,
  key: `self-signed ${name}`,
  dnsNames: [name],
  ipAddresses: [],
  notBefore: now - YEAR_MS,
  notAfter: now + 9 * YEAR_MS,
});

/** A server that also speaks TLS on a second port, with a certificate of its own. */
async function withHttps(
  proc: Process,
  [port, securePort]: [number, number],
  answer: (request: Request, connection: Connection, protocol: 'http' | 'https') => Promise<Response> | Response,
): Promise<number> {
  const listener = proc.listen(securePort);
  const certificate = selfSigned('my.example.com', proc.machine.clock.now());
  const secure = serveHttps(
    proc,
    listener,
    (request, connection) => answer(request, connection, 'https'),
    () => certificate,
  );
  beside(proc, secure);
  const status = await goServer(proc, [port], (request, connection) => answer(request, connection, 'http'));
  listener.close();
  return status;
}

const mapped = (address: string): string => (address.includes(':') ? address : `::ffff:${address}`);
const hostOf = (request: Request): string => (header(request, 'host') ?? '').replace(/:\d+$/, '');
const isJson = (request: Request): boolean => /^application\/json\b/.test(header(request, 'content-type') ?? '');

/** The body parsed, as far as it is JSON. */
function parsed(request: Request): unknown {
  try {
    return JSON.parse(bodyText(request));
  } catch {
    return undefined;
  }
}

/** mendhak/http-https-echo: JSON over HTTP and HTTPS, and the same in its log. */
export const httpHttpsEcho: Program = async (proc) => {
  const ports: [number, number] = [Number(proc.env['HTTP_PORT'] || 8080), Number(proc.env['HTTPS_PORT'] || 8443)];
  await proc.print(`Listening on ports ${ports[0]} for http, and ${ports[1]} for https.\n`);
  const status = await withHttps(proc, ports, async (request, connection, protocol) => {
    const { path, query } = splitTarget(request.target);
    const echo = {
      path,
      headers: lowerHeaders(request),
      method: request.method,
      body: bodyText(request),
      fresh: false,
      hostname: hostOf(request),
      ip: mapped(connection.remoteAddress),
      ips: [],
      protocol,
      query: queryObject(query),
      subdomains: [],
      xhr: header(request, 'x-requested-with')?.toLowerCase() === 'xmlhttprequest',
      os: { hostname: proc.machine.hostname },
      connection: protocol === 'https' ? { servername: hostOf(request) } : {},
      ...(isJson(request) ? { json: parsed(request) } : {}),
    };
    const asked = (name: string) => Number.parseInt(header(request, name) ?? query.get(name) ?? '', 10);
    const code = asked('x-set-response-status-code');
    const delay = asked('x-set-response-delay-ms');
    if (delay > 0) await proc.sleep(delay);
    if (proc.env['LOG_IGNORE_PATH'] !== path)
      await proc.print(`${JSON.stringify(echo, null, proc.env['LOG_WITHOUT_NEWLINE'] ? undefined : 4)}\n`);
    const answer = json(echo, code >= 100 && code < 600 ? code : 200, 2, [['X-Powered-By', 'Express']]);
    return proc.env['ECHO_BACK_TO_CLIENT'] === 'false' ? { ...answer, body: '' } : answer;
  });
  await proc.print(
    'Got a kill signal. Trying to exit gracefully.\nHTTP and HTTPS servers closed. Asking process to exit.\n',
  );
  return status === 143 ? 0 : status;
};

/** ealen/echo-server: host, request and environment as JSON; a query says what else it shall do. */
export const ealenEcho: Program = async (proc) => {
  const flag = proc.argv.indexOf('--port');
  const port = Number((flag > 0 ? proc.argv[flag + 1] : undefined) ?? proc.env['PORT'] ?? 80);
  const log = (message: string) =>
    proc.print(
      `${JSON.stringify({ name: 'echo-server', hostname: proc.machine.hostname, pid: proc.pid, level: 30, msg: message, time: new Date(proc.machine.clock.now()).toISOString(), v: 0 })}\n`,
    );
  await log(`Listening on port ${port}.`);
  return goServer(proc, [port], async (request, connection) => {
    await log(`[${request.method}] - http://${header(request, 'host') ?? ''}${request.target}`);
    const { path, query } = splitTarget(request.target);
    const wanted = (query_: string, header_: string) => query.get(query_) ?? header(request, header_);
    const wait = Number(wanted('echo_time', 'x-echo-time') ?? 0);
    if (wait > 0 && wait <= 60_000) await proc.sleep(wait);
    const code = Number(wanted('echo_code', 'x-echo-code') ?? 200);
    const status = code >= 200 && code <= 599 ? code : 200;
    const extra = (wanted('echo_header', 'x-echo-header') ?? '').split(',').flatMap((pair): [string, string][] => {
      const [name, ...value] = pair.split(':');
      return name && value.length > 0 ? [[name.trim(), value.join(':').trim()]] : [];
    });
    const named = wanted('echo_env_body', 'x-echo-env-body');
    const own = wanted('echo_body', 'x-echo-body') ?? (named === undefined ? undefined : (proc.env[named] ?? ''));
    if (own !== undefined) return json(own, status, undefined, extra);
    const text = bodyText(request);
    const shown = {
      host: { hostname: hostOf(request), ip: mapped(connection.remoteAddress), ips: [] },
      http: { method: request.method, baseUrl: '', originalUrl: request.target, protocol: 'http' },
      request: {
        params: { 0: path },
        query: queryObject(query),
        cookies: {},
        body: isJson(request) ? (parsed(request) ?? {}) : text === '' ? {} : text,
        headers: lowerHeaders(request),
      },
      environment: proc.env,
    };
    return json(shown, status, undefined, extra);
  });
};

/** jmalloc/echo-server: the request as text, after the name of who served it. */
export const jmallocEcho: Program = async (proc) => {
  const port = Number(proc.env['PORT'] || 8080);
  await proc.print(`Echo server listening on port ${port}.\n`);
  return goServer(proc, [port], async (request, connection) => {
    await proc.print(`${connection.remoteAddress}:${connection.remotePort} | ${request.method} ${request.target}\n`);
    const silent = header(request, 'x-send-server-hostname') ?? proc.env['SEND_SERVER_HOSTNAME'] ?? '';
    const headers = request.headers
      .filter(([name]) => name.toLowerCase() !== 'host')
      .map(([name, value]) => `${name}: ${value}`)
      .sort();
    const body = bodyText(request);
    const lines = [
      ...(silent.toLowerCase() === 'false' ? [] : [`Request served by ${proc.machine.hostname}`, '']),
      `${request.method} ${request.target} ${request.version}`,
      '',
      `Host: ${header(request, 'host') ?? ''}`,
      ...headers,
    ];
    const sent = Object.entries(proc.env).flatMap(([name, value]): [string, string][] =>
      name.startsWith('SEND_HEADER_') ? [[name.slice(12).replaceAll('_', '-'), value]] : [],
    );
    const response = plain(`${lines.join('\n')}\n${body ? `\n${body}` : ''}`);
    return { ...response, headers: [['Content-Type', 'text/plain'], ...sent] };
  });
};
