// Sockets on the simulated network. Whether and where a connection arrives is decided by lib/network's `path`; this file
// carries its bytes.

import type { Network } from '../network/network';
import { path } from '../network/path';
import type { HostId, Path, Protocol } from '../network/types';
import type { Clock } from '../sim/clock';
import { Errno } from './errno';
import { type Flow, Flows } from './flow';
import { LIMITS } from './limits';
import { LocalSockets } from './local-socket';
import type { NodeAgent } from './node-agent';
import { type PingAnswer, type PingRequest, ping } from './ping';
import {
  type Connection,
  join,
  type Owner,
  type SocketState,
  type StreamEnd,
  StreamListener,
  type StreamProtocol,
} from './stream-socket';
import { UdpEnd } from './udp-socket';

export type { Connection, Listener, Owner, StreamProtocol } from './stream-socket';
export type { UdpSocket } from './udp-socket';

const EPHEMERAL_FIRST = 32768; // net.ipv4.ip_local_port_range
const EPHEMERAL_COUNT = 28232;
const ARP_FAILURE_MS = 3000; // three unanswered ARP requests give EHOSTUNREACH
const FIRST_RETRY_MS = { TCP: 1000, SCTP: 3000 }; // of an unanswered SYN or INIT; each next one waits twice as long
const SCTP_GIVES_UP_MS = 333_000; // an INIT and eight more, a minute between them at most (net.sctp.*)

export interface ConnectOptions {
  /** TCP unless told. */
  protocol?: StreamProtocol;
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** A connection that did not come about, with the path that says why. */
export class ConnectError extends Errno {
  constructor(
    code: 'ECONNREFUSED' | 'ETIMEDOUT' | 'EHOSTUNREACH' | 'ENETUNREACH' | 'ECONNRESET',
    readonly path: Path | undefined,
  ) {
    super(code);
  }
}

/** All network stacks of a world. */
export class Fabric {
  readonly stacks = new Map<HostId, NetStack>();
  /** The last connections, newest last, for pictures and `conntrack -L`. */
  readonly recent: { from: HostId; to: string; port: number; path: Path; at: number }[] = [];
  /** For captures and connection tracking. */
  readonly flows: Flows;
  readonly local = new LocalSockets();

  constructor(
    readonly network: Network,
    readonly clock: Clock,
  ) {
    this.flows = new Flows(network, clock);
  }

  /** Finds the stack of a host that sleeps: one without any until somebody calls. */
  findAsleep: ((host: HostId) => NetStack | undefined) | undefined;

  stackOf(host: HostId): NetStack | undefined {
    return this.stacks.get(host) ?? this.findAsleep?.(host);
  }

  /** Told of every socket that is bound or closed, for who keeps account of it beyond this process. */
  onBound: ((host: HostId, protocol: Protocol, port: number, address: string, open: boolean) => void) | undefined;

  /** A socket was bound or closed. */
  bound(host: HostId, protocol: Protocol, port: number, address: string, open: boolean): void {
    this.network.setListener(host, protocol, port, address, open);
    this.onBound?.(host, protocol, port, address, open);
  }

  /** What runs a node, for the commands on it. */
  nodeAgent: ((node: string) => NodeAgent | undefined) | undefined;

  /** Told when somebody calls a service that has been idled. */
  onIdled: ((service: NonNullable<Path['idled']>) => void) | undefined;

  note(from: HostId, to: string, port: number, found: Path): void {
    if (found.idled) this.onIdled?.(found.idled);
    this.recent.push({ from, to, port, path: found, at: this.clock.now() });
    if (this.recent.length > RECENT_CONNECTIONS) this.recent.shift();
  }
}

const RECENT_CONNECTIONS = 200; // what a picture of the network can show

/** The network namespace of a host: a pod, a node, the workstation, a host outside. */
export class NetStack {
  private readonly streams = { TCP: new Map<number, StreamListener[]>(), SCTP: new Map<number, StreamListener[]>() };
  private readonly udpEnds = new Map<number, UdpEnd[]>();
  private readonly open = new Set<StreamEnd>();
  private nextPort = 0;
  private closed = false;
  /** Connections that were ever taken from others. */
  arrivals = 0;
  /** Starts the programs of a host that sleeps after a restore; resolves when they listen. */
  wake: (() => Promise<void>) | undefined;

