// Sockets that carry a stream or messages in order: TCP and SCTP. What reaches them is decided in net.ts.
import type { Protocol } from '../network/types';
import { Pipe } from '../sim/pipe';
import { waiting } from '../sim/wait-queue';
import { Errno } from './errno';
import type { Flow } from './flow';
import type { NetStack } from './net';

/** The protocols with connections; SCTP calls one an association. */
export type StreamProtocol = Extract<Protocol, 'TCP' | 'SCTP'>;

/** The process that holds a socket, for `ss -p`. */
export interface Owner {
  /** The id of the machine that it runs on: containers of one pod share their sockets' ports. */
  machine: string;
  pid: number;
  name: string;
  uid: number;
}

/** One end of a connection. */
export interface Connection {
  read(max?: number, signal?: AbortSignal): Promise<Uint8Array | null>;
  write(bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Sends FIN: the peer reads the end. */
  end(): void;
  /** Both directions; what the peer still writes is answered with a reset. */
  close(): void;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** The next connection; null when the listener is closed. */
  accept(signal?: AbortSignal): Promise<Connection | null>;
  close(): void;
}

/** As `ss` calls it. */
export type SocketState = 'ESTAB' | 'CLOSE-WAIT' | 'FIN-WAIT-2';

export class StreamListener implements Listener {
  owner: Owner | undefined;
  private readonly queue: Connection[] = [];
  private waiting: (() => void)[] = [];
  private closed = false;

  constructor(
    readonly protocol: StreamProtocol,
    readonly address: string,
    readonly port: number,
    private readonly onClose: () => void,
  ) {}

  offer(connection: Connection): void {
    if (this.closed) return connection.close();
    this.queue.push(connection);
    for (const go of this.waiting.splice(0)) go();
  }

  async accept(signal?: AbortSignal): Promise<Connection | null> {
    while (this.queue.length === 0 && !this.closed) await waiting(this.waiting, signal);
    return this.queue.shift() ?? null;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const connection of this.queue.splice(0)) connection.close();
    for (const go of this.waiting.splice(0)) go();
    this.onClose();
  }
}

export class StreamEnd implements Connection {
  owner: Owner | undefined;
  peer: StreamEnd | undefined;
  private ended = false;
  private done = false;

  constructor(
    readonly protocol: StreamProtocol,
    private readonly stack: NetStack,
    private readonly incoming: Pipe,
    private readonly outgoing: Pipe,
    private readonly at: { local: string; localPort: number; remote: string; remotePort: number },
    private readonly flow: Flow | undefined,
    private readonly role: 'client' | 'server',
  ) {
    stack.track(this);
  }

  get state(): SocketState {
    if (this.ended) return 'FIN-WAIT-2';
    return this.peer?.ended ? 'CLOSE-WAIT' : 'ESTAB';
  }

  get localAddress(): string {
    return this.at.local;
  }
  get localPort(): number {
    return this.at.localPort;
  }
  get remoteAddress(): string {
    return this.at.remote;
  }
  get remotePort(): number {
    return this.at.remotePort;
  }

  read(max?: number, signal?: AbortSignal): Promise<Uint8Array | null> {
    return this.incoming.read(max, signal);
  }

  write(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (!this.outgoing.closed) this.flow?.data(this.role, bytes);
    return this.outgoing.write(bytes, signal);
  }

  end(): void {
    if (!this.ended) this.flow?.end(this.role);
    this.ended = true;
    this.outgoing.end();
  }

  close(): void {
    if (this.done) return;
    this.done = true;
    this.end();
    this.incoming.close();
    this.stack.untrack(this);
  }

  /** The host died: the peer gets ECONNRESET. */
  reset(): void {
    if (!this.ended) {
      this.outgoing.fail(new Errno('ECONNRESET'));
      this.flow?.reset(this.role);
    }
    this.close();
  }
}

type Ends = Record<'client' | 'server', { local: string; localPort: number; remote: string; remotePort: number }>;

/** Makes both ends of a connection that a listener takes. */
export function join(
  protocol: StreamProtocol,
  from: NetStack,
  to: NetStack,
  listener: StreamListener,
  flow: Flow | undefined,
  ends: Ends,
): StreamEnd {
  const there = new Pipe();
  const back = new Pipe();
  const client = new StreamEnd(protocol, from, back, there, ends.client, flow, 'client');
  const server = new StreamEnd(protocol, to, there, back, ends.server, flow, 'server');
  server.owner = listener.owner;
  client.peer = server;
  server.peer = client;
  listener.offer(server);
  return client;
}
