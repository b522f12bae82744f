// One request through the router: which backend, with which headers, and what comes back (openshift/router,
// haproxy-config.template).
import { Errno } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import type { Process } from '../../machine/process';
import { fromPem, TlsError, tlsConnect } from '../../machine/tls';
import {
  type Admits,
  cookieNameOf,
  decideRoute,
  haproxy,
  type Route,
  type RouteDecision,
  type Turns,
} from '../../network/routes';
import {
  BadMessage,
  header,
  MessageReader,
  REASONS,
  type Request,
  type ResponseHead,
  requestBytes,
} from '../http/message';
import { type AccessLog, backendName, type Entry, NO_SERVER, serverName } from './access-log';
import { acted, ofRoute, ofRouter } from './header-actions';
import { BAD_GATEWAY, GATEWAY_TIMEOUT, UNAVAILABLE } from './pages';

/** A running router. */
export interface Router {
  proc: Process;
  admits: Admits;
  turns: Turns;
  log: AccessLog | undefined;
}

/** The client's side of a request. */
export interface Exchange {
  request: Request;
  client: string;
  port: number;
  tls: boolean;
  /** What the access log will say of it. */
  entry: Entry;
}

/** `close`: the connection ends with it. No bytes: it ends without a word. */
export interface Reply {
  bytes?: Uint8Array;
  close: boolean;
  /** Carries what follows the head, once that is written. `early`: what the client has sent already. */
  carry?(client: Connection, early: Uint8Array): Promise<void>;
}

type Forward = Extract<RouteDecision, { kind: 'forward' }>;

const CONNECT_TIMEOUT_MS = 5000; // `timeout connect`
const SERVER_TIMEOUT_MS = 30_000; // `timeout server`
const TUNNEL_TIMEOUT_MS = 3_600_000; // `timeout tunnel`
const SWITCHING = 101;
const PIECE_BYTES = 65_536;
const ATTEMPTS = 4; // the first and HAProxy's three retries, with redispatch
const RETRY_MS = 1000; // between attempts at a server that refuses
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'proxy',
  'content-length',
  'te',
  'upgrade',
]);
const encoder = new TextEncoder();
const final = (text: string): Reply => ({ bytes: encoder.encode(text), close: true });

export async function answer(router: Router, exchange: Exchange): Promise<Reply> {
  const { turns, admits, proc } = router;
  const { request, client, tls, entry } = exchange;
  const host = header(request, 'host') ?? '';
  const cookie = request.headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .map(([, value]) => value)
    .join('; ');
  const asked = { host, path: request.target, tls, client, cookie };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const decision = decideRoute(proc.machine.net.fabric.network, asked, admits, turns);
    noteDecision(entry, decision, asked.cookie);
    if (decision.kind === 'rejected') return { close: true };
    if (decision.kind === 'redirect') return redirect(decision.location, request);
    if (decision.kind === 'unavailable') return final(UNAVAILABLE);
    entry.tried ??= proc.machine.clock.now();
    const connection = await connect(proc, decision);
    if (connection) return exchangeWith(router, exchange, decision, connection);
    if (attempt === ATTEMPTS) break;
    entry.retries = attempt;
    await proc.sleep(RETRY_MS);
  }
  entry.state = 'SC';
  return final(UNAVAILABLE);
}

/** Which backend and server it came to, and how it ends when it comes no further. */
function noteDecision(entry: Entry, decision: RouteDecision, cookie: string): void {
  if (decision.kind === 'redirect') {
    Object.assign(entry, { status: 302, state: 'LR' });
    return;
  }
  entry.backend = decision.route ? backendName(decision.route) : 'openshift_default';
  entry.server = NO_SERVER;
  if (decision.kind === 'rejected') Object.assign(entry, { state: 'PR' });
  if (decision.kind === 'unavailable') Object.assign(entry, { status: 503, state: 'SC' });
  if (decision.kind !== 'forward') return;
  entry.server = serverName(decision);
  const asked = cookie.includes(`${cookieNameOf(decision.route)}=`);
  if (decision.setCookie !== undefined) entry.cookies = asked ? 'II' : 'NI';
  else if (asked) entry.cookies = 'VN';
  entry.status = 503;
}

