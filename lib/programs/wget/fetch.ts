// One HTTP request as both wgets make it: the connection is theirs to report on, the message is common.
import type { Connection } from '../../machine/net';
import type { Process } from '../../machine/process';
import { fromPem, TlsError, tlsConnect, verify } from '../../machine/tls';
import { header, MessageReader, REASONS, type Response, requestBytes } from '../http/message';

export interface Fetch {
  url: URL;
  method: 'GET' | 'HEAD' | 'POST';
  userAgent: string;
  /** Of the user's own: `Name: value`. */
  headers: readonly string[];
  body?: string;
  /** Whether the server's certificate is checked. */
  verify: boolean;
}

const CA_BUNDLES = ['/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/certs/ca-certificates.crt'];

export const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** `example.com` means `http://example.com/`. @throws TypeError */
export const parseUrl = (text: string): URL => new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);

/** `200 OK`, as the status line had it. */
export const statusText = ({ status }: Response): string => `${status} ${REASONS[status] ?? ''}`.trimEnd();

/** Throws TlsError when the name or the authority is wrong. */
export async function handshake(proc: Process, connection: Connection, { url, verify: check }: Fetch): Promise<void> {
  const { certificate } = await tlsConnect(connection, hostOf(url));
  if (!check) return;
  const bundle = CA_BUNDLES.map((file) => proc.machine.text(file) ?? '').join('\n');
  const problem = verify(certificate, fromPem(bundle), hostOf(url), proc.machine.clock.now());
  if (problem) throw problem;
}

/** `signal` gives up waiting. */
export async function exchange(connection: Connection, fetch: Fetch, signal: AbortSignal): Promise<Response> {
  const { url, method, userAgent, headers, body } = fetch;
  const own = headers.map((line): [string, string] => {
    const [name = '', ...rest] = line.split(':');
    return [name.trim(), rest.join(':').trim()];
  });
  const given = (name: string) => own.some(([key]) => key.toLowerCase() === name.toLowerCase());
  const standard: [string, string][] = [
    ['Host', url.host],
    ['User-Agent', userAgent],
    ['Accept', '*/*'],
    ['Connection', 'close'],
  ];
  const payload = new TextEncoder().encode(body ?? '');
  if (body !== undefined) {
    standard.push(['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', String(payload.length)]);
  }
  if (url.username) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    standard.push(['Authorization', `Basic ${Buffer.from(pair).toString('base64')}`]);
  }
  const all = [...standard.filter(([name]) => !given(name)), ...own];
  const target = `${url.pathname}${url.search}`;
  await connection.write(requestBytes({ method, target, version: 'HTTP/1.1', headers: all, body: payload }), signal);
  return new MessageReader(connection, signal).response(method);
}

/** Where a redirection leads. */
export function redirection(url: URL, response: Response): URL | undefined {
  const location = header(response, 'location');
  return location !== undefined && [301, 302, 303, 307, 308].includes(response.status)
    ? new URL(location, url)
    : undefined;
}

/** The file that a URL is kept in. */
export const fileName = (url: URL): string => url.pathname.split('/').at(-1) || 'index.html';

export { TlsError };
