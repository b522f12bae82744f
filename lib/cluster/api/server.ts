// The API server: an http.Server that never listens. Connections are handed to it: `server.emit('connection', duplex)`.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Api } from './call';
import { Call } from './call';
import { asApiError, dated, send, sendError } from './respond';
import { route } from './router';
import { upgrade } from './upgrade';

const HEADERS_MAX_BYTES = 1024 * 1024; // Go's DefaultMaxHeaderBytes

/**
 * @example
 * const server = createApiServer({ operations, auth, streams, sync: () => state.commit(), onBug });
 * server.emit('connection', socket);
 */
export function createApiServer(api: Api): Server {
  const server = createServer(
    { maxHeaderSize: HEADERS_MAX_BYTES, keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: false },
    (request, response) => void serve(api, request, response),
  );
  server.timeout = 0;
  server.on(
    'upgrade',
    (request: IncomingMessage, socket: Duplex, head: Buffer) => void upgrade(api, request, socket, head),
  );
  server.on('clientError', (_error, socket) => {
    if (socket.writable)
      socket.end(
        'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request',
      );
    else socket.destroy();
  });
  return server;
}

async function serve(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.on('error', () => {});
  response.on('error', () => {});
  dated(response, api.operations.clock.now());
  let call: Call | undefined;
  try {
    const url = new URL(request.url ?? '/', 'http://api');
    if (api.auth.answer?.(request, response, url)) return;
    call = new Call(api, request, url);
    const before = api.operations.store.resourceVersion;
    const answer = await route(call, response);
    if (!answer) return;
    if (writes(call) || api.operations.store.resourceVersion !== before) await api.sync();
    send(call, response, answer);
  } catch (error) {
    const refusal = asApiError(error, api.onBug);
    if (!call) return void response.destroy();
    sendError(call, response, refusal);
  }
}

const writes = ({ request }: Call) => request.method !== 'GET' && request.method !== 'HEAD';
