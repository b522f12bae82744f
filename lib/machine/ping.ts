// One probe and its answer: what `ping` and `traceroute` send, with a TTL that routers count down.
import { path } from '../network/path';
import { routersBetween } from '../network/trail';
import type { Path, Protocol } from '../network/types';
import { hash32 } from '../sim/random';
import type { NetStack } from './net';

export interface PingRequest {
  address: string;
  /** Echo requests by default; traceroute sends others. */
  protocol?: Protocol;
  port?: number;
  ttl?: number;
  id?: number;
  seq?: number;
  payload?: Uint8Array;
  /** Only asks whether there is a network to send with; nothing is sent. */
  probe?: boolean;
}

/** What came back. `ms` is the round trip; `from` who answered. `lost`: nobody. */
export type PingAnswer =
  | Heard<'reply'>
  | Heard<'closed'>
  | Heard<'exceeded'>
  | { kind: 'unreachable'; from: string; path: Path }
  | { kind: 'lost'; path: Path }
  | { kind: 'no-network'; path: Path };

export interface Heard<Kind> {
  kind: Kind;
  from: string;
  ttl: number;
  ms: number;
  path: Path;
}

const LOCAL_MS = 0.03; // of a round trip within one host
const HOP_MS = 0.18; // more for each machine on the way
const JITTER_MS = 0.12;
const TTL = 64;

export async function ping(stack: NetStack, request: PingRequest): Promise<PingAnswer> {
  const { network } = stack.fabric;
  const { address, protocol = 'ICMP', port = 0, ttl = TTL, id = 0, seq = 0, payload = new Uint8Array() } = request;
  const found = path(network, { from: stack.host, to: address, port, protocol, ...(id ? { sourcePort: id } : {}) });
  const from = network.hosts.get(stack.host);
  if (!from || isWithoutNetwork(found)) return { kind: 'no-network', path: found };
  if (request.probe) return { kind: 'lost', path: found };
  if (protocol === 'ICMP') stack.fabric.note(stack.host, address, port, found);
  const flow = stack.flow(protocol, address, port, id, found);
  const routers = routersBetween(network, from, found);
  if (protocol === 'ICMP') flow?.icmp('client', { type: 'echo request', id, seq }, payload);
  else if (protocol === 'TCP') flow?.syn();
  else flow?.datagram('client', payload);
  const ms = (hops: number) => roundTrip(`${address} ${id} ${seq} ${ttl}`, hops);
  const router = routers[ttl - 1];
  if (ttl <= routers.length && router) {
    flow?.icmp('server', { type: 'time exceeded', id, seq });
    return { kind: 'exceeded', from: router, ttl: TTL - ttl + 1, ms: ms(ttl), path: found };
  }
  const hops = found.destination?.host === stack.host ? 0 : routers.length + 1;
  const answer = { from: address, ttl: TTL - routers.length, ms: ms(hops), path: found };
  if (found.verdict === 'delivered') {
    if (protocol === 'ICMP') flow?.icmp('server', { type: 'echo reply', id, seq }, payload);
    if (protocol === 'TCP') {
      flow?.established();
      flow?.reset('client'); // a probe is not meant to be a connection
    }
    return { kind: 'reply', ...answer };
  }
  if (found.verdict === 'refused') {
    if (protocol === 'TCP') flow?.refused();
    else flow?.icmp('server', { type: 'port unreachable', id, seq });
    return { kind: 'closed', ...answer };
  }
  if (found.verdict === 'no-route') return { kind: 'unreachable', from: whoSays(stack, found), path: found };
  return { kind: 'lost', path: found };
}

/** Without an address of the family there is nothing to send with. */
const isWithoutNetwork = ({ verdict, hops }: Path): boolean => verdict === 'no-route' && hops.length === 0;

/** Who reports an address that nobody holds: the sender itself, whose ARP requests stay unanswered. */
const whoSays = (stack: NetStack, found: Path): string => found.source.address || stack.addresses()[0] || '';

/** A time that differs from probe to probe, the same in every run of a world. */
function roundTrip(probe: string, hops: number): number {
  const noise = hash32(probe) / 2 ** 32;
  return LOCAL_MS + hops * HOP_MS + noise * JITTER_MS * Math.max(1, hops);
}
