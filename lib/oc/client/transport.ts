// HTTP over the simulated network: name, TCP, TLS, then Node's own HTTP client on the stream. One connection is kept.
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { toDuplex } from '../../machine/duplex';
import { Errno } from '../../machine/errno';
import type { Process } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { type Certificate, fromPem, TlsError, tlsConnect, verify } from '../../machine/tls';
import { UrlError } from '../errors';

export interface Trust {
  ca?: string;
  insecure: boolean;
  serverName?: string;
  /** What is shown of the user. */
  client?: Certificate;
}

export interface HttpRequest {
  method: string;
  /** Absolute. */
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
}

const SYSTEM_BUNDLE = '/etc/pki/tls/certs/ca-bundle.crt';
const DEBIAN_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const DIAL_TIMEOUT_MS = 30_000; // client-go's net.Dialer

const MOST_PORT = 65_535;
const NO_HOST = 'no-host.invalid'; // stands in URLs for the host that `http://:8080` has not

/** What Go says of a connection that did not come about. */
class DialError extends Error {}

/** What Node can read of what Go dials; throws what Go says of the rest. */
function urlOf(url: string, method: string): URL {
  const wrong = (text: string) => new UrlError(goMethod(method), url, text);
  const [, scheme = '', port = ''] = /^([^:/]*):\/\/(?:\[[^\]]*\]|[^:/?]*)(?::(\d*))?/.exec(url) ?? [];
  if (!/^(https?|wss?)$/.test(scheme)) throw wrong(`unsupported protocol scheme ${JSON.stringify(scheme)}`);
  if (Number(port) > MOST_PORT) throw wrong(`dial tcp: address ${port}: invalid port`);
  return new URL(url.replace(/^(\w+:\/\/):/, `$1${NO_HOST}:`));
}

const goMethod = (method: string): string => method[0] + method.slice(1).toLowerCase();

export class Transport {
  private readonly agents = new Map<string, Agent>();

  constructor(
    private readonly proc: Process,
    private readonly trust: Trust,
    /** Told of each connection: the address with its port, and the name if it was looked up. */
    private readonly onConnect: (address: string, name?: string) => void = () => {},
  ) {}

  /** Sends a request; resolves with the head of the answer. Throws UrlError when there is none. */
  async send({ method, url, headers = {}, body, signal }: HttpRequest): Promise<IncomingMessage> {
    const target = urlOf(url, method);
    const bytes = body === undefined ? undefined : Buffer.from(body as string);
    const req = request({
      method,
      host: target.hostname,
      path: target.pathname + target.search,
      agent: this.agentFor(target),
      headers: { Host: target.host, ...headers, ...(bytes ? { 'Content-Length': bytes.length } : {}) },
    });
    return this.answer(req, bytes, method, url, signal);
  }

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
  }

  /** A stream to a server, after the TLS handshake where the scheme asks for one. */
  async dial(target: URL): Promise<Duplex> {
    const secure = target.protocol === 'https:' || target.protocol === 'wss:';
    const host = target.hostname.replace(/^\[|\]$/g, '');
    const port = Number(target.port) || (secure ? 443 : 80);
    const address = host === NO_HOST ? '127.0.0.1' : await this.lookup(host);
    const shown = `${host === NO_HOST ? '' : address.includes(':') ? `[${address}]` : address}:${port}`;
    try {
      const connection = await this.proc.connect(address, port, { timeoutMs: DIAL_TIMEOUT_MS });
      this.onConnect(shown, host === address ? undefined : host);
      if (secure) {
        const { certificate } = await tlsConnect(
          connection,
          this.trust.serverName ?? host,
          [],
          undefined,
          this.trust.client,
        );
        const wrong = this.trust.insecure
          ? undefined
          : verify(certificate, this.trusted(), this.trust.serverName ?? host, this.proc.machine.clock.now());
        if (wrong) {
          connection.close();
          throw wrong;
        }
      }
      return toDuplex(connection);
    } catch (error) {
      throw new DialError(dialText(error, shown), { cause: error });
    }
  }

  /** The certificates that are trusted: the kubeconfig's, else the machine's bundle. */
  private trusted() {
    const { machine } = this.proc;
    return fromPem(this.trust.ca ?? machine.text(SYSTEM_BUNDLE) ?? machine.text(DEBIAN_BUNDLE) ?? '');
  }

  private async lookup(host: string): Promise<string> {
    try {
      const [address] = await this.proc.resolve(host);
      return address as string;
    } catch (error) {
      if (!(error instanceof NameError)) throw error;
      const why = error.code === 'EAI_AGAIN' ? 'server misbehaving' : 'no such host';
      throw new DialError(`dial tcp: lookup ${host} on ${this.nameServer}: ${why}`, { cause: error });
    }
  }

  /** `192.168.50.254:53`, which Go's own resolver names. */
  private get nameServer(): string {
    const [, server = '127.0.0.1'] =
      /^\s*nameserver\s+(\S+)/m.exec(this.proc.machine.text('/etc/resolv.conf') ?? '') ?? [];
    return `${server.includes(':') ? `[${server}]` : server}:53`;
  }

  private agentFor(target: URL): Agent {
    const known = this.agents.get(target.origin);
    if (known) return known;
    const agent = new Agent({ keepAlive: true });
    const createConnection = (_: object, done: (error: Error | null, stream?: Duplex) => void): void => {
      this.dial(target).then((stream) => done(null, stream), done);
    };
    Object.assign(agent, { createConnection });
    this.agents.set(target.origin, agent);
    return agent;
  }

  private answer(
    req: ClientRequest,
    body: Buffer | undefined,
    method: string,
    url: string,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const abort = signal ? AbortSignal.any([signal, this.proc.killed]) : this.proc.killed;
    return new Promise((resolve, reject) => {
      const stop = () => {
        req.destroy();
        reject(abort.reason);
      };
      if (abort.aborted) return stop();
      abort.addEventListener('abort', stop, { once: true });
      req.on('response', (answer) => {
        answer.on('close', () => abort.removeEventListener('abort', stop));
        resolve(answer);
      });
      req.on('error', (error) => {
        abort.removeEventListener('abort', stop);
        reject(abort.aborted ? abort.reason : new UrlError(goMethod(method), url, requestText(error)));
      });
      req.end(body);
    });
  }
}

function requestText(error: Error): string {
  if (error instanceof DialError) return error.message;
  if ('code' in error && error.code === 'ECONNRESET') return 'EOF';
  return error.message;
}

function dialText(error: unknown, address: string): string {
  if (error instanceof TlsError) {
    if (error.code === 'not-tls')
      return error.message === 'EOF' ? 'EOF' : 'http: server gave HTTP response to HTTPS client';
    return `tls: failed to verify certificate: ${error.message}`;
  }
  if (!(error instanceof Errno)) throw error;
  const why =
    error.code === 'ETIMEDOUT' ? 'i/o timeout' : `connect: ${error.message[0]?.toLowerCase()}${error.message.slice(1)}`;
  return `dial tcp ${address}: ${why}`;
}

/** The whole body, as text. */
export async function bodyText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
