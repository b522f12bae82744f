// Port-forward: a client's connections carried into a pod's own network. Over SPDY, over SPDY inside a WebSocket, and over
// plain WebSocket channels.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ConnectError, type Connection, type NetStack } from '../../machine/net';
import { Pipe } from '../../sim/pipe';
import { SpdyConnection, type SpdyStream } from './spdy';
import { socketTransport, type Transport, webSocketTransport } from './transport';
import { acceptSpdy, acceptWebSocket, isWebSocket, offersProtocol } from './upgrade';

const TUNNEL = 'SPDY/3.1+portforward.k8s.io';
const SPDY_PROTOCOL = 'portforward.k8s.io';
const CHANNELS = ['v4.channel.k8s.io'];
const UNREAD_BYTES = 4 * 1024 * 1024;

/** One forwarded connection, as the client's side of it. */
interface Forwarded {
  incoming: Pipe;
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  fail(message: string): Promise<void>;
}

export async function portForward(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  ports: readonly number[],
  open: () => Promise<NetStack>,
): Promise<void> {
  if (!isWebSocket(request)) {
    acceptSpdy(request, socket, [SPDY_PROTOCOL]);
    return overSpdy(socketTransport(socket, head), open);
  }
  const tunnelled = offersProtocol(request, TUNNEL);
  const { ws } = await acceptWebSocket(request, socket, head, tunnelled ? [TUNNEL] : CHANNELS);
  if (tunnelled) overSpdy(webSocketTransport(ws), open);
  else overChannels(webSocketTransport(ws), ports, open);
}

/** The error stream of a connection comes before its data stream; `requestid` pairs them. */
function overSpdy(transport: Transport, open: () => Promise<NetStack>): void {
  const errors = new Map<string, SpdyStream>();
  new SpdyConnection(transport, (stream) => {
    const { streamtype, requestid = '', port } = stream.headers;
    if (streamtype === 'error') {
      errors.set(requestid, stream);
      return;
    }
    const error = errors.get(requestid);
    errors.delete(requestid);
    void forward(Number(port), open, {
      incoming: stream.incoming,
      write: (bytes) => stream.write(bytes),
      async end() {
        await stream.end();
        await error?.end();
      },
      async fail(message) {
        await error?.write(Buffer.from(message));
        await error?.end();
        await stream.reset();
      },
    });
  });
}

/** Two channels a port, data and errors; each begins with the port's number. */
function overChannels(transport: Transport, ports: readonly number[], open: () => Promise<NetStack>): void {
  const incoming = ports.map(() => new Pipe(UNREAD_BYTES));
  const send = (channel: number, bytes: Uint8Array) => transport.send(Buffer.concat([Uint8Array.of(channel), bytes]));
  let running = ports.length;
  const over = () => {
    if (--running === 0) transport.close();
  };
  ports.forEach((port, i) => {
    const number = Uint8Array.of(port & 255, port >> 8);
    void send(2 * i, number);
    void send(2 * i + 1, number);
    void forward(port, open, {
      incoming: incoming[i] as Pipe,
      write: (bytes) => send(2 * i, bytes),
      end: async () => over(),
      fail: async (message) => {
        await send(2 * i + 1, Buffer.from(message));
        over();
      },
    });
  });
  transport.receive(
    async (bytes) => {
      const channel = bytes[0] ?? 0;
      if (channel % 2 === 0) await incoming[channel / 2]?.write(bytes.slice(1)).catch(() => {});
    },
    () => {
      for (const pipe of incoming) pipe.end();
    },
  );
}

async function forward(port: number, open: () => Promise<NetStack>, client: Forwarded): Promise<void> {
  let connection: Connection;
  try {
    const stack = await open();
    connection = await stack.connect('127.0.0.1', port);
  } catch (error) {
    const why = error instanceof ConnectError ? 'connect: connection refused' : String(error);
    await client.fail(
      `error forwarding port ${port} to pod: failed to connect to localhost:${port} inside namespace: IPv4: dial tcp4 127.0.0.1:${port}: ${why}`,
    );
    return;
  }
  await Promise.all([upstream(client.incoming, connection), downstream(connection, client)]);
  connection.close();
}

async function upstream(incoming: Pipe, connection: Connection): Promise<void> {
  try {
    for (let chunk = await incoming.read(); chunk; chunk = await incoming.read()) await connection.write(chunk);
    connection.end();
  } catch {
    connection.close();
  }
}

async function downstream(connection: Connection, client: Forwarded): Promise<void> {
  try {
    for (let chunk = await connection.read(); chunk; chunk = await connection.read()) await client.write(chunk);
  } catch {
    // reset by the program: the client sees the end
  }
  await client.end();
  client.incoming.end();
}