  constructor(
    readonly fabric: Fabric,
    readonly host: HostId,
    /** This host's own addresses, loopback not among them. */
    readonly addresses: () => string[],
  ) {
    fabric.stacks.set(host, this);
    this.nextPort = fabric.network.random.int(EPHEMERAL_COUNT);
  }

  async connect(address: string, port: number, options: ConnectOptions = {}): Promise<StreamEnd> {
    const sourcePort = this.ephemeral();
    const { protocol = 'TCP' } = options;
    if (isLoopback(address)) return this.toLocal(address, port, sourcePort, options);
    const found = path(this.fabric.network, { from: this.host, to: address, port, protocol, sourcePort });
    this.fabric.note(this.host, address, port, found);
    const flow = this.flow(protocol, address, port, sourcePort, found);
    flow?.syn();
    if (found.verdict === 'dropped') {
      const again = () => path(this.fabric.network, { from: this.host, to: address, port, protocol, sourcePort });
      const left = await this.unanswered('ETIMEDOUT', found, givesUpMs(protocol), options, flow, again);
      return this.connect(address, port, { ...options, timeoutMs: left });
    }
    if (found.verdict === 'no-route') {
      await this.unanswered('EHOSTUNREACH', found, ARP_FAILURE_MS, options);
      throw new ConnectError('EHOSTUNREACH', found);
    }
    if (found.verdict === 'reset') throw new ConnectError('ECONNRESET', found);
    const target = found.destination;
    const refuse = () => {
      flow?.refused();
      return new ConnectError('ECONNREFUSED', found);
    };
    if (found.verdict !== 'delivered' || !target) throw refuse();
    const stack = this.fabric.stackOf(target.host);
    await stack?.awaken();
    if (this.closed) throw new ConnectError('ECONNRESET', found);
    const listener = stack?.listenerAt(target.address, target.port, protocol);
    if (!stack || !listener) throw refuse();
    flow?.established();
    stack.arrivals++;
    const local = this.sourceFor(address, found);
    return join(protocol, this, stack, listener, flow, {
      client: { local, localPort: sourcePort, remote: address, remotePort: port },
      server: {
        local: target.address,
        localPort: target.port,
        remote: found.source.address,
        remotePort: found.source.port,
      },
    });
  }

  /** One echo request. */
  ping(request: PingRequest): Promise<PingAnswer> {
    return ping(this, request);
  }

  /** Begins a flow; undefined for a host that the network does not know. */
  flow(protocol: Protocol, address: string, port: number, sourcePort: number, found: Path): Flow | undefined {
    const { network, flows } = this.fabric;
    const from = network.hosts.get(this.host);
    const near = { source: this.sourceFor(address, found), sourcePort, destination: address, destinationPort: port };
    return from && flows.begin(network.hosts.owner(from), protocol, near, found);
  }

  /** The own address that packets to an address are sent from. */
  private sourceFor(address: string, found: Path): string {
    const own = this.addresses();
    if (isLoopback(address)) return address;
    if (own.includes(found.source.address)) return found.source.address;
    return own.find((each) => each.includes(':') === address.includes(':')) ?? own[0] ?? '0.0.0.0';
  }

  listen(port: number, address = '0.0.0.0', protocol: StreamProtocol = 'TCP'): StreamListener {
    const at = port === 0 ? this.ephemeral() : port;
    const others = this.streams[protocol].get(at) ?? [];
    if (others.some((other) => overlaps(other.address, address))) throw new Errno('EADDRINUSE');
    if (!isAny(address) && !isLoopback(address) && !this.addresses().includes(address))
      throw new Errno('EADDRNOTAVAIL');
    const listener = new StreamListener(protocol, address, at, () => this.stopListening(listener));
    this.streams[protocol].set(at, [...others, listener]);
    this.fabric.bound(this.host, protocol, at, address, true);
    return listener;
  }