function redirect(location: string, request: Request): Reply {
  const close = closes(request);
  const text = `HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: ${location}\r\ncache-control: no-cache\r\n${close ? 'connection: close\r\n' : ''}\r\n`;
  return { bytes: encoder.encode(text), close };
}

const closes = (request: Request): boolean => {
  const asked = header(request, 'connection')?.toLowerCase();
  return asked === 'close' || (request.version === 'HTTP/1.0' && asked !== 'keep-alive');
};

/** A connection to the backend; undefined when it cannot be had. */
async function connect(proc: Process, decision: Forward): Promise<Connection | undefined> {
  const { backend, secure } = decision;
  let connection: Connection | undefined;
  try {
    connection = await proc.machine.net.connect(backend.address, backend.port, {
      signal: proc.killed,
      timeoutMs: CONNECT_TIMEOUT_MS,
    });
    if (secure) await greet(proc, decision, connection);
    return connection;
  } catch (error) {
    connection?.close();
    if (error instanceof Errno || error instanceof TlsError || (error as { code?: string }).code === 'EPIPE')
      return undefined;
    throw error;
  }
}

/** Re-encrypt: the backend's certificate must be signed by the route's authority, else by the service signer and for its name. */
async function greet(proc: Process, { route, service }: Forward, connection: Connection): Promise<void> {
  const { namespace = 'default' } = route.metadata;
  const patience = new Patience(proc, CONNECT_TIMEOUT_MS);
  const { certificate } = await tlsConnect(connection, route.spec?.host ?? '', [], patience.signal).catch((error) => {
    throw patience.signal.aborted ? new TlsError('not-tls', 'no greeting in time') : error;
  });
  patience.stop();
  const own = fromPem(route.spec?.tls?.destinationCACertificate ?? '');
  const trusted = own.length > 0 ? own : fromPem(proc.machine.text(SERVICE_CA) ?? '');
  const isSigned = trusted.some(({ key }) => key === certificate.signedBy);
  const isNamed = own.length > 0 || certificate.dnsNames.includes(`${service}.${namespace}.svc`);
  if (!isSigned || !isNamed) throw new TlsError('unknown-authority', 'the backend is not trusted');
}

const SERVICE_CA = '/var/run/configmaps/service-ca/service-ca.crt';

async function exchangeWith(
  router: Router,
  exchange: Exchange,
  decision: Forward,
  connection: Connection,
): Promise<Reply> {
  const { proc } = router;
  const { entry } = exchange;
  entry.connected = proc.machine.clock.now();
  const patience = new Patience(proc, timeoutOf(proc, decision.route, 'timeout', SERVER_TIMEOUT_MS));
  const stop = () => {
    patience.stop();
    connection.close();
  };
  try {
    await connection.write(requestBytes(forwarded(exchange, decision.route, proc.env)), patience.signal);
    const reader = new MessageReader(connection, patience.signal);
    const response = await reader.responseHead();
    Object.assign(entry, { response, status: response.status, answered: proc.machine.clock.now() });
    if (response.status === SWITCHING) return upgraded(router, exchange, decision, connection, reader, response, stop);
    const shape = shapeOf(response, exchange.request);
    const close = shape === 'to the end' || closes(exchange.request);
    const bytes = headBytes(response, exchange, decision, shape, close, proc.env);
    if (shape === 'none') {
      stop();
      return { bytes, close };
    }
    const carry = (client: Connection) => body(client, reader, response, shape, patience).finally(stop);
    return { bytes, close, carry };
  } catch (error) {
    stop();
    const timedOut = patience.signal.aborted;
    Object.assign(entry, timedOut ? { status: 504, state: 'sH' } : { status: 502, state: 'SH' });
    if (timedOut) return final(GATEWAY_TIMEOUT);
    if (error instanceof BadMessage || error instanceof Errno || (error as { code?: string }).code === 'EPIPE')
      return final(BAD_GATEWAY);
    throw error;
  }
}

/** How a body is delimited towards the client. */
type Shape = 'none' | 'length' | 'chunks' | 'to the end';

function shapeOf(response: ResponseHead, { method, version }: Request): Shape {
  const { status } = response;
  if (method === 'HEAD' || status === 204 || status === 304) return 'none';
  const length = header(response, 'content-length');
  if (length !== undefined) return length === '0' ? 'none' : 'length';
  const chunked = /chunked/i.test(header(response, 'transfer-encoding') ?? '');
  return chunked && version === 'HTTP/1.1' ? 'chunks' : 'to the end';
}

