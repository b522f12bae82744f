// One connection or exchange as the network sees it: its packets for whoever captures them, its entry in connection tracking.
import type { Host } from '../network/hosts';
import type { Network } from '../network/network';
import { routersBetween, type Station, trailOf } from '../network/trail';
import type { HostId, Path, Protocol } from '../network/types';
import type { Clock } from '../sim/clock';
import { hash32 } from '../sim/random';

interface TcpPart {
  /** As tcpdump writes them: `S`, `S.`, `.`, `P.`, `F.`, `R.`, `R`. */
  flags: string;
  seq: number;
  ack: number;
  window: number;
  /** On the first packet of a direction. */
  mss?: number;
  /** Milliseconds, the timestamp option's clock. */
  stamp: number;
  echo: number;
}

/** The one chunk of an SCTP packet (RFC 9260). */
export interface SctpPart {
  chunk:
    | 'INIT'
    | 'INIT ACK'
    | 'COOKIE ECHO'
    | 'COOKIE ACK'
    | 'DATA'
    | 'SACK'
    | 'SHUTDOWN'
    | 'SHUTDOWN ACK'
    | 'SHUTDOWN COMPLETE'
    | 'ABORT';
  /** Of the receiver; none yet on an INIT. */
  verificationTag: number;
  /** The sender's, which it says in INIT and INIT ACK. */
  ownTag: number;
  /** The sender's next transmission sequence number. */
  tsn: number;
  /** The last one it has seen of the other. */
  cumulativeAck: number;
  /** Of the stream, counted from 0. */
  sequence: number;
}

export interface IcmpPart {
  type: 'echo request' | 'echo reply' | 'port unreachable' | 'host unreachable' | 'time exceeded';
  id: number;
  seq: number;
}

/** A packet as it passes a device. */
export interface Packet {
  source: string;
  destination: string;
  protocol: Protocol;
  sourcePort: number;
  destinationPort: number;
  ttl: number;
  /** Of the IP header; one a packet of a sender. */
  id: number;
  payload: Uint8Array;
  tcp?: TcpPart;
  sctp?: SctpPart;
  icmp?: IcmpPart;
  /** The addresses around it when it travels between nodes. */
  envelope?: NonNullable<Station['envelope']>;
}

export interface Sighting {
  host: HostId;
  device: string;
  direction: 'In' | 'Out';
  /** Microseconds since the epoch; each later than the one before. */
  at: number;
  packet: Packet;
}

export type FlowState =
  | 'SYN_SENT'
  | 'ESTABLISHED'
  | 'FIN_WAIT'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'COOKIE_WAIT'
  | 'SHUTDOWN_ACK_SENT'
  | 'CLOSED';

/** nf_conntrack's time-outs in seconds. */
const TRACK_S: Record<FlowState | 'UDP' | 'UDP_STREAM' | 'ICMP' | 'SCTP_ESTABLISHED', number> = {
  COOKIE_WAIT: 3,
  SCTP_ESTABLISHED: 210,
  SHUTDOWN_ACK_SENT: 3,
  CLOSED: 10,
  SYN_SENT: 120,
  ESTABLISHED: 432_000,
  FIN_WAIT: 120,
  CLOSE_WAIT: 60,
  LAST_ACK: 30,
  TIME_WAIT: 120,
  CLOSE: 10,
  UDP: 30,
  UDP_STREAM: 120,
  ICMP: 30,
};
const SYN_RECV_S = 60; // nf_conntrack's, between SYN and the answer's answer
const TRACKED_LIMIT = 2048; // entries remembered; the oldest go first, as in a full table
const STEP_US = 23; // between two packets of one moment
const WINDOW = 62_720;
const INITIAL_TTL = 64;

/** All flows of a world: remembers them for connection tracking, and shows packets to captures. */
export class Flows {
  private readonly watchers = new Map<HostId, Set<(sighting: Sighting) => void>>();
  private readonly tracked = new Set<Flow>();
  private readonly counters = new Map<string, Traffic>();
  private readonly trackers = new Set<(event: TrackEvent, flow: Flow, state: string, seconds: number) => void>();
  private lastUs = 0;

  constructor(
    readonly network: Network,
    readonly clock: Clock,
  ) {}

  get watched(): boolean {
    return this.watchers.size > 0;
  }