  udp(port = 0, address = '0.0.0.0'): UdpEnd {
    const at = port === 0 ? this.ephemeral() : port;
    const others = this.udpEnds.get(at) ?? [];
    if (others.some((other) => overlaps(other.address, address))) throw new Errno('EADDRINUSE');
    const end = new UdpEnd(this, at, address, port !== 0);
    this.udpEnds.set(at, [...others, end]);
    if (port !== 0) this.fabric.bound(this.host, 'UDP', at, address, true);
    return end;
  }

  /** The host is gone: its listeners close, its connections are reset. */
  shutdown(): void {
    this.closed = true;
    for (const end of [...this.open]) end.reset();
    for (const listener of this.streamListeners()) listener.close();
    for (const end of [...this.udpEnds.values()].flat()) end.close();
    this.leave();
  }

  /** The host goes on without this stack, until it gets another. */
  leave(): void {
    if (this.fabric.stacks.get(this.host) === this) this.fabric.stacks.delete(this.host);
  }

  /** Ports that something listens on, for `ss` and `netstat`. */
  listeners(): { protocol: Protocol; address: string; port: number; owner?: Owner }[] {
    const held = (owner: Owner | undefined) => (owner ? { owner } : {});
    return [
      ...this.streamListeners().map(({ protocol, address, port, owner }) => ({
        protocol,
        address,
        port,
        ...held(owner),
      })),
      ...[...this.udpEnds.values()]
        .flat()
        .filter((end) => end.bound)
        .map(({ address, port, owner }) => ({ protocol: 'UDP' as const, address, port, ...held(owner) })),
    ];
  }

  private streamListeners(): StreamListener[] {
    return [this.streams.TCP, this.streams.SCTP].flatMap((listeners) => [...listeners.values()].flat());
  }

  /** The TCP and SCTP sockets that are not listening. */
  connections(): (Connection & Pick<StreamEnd, 'protocol' | 'owner'> & { readonly state: SocketState })[] {
    return [...this.open];
  }

  private waking: Promise<void> | undefined;

  async awaken(): Promise<void> {
    const wake = this.wake;
    if (wake && !this.waking) {
      this.wake = undefined;
      this.waking = wake().finally(() => {
        this.waking = undefined;
      });
    }
    await this.waking;
  }

  listenerAt(address: string, port: number, protocol: StreamProtocol): StreamListener | undefined {
    return this.streams[protocol].get(port)?.find((l) => isAny(l.address) || l.address === address);
  }

  track(end: StreamEnd): void {
    this.open.add(end);
  }

  untrack(end: StreamEnd): void {
    this.open.delete(end);
  }

  forgetUdp(end: UdpEnd): void {
    const rest = (this.udpEnds.get(end.port) ?? []).filter((other) => other !== end);
    if (rest.length > 0) this.udpEnds.set(end.port, rest);
    else this.udpEnds.delete(end.port);
    if (end.bound) this.fabric.bound(this.host, 'UDP', end.port, end.address, false);
  }

  /** Sends one datagram; replies find their way back as connection tracking would translate them. */
  async sendUdp(from: UdpEnd, bytes: Uint8Array, address: string, port: number): Promise<void> {
    const reply = from.flows.get(`${address}:${port}`);
    if (reply) {
      reply.flow?.datagram('server', bytes);
      return reply.client.arrive({ bytes, address: reply.address, port: reply.port });
    }
    if (isLoopback(address)) return this.toLocalUdp(from, bytes, address, port);
    const found = path(this.fabric.network, {
      from: this.host,
      to: address,
      port,
      protocol: 'UDP',
      sourcePort: from.port,
    });
    const flow = this.flow('UDP', address, port, from.port, found);
    flow?.datagram('client', bytes);
    const refuse = () => {
      flow?.icmp('server', { type: 'port unreachable', id: 0, seq: 0 });
      from.refuse();
    };
    if (found.verdict === 'refused') return refuse();
    const target = found.destination;
    if (found.verdict !== 'delivered' || !target) return;
    const stack = this.fabric.stackOf(target.host);
    await stack?.awaken();
    const end = stack?.udpAt(target.address, target.port);
    if (!end) return refuse();
    end.flows.set(`${found.source.address}:${found.source.port}`, { flow, client: from, address, port });
    end.arrive({ bytes, address: found.source.address, port: found.source.port });
  }