async function body(
  client: Connection,
  reader: MessageReader,
  response: ResponseHead,
  shape: Shape,
  patience: Patience,
): Promise<void> {
  try {
    for await (const part of reader.parts(response)) {
      patience.renew();
      if (shape === 'chunks') await client.write(encoder.encode(`${part.length.toString(16)}\r\n`));
      await client.write(part);
      if (shape === 'chunks') await client.write(encoder.encode('\r\n'));
    }
    if (shape === 'chunks') await client.write(encoder.encode('0\r\n\r\n'));
  } catch (error) {
    // The head is out: all that is left is to end the connection.
    if (!patience.signal.aborted && !(error instanceof BadMessage)) throw error;
    client.close();
  }
}

/** After `101 Switching Protocols` the connection is the two sides' own: WebSocket. */
function upgraded(
  { proc }: Router,
  exchange: Exchange,
  decision: Forward,
  connection: Connection,
  reader: MessageReader,
  response: ResponseHead,
  stop: () => void,
): Reply {
  const carry = async (client: Connection, early: Uint8Array) => {
    const tunnel = new Patience(proc, timeoutOf(proc, decision.route, 'timeout-tunnel', TUNNEL_TIMEOUT_MS));
    try {
      await client.write(reader.take());
      await connection.write(early);
      await Promise.all([pump(tunnel, client, connection), pump(tunnel, connection, client)]);
    } catch (error) {
      if (!tunnel.signal.aborted) throw error;
    } finally {
      tunnel.stop();
      stop();
    }
  };
  return { bytes: headBytes(response, exchange, decision, 'none', false, proc.env), close: true, carry };
}

async function pump(tunnel: Patience, from: Connection, to: Connection): Promise<void> {
  for (
    let chunk = await from.read(PIECE_BYTES, tunnel.signal);
    chunk;
    chunk = await from.read(PIECE_BYTES, tunnel.signal)
  ) {
    tunnel.renew();
    await to.write(chunk, tunnel.signal);
  }
  to.end();
}

/** A wait that begins anew with everything that comes. */
class Patience {
  private readonly limit = new AbortController();
  readonly signal: AbortSignal;
  private cancel: () => void = () => {};

  constructor(
    private readonly proc: Process,
    private readonly ms: number,
  ) {
    this.signal = AbortSignal.any([this.limit.signal, proc.killed]);
    this.renew();
  }

  renew(): void {
    this.cancel();
    this.cancel = this.proc.machine.clock.after(this.ms, () => this.limit.abort(TIMED_OUT));
  }

  stop(): void {
    this.cancel();
  }
}

const TIMED_OUT = new Error('the server took too long');
const TIMEOUT_SETTINGS = {
  timeout: 'ROUTER_DEFAULT_SERVER_TIMEOUT',
  'timeout-tunnel': 'ROUTER_DEFAULT_TUNNEL_TIMEOUT',
};
const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An annotation of the route, else the router's own setting. */
function timeoutOf(proc: Process, route: Route, name: 'timeout' | 'timeout-tunnel', otherwise: number): number {
  const text = haproxy(route, name) ?? proc.env[TIMEOUT_SETTINGS[name]] ?? '';
  const [, amount, unit = 'ms'] = /^(\d+)(us|ms|s|m|h|d)?$/.exec(text) ?? [];
  return amount === undefined ? otherwise : Number(amount) * (UNITS[unit] ?? 1);
}

/** The request as the backend gets it: HAProxy writes header names in lower case. */
function forwarded(exchange: Exchange, route: Route, env: Record<string, string>): Request {
  const { request } = exchange;
  const headers = request.headers
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => !HOP_BY_HOP.has(name))
    .map(([name, value]): [string, string] => [name, name === 'host' ? value.toLowerCase() : value])
    .flatMap(([name, value]): [string, string][] =>
      name === 'cookie' ? withoutOwnCookie(value, route) : [[name, value]],
    );
  const actions = [...ofRouter(env, 'request'), ...ofRoute(route, 'request')];
  const changed = acted(headers, actions, { request: request.headers, response: [], tls: exchange.tls });
  const upgrade = header(request, 'upgrade');
  const asks = upgrade && /\bupgrade\b/i.test(header(request, 'connection') ?? '');
  const switching: [string, string][] = asks
    ? [
        ['connection', 'Upgrade'],
        ['upgrade', upgrade],
      ]
    : [];
  const body = request.body.length > 0 ? ([['content-length', `${request.body.length}`]] as [string, string][]) : [];
  return {
    ...request,
    target: rewritten(request.target, route),
    headers: [
      ...withForwarded(changed, exchange, haproxy(route, 'set-forwarded-headers') ?? 'append'),
      ...switching,
      ...body,
    ],
  };
}

