// A WebSocket to the API server over a simulated connection, for exec, attach and port-forward.
import { WebSocket } from 'ws';
import type { Process } from '../../machine/process';
import { CliError } from '../errors';
import { apiError, type Client, type Query, queryText } from './client';
import { bodyText } from './transport';

/** Opens a WebSocket of the subprotocol; throws the Status of a refusal. */
export async function openWebSocket(
  proc: Process,
  client: Client,
  path: string,
  query: [string, string][] | Query,
  protocol: string,
): Promise<WebSocket> {
  const search = Array.isArray(query) ? `?${new URLSearchParams(query)}` : queryText(query);
  const url = new URL(client.server + path + search);
  const stream = await client.transport.dial(url);
  url.protocol = 'ws:';
  const socket = new WebSocket(url, [protocol], {
    perMessageDeflate: false,
    headers: client.headers(),
    createConnection: () => stream as never,
  });
  socket.binaryType = 'nodebuffer';
  const stop = () => socket.terminate();
  proc.killed.addEventListener('abort', stop, { once: true });
  socket.on('close', () => proc.killed.removeEventListener('abort', stop));
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', (error) => reject(proc.killed.aborted ? proc.killed.reason : new CliError(error.message)));
    socket.once('unexpected-response', (_, answer) => {
      bodyText(answer).then((text) => reject(apiError(answer, text)), reject);
    });
  });
}