  private udpAt(address: string, port: number): UdpEnd | undefined {
    return this.udpEnds.get(port)?.find((end) => isAny(end.address) || end.address === address);
  }

  private toLocalUdp(from: UdpEnd, bytes: Uint8Array, address: string, port: number): void {
    const end = this.udpAt(address, port);
    const found = path(this.fabric.network, { from: this.host, to: address, port, protocol: 'UDP' });
    const flow = this.fabric.flows.watched ? this.flow('UDP', address, port, from.port, found) : undefined;
    flow?.datagram('client', bytes);
    if (!end) return from.refuse();
    end.flows.set(`${address}:${from.port}`, { flow, client: from, address, port });
    end.arrive({ bytes, address, port: from.port });
  }

  private async toLocal(
    address: string,
    port: number,
    sourcePort: number,
    { signal, protocol = 'TCP' }: ConnectOptions,
  ): Promise<StreamEnd> {
    signal?.throwIfAborted();
    await this.awaken();
    const listener = this.listenerAt(address, port, protocol);
    const found = path(this.fabric.network, { from: this.host, to: address, port, protocol, sourcePort });
    const flow = this.flow(protocol, address, port, sourcePort, found);
    flow?.syn();
    if (!listener) {
      flow?.refused();
      throw new ConnectError('ECONNREFUSED', undefined);
    }
    flow?.established();
    return join(protocol, this, this, listener, flow, {
      client: { local: address, localPort: sourcePort, remote: address, remotePort: port },
      server: { local: address, localPort: port, remote: address, remotePort: sourcePort },
    });
  }

  /** Waits for an answer that does not come. Returns, with what is left of the time, once the way is free `again`. */
  private async unanswered(
    code: 'ETIMEDOUT' | 'EHOSTUNREACH',
    found: Path,
    ms: number,
    options: ConnectOptions,
    flow?: Flow,
    again?: () => Path,
  ): Promise<number> {
    const limit = options.timeoutMs ?? Number.POSITIVE_INFINITY;
    let left = Math.min(ms, limit);
    for (let wait = FIRST_RETRY_MS[options.protocol ?? 'TCP']; left > 0; wait *= 2) {
      await this.fabric.clock.sleep(Math.min(wait, left), options.signal);
      left -= wait;
      if (left <= 0) break;
      flow?.syn();
      if (again && again().verdict !== 'dropped') return left;
    }
    throw new ConnectError(limit < ms ? 'ETIMEDOUT' : code, found);
  }

  private stopListening(listener: StreamListener): void {
    const { protocol, port, address } = listener;
    const rest = (this.streams[protocol].get(port) ?? []).filter((other) => other !== listener);
    if (rest.length > 0) this.streams[protocol].set(port, rest);
    else this.streams[protocol].delete(port);
    this.fabric.bound(this.host, protocol, port, address, false);
  }

  private ephemeral(): number {
    for (let i = 0; i < EPHEMERAL_COUNT; i++) {
      const port = EPHEMERAL_FIRST + (this.nextPort = (this.nextPort + 1) % EPHEMERAL_COUNT);
      if (!this.streams.TCP.has(port) && !this.streams.SCTP.has(port) && !this.udpEnds.has(port)) return port;
    }
    throw new Errno('EADDRNOTAVAIL');
  }
}

const givesUpMs = (protocol: StreamProtocol): number =>
  protocol === 'SCTP' ? SCTP_GIVES_UP_MS : LIMITS.connectTimeoutSeconds * 1000;
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
const isAny = (address: string): boolean => address === '0.0.0.0' || address === '::';
const overlaps = (a: string, b: string): boolean => a === b || isAny(a) || isAny(b);