/** The cookie that keeps a client on its backend is the router's: the application does not see it. */
function withoutOwnCookie(value: string, route: Route): [string, string][] {
  const rest = value.split(/;\s*/).filter((pair) => !pair.startsWith(`${cookieNameOf(route)}=`));
  return rest.length > 0 ? [['cookie', rest.join('; ')]] : [];
}

function withForwarded(headers: [string, string][], exchange: Exchange, mode: string): [string, string][] {
  if (mode === 'never') return headers;
  const { client, port, tls, request } = exchange;
  const host = (header(request, 'host') ?? '').toLowerCase();
  const proto = tls ? 'https' : 'http';
  const source = client.includes(':') ? `"[${client}]"` : client;
  const own: [string, string][] = [
    ['x-forwarded-host', host],
    ['x-forwarded-port', `${port}`],
    ['x-forwarded-proto', proto],
    ['forwarded', `for=${source};host=${host};proto=${proto}`],
    ['x-forwarded-for', client],
  ];
  const has = (name: string) => headers.some(([key]) => key === name);
  if (mode === 'if-none') return [...headers, ...own.filter(([name]) => !has(name))];
  const kept = mode === 'replace' ? headers.filter(([name]) => !own.some(([key]) => key === name)) : headers;
  return [...kept, ...own];
}

/** `rewrite-target` puts another path in the place of the route's. */
function rewritten(target: string, route: Route): string {
  const wanted = haproxy(route, 'rewrite-target');
  if (!wanted) return target;
  const [path = '', query] = target.split(/(?=\?)/, 2);
  const prefix = route.spec?.path ?? '';
  if (!path.startsWith(prefix)) return target;
  const rest = path.slice(prefix.length);
  return `${wanted}${wanted === '/' ? rest.replace(/^\//, '') : rest}${query ?? ''}`;
}

/** The head as the client gets it; `shape` says how its body will come. */
function headBytes(
  response: ResponseHead,
  { request, tls }: Exchange,
  { route, setCookie }: Forward,
  shape: Shape,
  close: boolean,
  env: Record<string, string>,
): Uint8Array {
  const { status } = response;
  const lines = [`HTTP/1.1 ${status} ${response.reason || (REASONS[status] ?? '')}`];
  const actions = [...ofRoute(route, 'response'), ...ofRouter(env, 'response')];
  const seen = { request: request.headers, response: response.headers, tls };
  for (const [key, value] of acted(response.headers, actions, seen)) {
    const name = key.toLowerCase();
    if (!HOP_BY_HOP.has(name) || name === 'content-length') lines.push(`${name}: ${value}`);
  }
  if (status === SWITCHING) lines.push(`connection: upgrade`, `upgrade: ${header(response, 'upgrade') ?? ''}`);
  if (shape === 'chunks') lines.push('transfer-encoding: chunked');
  const hsts = route.spec?.tls ? haproxy(route, 'hsts_header') : undefined;
  if (hsts && HSTS.test(hsts)) lines.push(`strict-transport-security: ${hsts}`);
  if (setCookie && status !== SWITCHING) lines.push(`set-cookie: ${setCookie}`, 'cache-control: private');
  if (close && status !== SWITCHING && request.version === 'HTTP/1.1') lines.push('connection: close');
  return encoder.encode(`${lines.join('\r\n')}\r\n\r\n`);
}

/** What the template takes for a HSTS header; another value has no effect. */
const HSTS =
  /^(?:(?:includeSubDomains|preload)\s*;\s*)*max-age\s*=\s*(?:\d+|"\d+")(?:\s*;\s*(?:includeSubDomains|preload))*$/i;
