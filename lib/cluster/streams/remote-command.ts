// The streams of one exec or attach, whichever protocol carries them. kubernetes staging/src/k8s.io/kubelet/pkg/cri/streaming/remotecommand.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Pipe } from '../../sim/pipe';
import type { Status } from '../store/errors';
import { SpdyConnection, type SpdyStream } from './spdy';
import { socketTransport, type Transport, webSocketTransport } from './transport';
import { acceptSpdy, acceptWebSocket, isWebSocket } from './upgrade';

interface TerminalSize {
  columns: number;
  rows: number;
}

/** Remembers the newest size for who asks late. */
class Sizes {
  private last: TerminalSize | undefined;
  private listener: (size: TerminalSize) => void = () => {};

  set(size: TerminalSize | undefined): void {
    if (!size) return;
    this.last = size;
    this.listener(size);
  }

  follow(listener: (size: TerminalSize) => void): void {
    this.listener = listener;
    if (this.last) listener(this.last);
  }
}

export interface RemoteCommand {
  /** What the client types; ends when it has no more. */
  stdin: Pipe;
  /** The sizes that the client's terminal has. */
  sizes: Sizes;
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>;
  /** Sends how it ended and closes. */
  finish(status: Partial<Status>): Promise<void>;
  /** Aborts when the client has gone. */
  closed: AbortSignal;
}

export interface Wanted {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
}

const UNREAD_BYTES = 4 * 1024 * 1024; // typed ahead of a program that does not read
const WEBSOCKET_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'] as const;
const SPDY_PROTOCOLS = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'] as const;
const CLOSE_CHANNEL = 255; // v5: the channel that the next byte names has ended
const STDIN = 0;
const CHANNELS = { stdout: 1, stderr: 2, status: 3 } as const;
const RESIZE = 4;

/** Answers the upgrade and waits until all streams are there. */
export async function remoteCommand(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  wanted: Wanted,
): Promise<RemoteCommand> {
  if (isWebSocket(request)) {
    const { ws, protocol } = await acceptWebSocket(request, socket, head, WEBSOCKET_PROTOCOLS);
    return overWebSocket(webSocketTransport(ws), protocol);
  }
  const protocol = acceptSpdy(request, socket, SPDY_PROTOCOLS);
  return overSpdy(socketTransport(socket, head), protocol, wanted);
}

function readSize(bytes: Uint8Array): TerminalSize | undefined {
  try {
    const { Width, Height } = JSON.parse(new TextDecoder().decode(bytes)) as { Width: number; Height: number };
    return Width > 0 && Height > 0 ? { columns: Width, rows: Height } : undefined;
  } catch {
    return undefined;
  }
}

function overWebSocket(transport: Transport, protocol: string): RemoteCommand {
  const abort = new AbortController();
  const send = (channel: number, bytes: Uint8Array) => transport.send(Buffer.concat([Uint8Array.of(channel), bytes]));
  const command: RemoteCommand = {
    stdin: new Pipe(UNREAD_BYTES),
    sizes: new Sizes(),
    write: (stream, bytes) => send(CHANNELS[stream], bytes),
    async finish(status) {
      await send(CHANNELS.status, statusBytes(status, protocol));
      transport.close();
    },
    closed: abort.signal,
  };
  transport.receive(
    async (bytes) => {
      const [channel, of] = bytes;
      if (channel === STDIN && bytes.length > 1) await command.stdin.write(bytes.slice(1)).catch(() => {});
      else if (channel === CLOSE_CHANNEL && of === STDIN) command.stdin.end();
      else if (channel === RESIZE) command.sizes.set(readSize(bytes.subarray(1)));
    },
    () => {
      command.stdin.end();
      abort.abort(new Error('the client has gone'));
    },
  );
  return command;
}

const EARLY = new Set(['channel.k8s.io', 'v2.channel.k8s.io', 'v3.channel.k8s.io']);

/** Before v4 an error is a plain sentence and success says nothing. */
function statusBytes(status: Partial<Status>, protocol: string): Uint8Array {
  if (!EARLY.has(protocol)) return Buffer.from(JSON.stringify({ metadata: {}, ...status }));
  return Buffer.from(status.status === 'Success' ? '' : (status.message ?? ''));
}

async function overSpdy(transport: Transport, protocol: string, wanted: Wanted): Promise<RemoteCommand> {
  const streams = new Map<string, SpdyStream>();
  const resizes = wanted.tty && protocol !== 'channel.k8s.io' && protocol !== 'v2.channel.k8s.io';
  const count =
    1 + Number(wanted.stdin) + Number(wanted.stdout) + Number(wanted.stderr && !wanted.tty) + Number(resizes);
  let connection: SpdyConnection | undefined;
  await new Promise<void>((resolve) => {
    connection = new SpdyConnection(transport, (stream) => {
      streams.set(stream.headers['streamtype'] ?? '', stream);
      if (streams.size >= count) resolve();
    });
    connection.closed.addEventListener('abort', () => resolve(), { once: true });
  });
  const command: RemoteCommand = {
    stdin: streams.get('stdin')?.incoming ?? new Pipe(),
    sizes: new Sizes(),
    write: async (stream, bytes) => streams.get(stream)?.write(bytes),
    async finish(status) {
      const error = streams.get('error');
      const bytes = statusBytes(status, protocol);
      if (bytes.length > 0) await error?.write(bytes);
      for (const stream of streams.values()) await stream.end();
      connection?.close();
    },
    closed: connection?.closed ?? AbortSignal.abort(),
  };
  if (!streams.has('stdin')) command.stdin.end();
  void followSizes(streams.get('resize'), command.sizes);
  return command;
}

/** Sizes come as JSON documents, a line each. */
async function followSizes(stream: SpdyStream | undefined, sizes: Sizes): Promise<void> {
  let text = '';
  for (let chunk = await stream?.incoming.read(); chunk; chunk = await stream?.incoming.read()) {
    text += new TextDecoder().decode(chunk);
    for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}')) {
      sizes.set(readSize(Buffer.from(text.slice(0, end + 1))));
      text = text.slice(end + 1);
    }
  }
}