  /** Shows every packet that passes a device of a host. Returns what ends that. */
  watch(host: HostId, onPacket: (sighting: Sighting) => void): () => void {
    const own = this.watchers.get(host) ?? new Set();
    this.watchers.set(host, own.add(onPacket));
    return () => {
      own.delete(onPacket);
      if (own.size === 0) this.watchers.delete(host);
    };
  }

  /** Tells of every entry of connection tracking that begins, changes or ends. Returns what ends that. */
  onTrack(tell: (event: TrackEvent, flow: Flow, state: string, seconds: number) => void): () => void {
    this.trackers.add(tell);
    return () => this.trackers.delete(tell);
  }

  tell(event: TrackEvent, flow: Flow, state: string = flow.state, seconds = flow.wholeSeconds): void {
    for (const tell of this.trackers) tell(event, flow, state, seconds);
  }

  /** Drops entries, as `conntrack -D` does: the connections go on, and are followed anew. */
  forget(flows: readonly Flow[]): void {
    for (const flow of flows) if (this.tracked.delete(flow)) this.tell('DESTROY', flow);
  }

  begin(from: Host, protocol: Protocol, near: Tuple, path: Path): Flow {
    const flow = new Flow(this, from, protocol, near, path);
    this.tracked.add(flow);
    this.tell('NEW', flow);
    if (this.tracked.size > TRACKED_LIMIT) {
      const [oldest] = this.tracked;
      if (oldest) this.tracked.delete(oldest);
    }
    return flow;
  }

  /** What connection tracking remembers on a host, oldest first. */
  of(host: HostId): Flow[] {
    const now = this.clock.now();
    this.forget([...this.tracked].filter((flow) => flow.secondsLeft(now) <= 0));
    return [...this.tracked].filter((flow) => flow.stations.some((station) => station.host === host));
  }

  /** What has passed a host's own device since the world began or came back: `lo`, or the one to others. */
  traffic(host: HostId, loopback = false): Readonly<Traffic> {
    const key = loopback ? `${host} lo` : host;
    let traffic = this.counters.get(key);
    if (!traffic) this.counters.set(key, (traffic = { sentPackets: 0, sentBytes: 0, gotPackets: 0, gotBytes: 0 }));
    return traffic;
  }

  count(sender: HostId | undefined, target: HostId | undefined, bytes: number): void {
    const loopback = sender === target;
    const [out, into] = [sender && this.traffic(sender, loopback), target && this.traffic(target, loopback)];
    if (out) add(out, 'sent', bytes);
    if (into) add(into, 'got', bytes);
  }

  show(sighting: Omit<Sighting, 'at'>): void {
    const watchers = this.watchers.get(sighting.host);
    if (!watchers) return;
    const at = this.stamp();
    for (const onPacket of watchers) onPacket({ ...sighting, at });
  }

  private stamp(): number {
    this.lastUs = Math.max(Math.round(this.clock.now() * 1000), this.lastUs + STEP_US);
    return this.lastUs;
  }
}

export type TrackEvent = 'NEW' | 'UPDATE' | 'DESTROY';

export interface Traffic {
  sentPackets: number;
  sentBytes: number;
  gotPackets: number;
  gotBytes: number;
}

function add(traffic: Traffic, side: 'sent' | 'got', bytes: number): void {
  traffic[`${side}Packets`] += 1;
  traffic[`${side}Bytes`] += bytes;
}

const HEADERS_BYTES = { TCP: 66, UDP: 42, SCTP: 46, ICMP: 42 }; // of Ethernet, IP and the protocol with its usual options

/** Both ends of a flow as one side names them. */
export interface Tuple {
  source: string;
  sourcePort: number;
  destination: string;
  destinationPort: number;
}

interface Side {
  /** Initial sequence number. */
  first: number;
  sent: number;
  ended: boolean;
  /** Messages, of SCTP. */
  messages: number;
}

export class Flow {
  private current: FlowState;
  /** Whether an answer was seen. */
  answered = false;
  readonly far: Tuple;
  private touched: number;
  private trail: Station[] | undefined;
  private routers: number | undefined;
  private readonly client: Side;
  private readonly server: Side;
  private packets = 0;

