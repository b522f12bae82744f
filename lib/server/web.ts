// The web server: Next behind our own HTTP server, which sets the security headers, says who connects, and keeps upgrades.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import next from 'next';
import { CLIENT_ADDRESS_HEADER } from './auth';
import { isOwnOrigin } from './origin';

export interface WebOptions {
  /** The folder with app/ and .next/. */
  root: string;
  host: string;
  /** 0 for any free one. */
  port: number;
  dev: boolean;
}

/** Most pages send a few hundred bytes; an author a file, or an archive of labs (lib/server/workshop/unpack.ts). */
const LARGEST_BODY = 256 * 1024;
const LARGEST_FILE = 2 * 1024 * 1024;
const LARGEST_ARCHIVE = 16 * 1024 * 1024;

function largestBody(url: string): number {
  if (url.startsWith('/api/workshop/import')) return LARGEST_ARCHIVE;
  return url.startsWith('/api/workshop/') ? LARGEST_FILE : LARGEST_BODY;
}

/** Takes upgrades that are not Next's. */
interface Upgrades {
  handle(request: IncomingMessage, stream: Duplex, head: Buffer): boolean;
}

export interface Web {
  url: string;
  /** Begins to serve; until then every request is told to come back. */
  open(upgrades: Upgrades): Promise<void>;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Takes the port. */
export async function listenForWeb({ root, host, port, dev }: WebOptions): Promise<Web> {
  let handler: Handler = (_, response) => response.writeHead(503, { 'retry-after': '1' }).end('Starting…');
  const server = createServer((request, response) => {
    if (isForeignChange(request)) return void response.writeHead(403).end('Open this from the pages of this site.');
    if (isTooLarge(request))
      return void response.writeHead(413, { connection: 'close' }).end('That is too much at once.');
    prepare(request, response, dev);
    void handler(request, response);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const taken = (server.address() as AddressInfo).port;
  const isLocal = host === '127.0.0.1' || host === '0.0.0.0' || host === '::';
  // Next would answer upgrades on the server of its first request, ours included; it is given one that nobody calls.
  const app = next({ httpServer: createServer(), dev, dir: root, hostname: isLocal ? 'localhost' : host, port: taken });
  return {
    url: `http://${isLocal ? 'localhost' : host}:${taken}`,
    async open(upgrades) {
      await app.prepare();
      const nextUpgrade = app.getUpgradeHandler();
      server.on('upgrade', (request, stream, head) => {
        if (upgrades.handle(request, stream, head)) return;
        // Only Next's own reloading in development has any.
        if (dev) void nextUpgrade(request, stream, head);
        else stream.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      });
      handler = app.getRequestHandler();
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await app.close();
    },
  };
}

/** A change asked for by another site's page. Programs that send no Origin carry no cookie of the user's by accident. */
const isForeignChange = ({ method, headers }: IncomingMessage): boolean =>
  method !== 'GET' && method !== 'HEAD' && headers.origin !== undefined && !isOwnOrigin(headers);

/** Our pages always say how many bytes they send. */
const isTooLarge = ({ headers, url = '' }: IncomingMessage): boolean =>
  Number(headers['content-length'] ?? 0) > largestBody(url) || headers['transfer-encoding'] !== undefined;

function prepare(request: IncomingMessage, response: ServerResponse, dev: boolean): void {
  request.headers[CLIENT_ADDRESS_HEADER] = request.socket.remoteAddress ?? '';
  const policy = contentPolicy(randomBytes(16).toString('base64'), dev);
  // Next finds the nonce in the request's header and puts it on its own scripts.
  request.headers['content-security-policy'] = policy;
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'same-origin');
}

/** Styles may be inline: xterm.js and PatternFly write them. Everything comes from here and nowhere else. */
const contentPolicy = (nonce: string, dev: boolean): string =>
  [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}'${dev ? ` 'unsafe-eval'` : ''}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data:`,
    `font-src 'self' data:`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
