// Answers an HTTP upgrade: WebSocket with one of Kubernetes' subprotocols, or SPDY/3.1.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { badRequest } from '../store/errors';

/** Larger messages are a mistake or an attack. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

const offered = (request: IncomingMessage, header: string): string[] =>
  String(request.headers[header] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

export const isWebSocket = (request: IncomingMessage): boolean =>
  /websocket/i.test(String(request.headers.upgrade ?? ''));

export const offersProtocol = (request: IncomingMessage, protocol: string): boolean =>
  offered(request, 'sec-websocket-protocol').includes(protocol);

/** Accepts a WebSocket with the first of our subprotocols that the client offers. Throws a BadRequest when it offers none. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  protocols: readonly string[],
): Promise<{ ws: WebSocket; protocol: string }> {
  const wanted = offered(request, 'sec-websocket-protocol');
  const protocol = protocols.find((each) => wanted.includes(each)) ?? (wanted.length === 0 ? protocols[0] : undefined);
  if (protocol === undefined)
    throw badRequest(`unable to upgrade: none of the subprotocols ${JSON.stringify(wanted)} is supported`);
  // `ws` refuses names with a slash, which Kubernetes has: it never sees them
  delete request.headers['sec-websocket-protocol'];
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  if (wanted.length > 0) server.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  return new Promise((resolve) => {
    server.handleUpgrade(request, socket, head, (ws) => resolve({ ws, protocol }));
  });
}

/** Answers 101 with the first of our stream protocols that the client offers. */
export function acceptSpdy(request: IncomingMessage, socket: Duplex, protocols: readonly string[]): string {
  const wanted = offered(request, 'x-stream-protocol-version');
  const protocol = protocols.find((each) => wanted.includes(each));
  if (wanted.length > 0 && protocol === undefined)
    throw badRequest(
      `unable to upgrade: unable to negotiate protocol: client supports ${JSON.stringify(wanted)}, server accepts ${JSON.stringify(protocols)}`,
    );
  const chosen = protocol ?? protocols.at(-1) ?? '';
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${chosen}\r\n\r\n`,
  );
  return chosen;
}