  constructor(
    private readonly flows: Flows,
    readonly from: Host,
    readonly protocol: Protocol,
    readonly near: Tuple,
    readonly path: Path,
  ) {
    const { destination, source } = path;
    this.far = {
      source: source.address || near.source,
      sourcePort: source.port || near.sourcePort,
      destination: destination?.address ?? near.destination,
      destinationPort: destination?.port ?? near.destinationPort,
    };
    const seed = hash32(`${near.source}:${near.sourcePort} ${near.destination}:${near.destinationPort}`);
    this.client = { first: seed, sent: 0, ended: false, messages: 0 };
    this.server = { first: hash32(String(seed)), sent: 0, ended: false, messages: 0 };
    this.current = protocol === 'SCTP' ? 'COOKIE_WAIT' : 'SYN_SENT';
    this.touched = flows.clock.now();
  }

  get stations(): readonly Station[] {
    this.trail ??= trailOf(this.flows.network, this.from, this.path);
    return this.trail;
  }

  get state(): FlowState {
    return this.current;
  }

  private set state(state: FlowState) {
    this.current = state;
    this.flows.tell('UPDATE', this);
  }

  /** How long an entry in its state lasts. */
  get wholeSeconds(): number {
    return TRACK_S[this.trackedAs];
  }

  secondsLeft(now: number): number {
    return Math.round(this.wholeSeconds - (now - this.touched) / 1000);
  }

  private get trackedAs(): keyof typeof TRACK_S {
    const { protocol, state } = this;
    if (protocol === 'SCTP') return state === 'ESTABLISHED' ? 'SCTP_ESTABLISHED' : state;
    if (protocol === 'UDP') return this.answered ? 'UDP_STREAM' : 'UDP';
    return protocol === 'TCP' ? state : protocol;
  }

  // TCP and SCTP

  syn(): void {
    if (this.protocol === 'SCTP') return this.sctp('client', 'INIT');
    this.tcp('client', 'S');
  }

  established(): void {
    this.answered = true;
    if (this.protocol === 'TCP') this.flows.tell('UPDATE', this, 'SYN_RECV', SYN_RECV_S);
    this.state = 'ESTABLISHED';
    if (this.protocol === 'SCTP') {
      this.sctp('server', 'INIT ACK');
      this.sctp('client', 'COOKIE ECHO');
      return this.sctp('server', 'COOKIE ACK');
    }
    this.tcp('server', 'S.');
    this.client.sent = this.server.sent = 1;
    this.tcp('client', '.');
  }

  /** The answer of a closed port. */
  refused(): void {
    this.answered = true;
    if (this.protocol === 'SCTP') return this.abort('server');
    this.state = 'CLOSE';
    this.client.sent = 1;
    this.tcp('server', 'R.');
  }

