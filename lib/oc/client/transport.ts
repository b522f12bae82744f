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

/** What Go says of a connection that did not come about. */
class DialError extends Error {}

export class Transport {
  private readonly agents = new Map<string, Agent>();

  constructor(
    private readonly proc: Process,
    private readonly trust: Trust,
  ) {}

  /** Sends a request; resolves with the head of the answer. Throws UrlError when there is none. */
  async send({ method, url, headers = {}, body, signal }: HttpRequest): Promise<IncomingMessage> {
    const target = new URL(url);
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
    const address = await this.lookup(host);
    const shown = `${address.includes(':') ? `[${address}]` : address}:${port}`;
    try {
      const connection = await this.proc.connect(address, port, { timeoutMs: DIAL_TIMEOUT_MS });
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
      const why = error.code === 'EAI_AGAIN' ? 'Temporary failure in name resolution' : 'no such host';
      throw new DialError(`dial tcp: lookup ${host}: ${why}`, { cause: error });
    }
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
        const op = method[0] + method.slice(1).toLowerCase();
        reject(abort.aborted ? abort.reason : new UrlError(op, url, requestText(error)));
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
