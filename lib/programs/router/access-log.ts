// The router's access log: what HAProxy's log formats say of a request, sent to a syslog server (HAProxy's configuration
// manual, "Logging"; ROUTER_SYSLOG_ADDRESS in openshift/router's haproxy-config.template).
import { Errno } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import type { Process } from '../../machine/process';
import { parseAddress } from '../../network/address';
import type { Route, RouteServer } from '../../network/routes';
import { header, type Request, type ResponseHead } from '../http/message';

/** What is known of a request, or of a connection that is passed on, when it ends. Times are the clock's. */
export interface Entry {
  frontend: string;
  client: string;
  port: number;
  start: number;
  /** The frontend's own name until a backend is chosen. */
  backend: string;
  server: string;
  tried?: number;
  connected?: number;
  answered?: number;
  status: number;
  bytes: number;
  retries: number;
  /** What ended it and in which phase. */
  state: string;
  /** What the client's cookie was worth, and what was done with the server's. */
  cookies: string;
  request?: Request;
  response?: ResponseHead;
}

export const NO_SERVER = '<NOSRV>';
const HTTP_FORMAT =
  '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r';
const TCP_FORMAT = '%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq';
const FACILITIES =
  'kern user mail daemon auth syslog lpr news uucp cron auth2 ftp ntp audit alert cron2 local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  );
const INFO = 6;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const PREFIXES: Record<string, string> = { edge: 'be_edge_http', reencrypt: 'be_secure', passthrough: 'be_tcp' };

export const backendName = ({ metadata, spec }: Route): string =>
  `${PREFIXES[spec?.tls?.termination ?? ''] ?? 'be_http'}:${metadata.namespace}:${metadata.name}`;

/** How HAProxy's configuration names a server. */
export function serverName({ backend, service, portName }: Omit<RouteServer, 'weight'>): string {
  const { address, port, pod } = backend;
  return pod ? `pod:${pod.name}:${service}:${portName}:${address}:${port}` : `ept:${service}:${address}:${port}`;
}

export class AccessLog {
  private readonly busy = new Map<string, number>();
  private readonly format: string;
  private readonly captures: Record<'request' | 'response', [name: string, length: number][]>;

  private constructor(
    private readonly proc: Process,
    private readonly server: string,
  ) {
    const { env } = proc;
    this.format = unquoted(env['ROUTER_SYSLOG_FORMAT'] ?? '') || HTTP_FORMAT;
    this.captures = {
      request: capturesOf(env['ROUTER_CAPTURE_HTTP_REQUEST_HEADERS']),
      response: capturesOf(env['ROUTER_CAPTURE_HTTP_RESPONSE_HEADERS']),
    };
  }

  /** None when the router has no address to send it to. */
  static of(proc: Process): AccessLog | undefined {
    const server = proc.env['ROUTER_SYSLOG_ADDRESS'];
    return server ? new AccessLog(proc, server) : undefined;
  }

  /** A connection of a frontend, or a request at a backend or server, is under way until the answer is called. */
  enter(...names: string[]): () => void {
    const add = (by: number) => {
      for (const name of names) this.busy.set(name, this.count(name) + by);
    };
    add(1);
    return () => add(-1);
  }

  http(entry: Entry): void {
    this.send(this.filled(this.format, entry));
  }

  tcp(entry: Entry): void {
    this.send(this.filled(TCP_FORMAT, entry));
  }

  /** A connection that ended before it asked for anything; `option dontlognull` passes over it. */
  empty(entry: Entry): void {
    if (this.proc.env['ROUTER_DONT_LOG_NULL'] === 'true') return;
    if (entry.frontend === 'public_ssl') this.tcp(entry);
    else this.http(entry);
  }

  private readonly count = (name: string): number => this.busy.get(name) ?? 0;