  data(by: 'client' | 'server', bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.protocol === 'SCTP') return this.message(by, bytes);
    this.tcp(by, 'P.', bytes);
    this[by].sent += bytes.length;
    this.tcp(other(by), '.');
  }

  /** FIN; nothing when that side has sent it already. */
  end(by: 'client' | 'server'): void {
    if (this[by].ended || this.state === 'CLOSE' || this.state === 'CLOSED') return;
    if (this.protocol === 'SCTP') return this.shutdown(by);
    this.tcp(by, 'F.');
    this[by].sent += 1;
    this[by].ended = true;
    this.state = this[other(by)].ended ? 'TIME_WAIT' : by === 'client' ? 'FIN_WAIT' : 'CLOSE_WAIT';
    this.tcp(other(by), '.');
  }

  reset(by: 'client' | 'server'): void {
    if (this.state === 'CLOSE' || this.state === 'TIME_WAIT' || this.state === 'CLOSED') return;
    if (this.protocol === 'SCTP') return this.abort(by);
    this.tcp(by, 'R.');
    this.state = 'CLOSE';
  }

  private message(by: 'client' | 'server', bytes: Uint8Array): void {
    this.sctp(by, 'DATA', bytes);
    this[by].messages += 1;
    this.sctp(other(by), 'SACK');
  }

  private abort(by: 'client' | 'server'): void {
    this.sctp(by, 'ABORT');
    this.state = 'CLOSED';
  }

  /** An association has no half that stays open: the other side answers by itself. */
  private shutdown(by: 'client' | 'server'): void {
    this.sctp(by, 'SHUTDOWN');
    this.sctp(other(by), 'SHUTDOWN ACK');
    this.sctp(by, 'SHUTDOWN COMPLETE');
    this.client.ended = this.server.ended = true;
    this.state = 'CLOSED';
  }

  private sctp(by: 'client' | 'server', chunk: SctpPart['chunk'], payload: Uint8Array = new Uint8Array()): void {
    const [own, peer] = [this[by], this[other(by)]];
    const sctp: SctpPart = {
      chunk,
      verificationTag: chunk === 'INIT' ? 0 : peer.first,
      ownTag: own.first,
      tsn: (own.first + own.messages) >>> 0,
      cumulativeAck: (peer.first + peer.messages - 1) >>> 0,
      sequence: own.messages,
    };
    this.emit(by, payload, { sctp });
  }

  // UDP and ICMP

  datagram(by: 'client' | 'server', bytes: Uint8Array): void {
    if (by === 'server' && !this.answered) {
      this.answered = true;
      this.flows.tell('UPDATE', this);
    }
    this.emit(by, bytes, {});
  }

  icmp(by: 'client' | 'server', icmp: IcmpPart, bytes: Uint8Array = new Uint8Array()): void {
    if (by === 'server' && this.protocol === 'ICMP') this.answered = true;
    this.emit(by, bytes, { icmp }, 'ICMP');
  }

  private tcp(by: 'client' | 'server', flags: string, payload: Uint8Array = new Uint8Array()): void {
    if (!this.flows.watched) return this.account(by, payload);
    const [own, peer] = [this[by], this[other(by)]];
    const first = flags.startsWith('S');
    const stamp = Math.floor(this.flows.clock.now() % 2 ** 31);
    const tcp: TcpPart = {
      flags,
      seq: (own.first + own.sent) >>> 0,
      ack: flags === 'S' ? 0 : (peer.first + peer.sent + (flags === 'S.' ? 1 : 0)) >>> 0,
      window: first ? WINDOW : flags.startsWith('R') ? 0 : 490,
      ...(first ? { mss: this.mss } : {}),
      stamp,
      echo: flags === 'S' ? 0 : stamp,
    };
    this.emit(by, payload, { tcp });
  }

  private account(by: 'client' | 'server', payload: Uint8Array, protocol = this.protocol): void {
    this.touched = this.flows.clock.now();
    const ends = [this.from.id, this.path.destination?.host];
    const [sender, target] = by === 'client' ? ends : ends.reverse();
    this.flows.count(sender, target, HEADERS_BYTES[protocol] + payload.length);
  }

  private get mss(): number {
    const { plugin } = this.flows.network;
    const mtu = 1500 - (this.from.kind === 'pod' ? (plugin.encapsulation?.overhead ?? 0) : 0);
    return mtu - (this.near.source.includes(':') ? 60 : 40);
  }

  private emit(
    by: 'client' | 'server',
    payload: Uint8Array,
    part: Pick<Packet, 'tcp' | 'sctp' | 'icmp'>,
    protocol = this.protocol,
  ): void {
    this.account(by, payload, protocol);
    if (!this.flows.watched) return;
    const id = (this[by].first + this.packets++) & 0xffff;
    const stations = by === 'client' ? this.stations : [...this.stations].reverse();
    for (const [i, { host, device, direction, side, envelope }] of stations.entries()) {
      const { source, sourcePort, destination, destinationPort } = this[side];
      const forward = { source, sourcePort, destination, destinationPort };
      const back = {
        source: destination,
        sourcePort: destinationPort,
        destination: source,
        destinationPort: sourcePort,
      };
      const passed = i >= stations.length - 2 ? this.routerCount : 0;
      const packet: Packet = {
        ...(by === 'client' ? forward : back),
        protocol,
        ttl: INITIAL_TTL - passed,
        id,
        payload,
        ...part,
        ...(envelope ? { envelope: by === 'client' ? envelope : turned(envelope) } : {}),
      };
      const seen = by === 'client' ? direction : direction === 'In' ? 'Out' : 'In';
      this.flows.show({ host, device, direction: seen, packet });
    }
  }

  private get routerCount(): number {
    this.routers ??= routersBetween(this.flows.network, this.from, this.path).length;
    return this.routers;
  }
}

const other = (by: 'client' | 'server') => (by === 'client' ? 'server' : 'client');
const turned = (envelope: NonNullable<Station['envelope']>) => ({
  ...envelope,
  source: envelope.destination,
  destination: envelope.source,
});
