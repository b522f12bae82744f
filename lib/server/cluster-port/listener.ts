// The HTTPS port where a student's own kubectl reaches the cluster of an attempt: checks the token, strips the prefix, says
// who asks, and is a wire from then on: bodies stream both ways, and upgrades (WebSocket, SPDY) pass as bytes.
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerCertificate } from '../certificates';
import type { Secrets } from '../secrets';
import type { Sandbox } from '../supervisor/sandbox';
import { findClusterAddress } from './address';

import { bearerToken, passBack, passOn, passOnUpgrade } from './headers';

export interface ClusterPortOptions {
  host: string;
  /** 0 for any free one. */
  port: number;
  certificate: Pick<ServerCertificate, 'cert' | 'key'>;
  secrets: Secrets;
  sandbox(attemptId: string): Promise<Sandbox>;
  report(message: string): void;
}

export interface ClusterPort {
  port: number;
  close(): Promise<void>;
}

interface Passage {
  sandbox: Sandbox;
  path: string;
  headers: string[];
}

export async function openClusterPort(options: ClusterPortOptions): Promise<ClusterPort> {
  const { key, cert } = options.certificate;
  const server = createServer({ key, cert });
  server.on('request', (request, response) => void answer(options, request, response));
  server.on(
    'upgrade',
    (request: IncomingMessage, stream: Duplex, head: Buffer) => void upgrade(options, request, stream, head),
  );
  server.on('tlsClientError', () => {}); // a client that does not trust us; its own message says so
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port, options.host, resolve),
  );
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Undefined when the caller may not pass. */
async function findPassage(
  options: ClusterPortOptions,
  request: IncomingMessage,
  pass: typeof passOn,
): Promise<Passage | undefined> {
  const address = findClusterAddress(request.url ?? '');
  const user = address && options.secrets.clusterUser(address.attemptId, bearerToken(request.headers));
  if (!address || !user) return undefined;
  const sandbox = await options.sandbox(address.attemptId);
  await sandbox.ready();
  return { sandbox, path: address.path, headers: pass(request.rawHeaders, user) };
}

async function answer(options: ClusterPortOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const passage = await findPassage(options, request, passOn);
    if (passage) forward(passage, request, response);
    else sendStatus(response, 401, 'Unauthorized', 'Unauthorized');
  } catch (error) {
    options.report(`cluster port: ${error}`);
    sendStatus(response, 503, 'ServiceUnavailable', 'the cluster of this attempt is not available, try again');
  }
}

function forward({ sandbox, path, headers }: Passage, request: IncomingMessage, response: ServerResponse): void {
  const release = sandbox.hold();
  response.once('close', release);
  // A kept connection may be closed by the other side just as it is used again; a new one to a local socket costs nothing.
  const onward = httpRequest({ socketPath: sandbox.socket, method: request.method, path, headers, agent: false });
  onward.on('response', (back) => {
    response.writeHead(back.statusCode ?? 502, passBack(back.rawHeaders));
    response.flushHeaders();
    back.pipe(response);
    back.on('error', () => response.destroy());
  });
  onward.on('error', () => {
    if (response.headersSent) response.destroy();
    else sendStatus(response, 503, 'ServiceUnavailable', 'the cluster of this attempt went away, try again');
  });
  response.once('close', () => onward.destroy());
  request.pipe(onward);
}

async function upgrade(
  options: ClusterPortOptions,
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
): Promise<void> {
  stream.on('error', () => stream.destroy());
  const passage = await findPassage(options, request, passOnUpgrade).catch(() => undefined);
  if (!passage) return void stream.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  const release = passage.sandbox.hold();
  const onward = connect(passage.sandbox.socket);
  onward.on('error', () => stream.destroy());
  onward.on('close', () => stream.destroy());
  stream.on('close', () => {
    release();
    onward.destroy();
  });
  const lines = [`${request.method} ${passage.path} HTTP/1.1`];
  for (let i = 0; i + 1 < passage.headers.length; i += 2)
    lines.push(`${passage.headers[i]}: ${passage.headers[i + 1]}`);
  onward.write(`${lines.join('\r\n')}\r\n\r\n`);
  onward.write(head);
  onward.pipe(stream);
  stream.pipe(onward);
}

function sendStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(status));
}