  /** What is empty takes the space before it with it. */
  private filled(format: string, entry: Entry): string {
    const facts = this.facts(entry);
    return format.replace(
      /( ?)%(?:%|(?:\{([^}]*)\})?(?:\[([^\]]*)\]|([A-Za-z]+)))/g,
      (whole, space: string, flags = '', sample?: string, name?: string) => {
        if (whole.endsWith('%%')) return `${space}%`;
        const value = sample === undefined ? (facts[name ?? ''] ?? '-') : this.sampled(sample, entry);
        if (value === '') return '';
        return space + (flags.includes('+Q') ? `"${value.replaceAll('"', "'")}"` : value);
      },
    );
  }

  private facts(entry: Entry): Record<string, string> {
    const { frontend, backend, server, start, tried, connected, answered, request, cookies } = entry;
    const span = (from: number | undefined, to: number | undefined) =>
      from === undefined || to === undefined ? '-1' : `${Math.round(to - from)}`;
    const now = this.proc.machine.clock.now();
    const { method = '', target = '', version = '' } = request ?? {};
    const [path = '', query] = target.split('?', 2);
    const address = /^pod:.*?:([^:]+|.*::?[^:]*):(\d+)$/.exec(server);
    return {
      ci: entry.client,
      cp: `${entry.port}`,
      t: dated(start),
      tr: dated(start),
      ts: entry.state,
      Ts: `${Math.floor(start / 1000)}`,
      ms: `${Math.floor(start % 1000)}`.padStart(3, '0'),
      f: frontend.replace(/~$/, ''),
      ft: frontend,
      b: backend,
      s: server,
      si: address?.[1] ?? '-',
      sp: address?.[2] ?? '-',
      H: this.proc.machine.hostname,
      pid: `${this.proc.pid}`,
      TR: request ? '0' : '-1',
      Th: '0',
      Ti: '0',
      Tq: request ? '0' : '-1',
      Tw: tried === undefined ? '-1' : '0',
      Tc: span(tried, connected),
      Tr: span(connected, answered),
      Ta: span(start, now),
      Tt: span(start, now),
      Td: span(answered, now),
      ST: `${entry.status}`,
      B: `${entry.bytes}`,
      U: `${request?.body.length ?? 0}`,
      CC: '-',
      CS: '-',
      tsc: entry.state + cookies,
      ac: `${this.count('')}`,
      fc: `${this.count(frontend)}`,
      bc: `${this.count(`/${backend}`)}`,
      sc: `${this.count(`/${backend}/${server}`)}`,
      rc: entry.retries > 0 ? `+${entry.retries}` : '0',
      sq: '0',
      bq: '0',
      hr: this.captured('request', request),
      hs: this.captured('response', entry.response),
      r: request ? `${method} ${target} ${version}` : '<BADREQ>',
      HM: method,
      HP: path,
      HU: target,
      HQ: query === undefined ? '' : `?${query}`,
      HV: version,
    };
  }

  private captured(of: 'request' | 'response', message: Request | ResponseHead | undefined): string {
    const values = this.captures[of].map(([name, length]) => (message ? header(message, name) : '')?.slice(0, length));
    return values.length > 0 ? `{${values.join('|')}}` : '';
  }

  /** DIFFERS: of HAProxy's many samples, only those that logs are commonly made of. */
  private sampled(sample: string, { client, request, response, frontend }: Entry): string {
    if (sample === 'src') return client;
    if (sample === 'ssl_fc') return frontend.endsWith('~') ? '1' : '0';
    const [, of, index] = /^capture\.(req|res)\.hdr\((\d+)\)$/.exec(sample) ?? [];
    if (!of) return '-';
    const [name, length] = this.captures[of === 'req' ? 'request' : 'response'][Number(index)] ?? [];
    const message = of === 'req' ? request : response;
    return (name && message && header(message, name)?.slice(0, length)) || '-';
  }

  private send(text: string): void {
    const { proc, server } = this;
    const { clock, hostname } = proc.machine;
    const facility = Math.max(0, FACILITIES.indexOf(proc.env['ROUTER_LOG_FACILITY'] ?? 'local1'));
    const at = new Date(clock.now()).toISOString();
    const stamp = `${MONTHS[Number(at.slice(5, 7)) - 1]} ${at.slice(8, 10).replace(/^0/, ' ')} ${at.slice(11, 19)}`;
    const line = `<${facility * 8 + INFO}>${stamp} ${hostname} haproxy[${proc.pid}]: ${text}`;
    const bytes = new TextEncoder().encode(`${line.slice(0, Number(proc.env['ROUTER_LOG_MAX_LENGTH'] ?? 1024) - 1)}\n`);
    try {
      if (server.startsWith('/')) return proc.machine.net.fabric.local.send(proc, server, bytes);
      const [, host = '', port = '514'] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(server) ?? [];
      if (!parseAddress(host)) return;
      const socket = proc.udp(0, host.includes(':') ? '::' : '0.0.0.0');
      socket.send(bytes, host, Number(port));
      clock.after(LINGER_MS, () => socket.close());
    } catch (error) {
      // HAProxy does not wait for who reads its log.
      if (!(error instanceof Errno)) throw error;
    }
  }
}

const LINGER_MS = 1000;

/** `26/Nov/2026:02:17:04.123` */
function dated(time: number): string {
  const at = new Date(time).toISOString();
  return `${at.slice(8, 10)}/${MONTHS[Number(at.slice(5, 7)) - 1]}/${at.slice(0, 4)}:${at.slice(11, 23)}`;
}

/** The operator writes the format as Go's %q does. */
const unquoted = (text: string): string => text.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/g, '$1');

const capturesOf = (text = ''): [string, number][] =>
  text
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const [name = '', length = '0'] = part.split(':');
      return [decodeURIComponent(name), Number(length)];
    });

/** A client's connection that counts what is sent to it. */
export class Counted implements Connection {
  bytes = 0;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;

  constructor(private readonly inner: Connection) {
    this.localAddress = inner.localAddress;
    this.localPort = inner.localPort;
    this.remoteAddress = inner.remoteAddress;
    this.remotePort = inner.remotePort;
  }

  read(max?: number, signal?: AbortSignal): Promise<Uint8Array | null> {
    return this.inner.read(max, signal);
  }

  write(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    this.bytes += bytes.length;
    return this.inner.write(bytes, signal);
  }

  end(): void {
    this.inner.end();
  }

  close(): void {
    this.inner.close();
  }
}
