// Where a packet can be seen on its way: the devices it passes, with which addresses, and the routers that lower its TTL.
// `tcpdump`, `traceroute` and `ping` read it off the path that decided the connection.
import { parseAddress } from './address';
import type { HopNode, Way } from './cni/contract';
import type { Host } from './hosts';
import { hostDevice, uplinks } from './interfaces';
import type { Network } from './network';
import type { HostId, Path } from './types';

/** The envelope between two nodes. */
interface Envelope {
  protocol: string;
  port: number;
  source: string;
  destination: string;
}

/** One device that a packet passes. */
export interface Station {
  host: HostId;
  device: string;
  direction: 'In' | 'Out';
  /** Which addresses it carries there: the sender's own (`near`), or after all translation (`far`). */
  side: 'near' | 'far';
  envelope?: Envelope;
}

/** The devices between a sender and where its packet ends; what is dropped on the way is seen only before that. */
export function trailOf(network: Network, from: Host, path: Path): Station[] {
  const { hosts } = network;
  const sender = hosts.owner(from);
  const found = path.destination && hosts.get(path.destination.host);
  const target = found && hosts.owner(found);
  const second = secondary(network, sender, path);
  if (second && target) return [station(sender, second.near, 'Out', 'near'), station(target, second.far, 'In', 'far')];
  if (target === sender && !(sender.kind === 'pod' && path.hops.some(({ stage }) => stage === 'service')))
    return [station(sender, 'lo', 'Out', 'near'), station(sender, 'lo', 'In', 'far')];
  return [...departure(network, sender), ...middle(network, sender, target), ...arrival(network, target)];
}

/** The devices of a way over a network that Multus attached both ends to: one link, no router. */
function secondary(
  network: Network,
  sender: Host,
  { source, destination }: Path,
): { near: string; far: string } | undefined {
  const near = network.segments.of(sender).find(({ address }) => address === source.address);
  const target = destination && network.hosts.get(destination.host);
  const far = target && network.segments.of(target).find(({ address }) => address === destination.address);
  return near && { near: near.device, far: far?.device ?? 'eth0' };
}

const station = (
  host: Host,
  device: string,
  direction: Station['direction'],
  side: Station['side'],
  envelope?: Envelope,
): Station => ({ host: host.id, device, direction, side, ...(envelope ? { envelope } : {}) });

function departure(network: Network, sender: Host): Station[] {
  if (sender.kind !== 'pod') return [station(sender, machineDevice(network, sender), 'Out', 'near')];
  const node = nodeOf(network, sender);
  const own = [station(sender, 'eth0', 'Out', 'near')];
  return node ? [...own, station(node, hostDevice(network, sender), 'In', 'near')] : own;
}

/** Between two nodes, in an envelope or plain. */
function middle(network: Network, sender: Host, target: Host | undefined): Station[] {
  const [a, b] = [nodeOf(network, sender), target && nodeOf(network, target)];
  if (!target || a === b) return [];
  const wraps = a && b && target.kind === 'pod' ? envelopeOf(network, a, b) : undefined;
  if (a && b && wraps)
    return [
      station(a, tunnelDevice(network), 'Out', 'far'),
      ...uplinks(network).map((device) => station(a, device, 'Out', 'far', wraps)),
      ...[...uplinks(network)].reverse().map((device) => station(b, device, 'In', 'far', wraps)),
      station(b, tunnelDevice(network), 'In', 'far'),
    ];
  const out = a && sender.kind === 'pod' ? uplinks(network).map((device) => station(a, device, 'Out', 'far')) : [];
  const into =
    b && target.kind === 'pod' ? [...uplinks(network)].reverse().map((device) => station(b, device, 'In', 'far')) : [];
  return [...out, ...into];
}

function arrival(network: Network, target: Host | undefined): Station[] {
  if (!target) return [];
  if (target.kind !== 'pod') return [station(target, machineDevice(network, target), 'In', 'far')];
  const node = nodeOf(network, target);
  const own = [station(target, 'eth0', 'In', 'far')];
  return node ? [station(node, hostDevice(network, target), 'Out', 'far'), ...own] : own;
}

const nodeOf = ({ hosts }: Network, host: Host): Host | undefined =>
  host.node ? hosts.get(`node/${host.node}`) : undefined;

const machineDevice = ({ plugin }: Network, { kind }: Host): string =>
  kind === 'outside' ? 'eth0' : plugin.machineDevice;

function envelopeOf(network: Network, a: Host, b: Host): Envelope | undefined {
  const { encapsulation } = network.plugin;
  const [source = '', destination = ''] = [a.addresses[0], b.addresses[0]];
  if (!encapsulation?.port) return undefined;
  const near = [source, destination].every((address) => network.machineNetwork.contains(address));
  if (encapsulation.crossSubnetOnly && near) return undefined;
  return { protocol: encapsulation.protocol, port: encapsulation.port, source, destination };
}

const tunnelDevice = ({ plugin }: Network): string => plugin.encapsulation?.device ?? '';

/** The routers between a host and where its packets to an address go, nearest first. */
export function routersBetween(network: Network, from: Host, path: Path): string[] {
  const { hosts, plugin } = network;
  const sender = hosts.owner(from);
  const found = path.destination && hosts.get(path.destination.host);
  const target = found && hosts.owner(found);
  if (target === sender || secondary(network, sender, path)) return [];
  const [a, b] = [nodeOf(network, sender), target && nodeOf(network, target)];
  const family = parseAddress(path.source.address)?.family ?? 4;
  const only = (list: string[]) => list.filter((address) => parseAddress(address)?.family === family);
  if (sender.kind === 'pod' && a) return only(plugin.routers(hopNode(network, a), wayTo(network, a, target, b)));
  if (target?.kind !== 'pod' || !b) return [];
  // A node reaches its own pods directly; pods of another node lie behind that node.
  return sender.kind === 'node' && a === b ? [] : only([b.addresses[0] ?? '']);
}

function wayTo(network: Network, a: Host, target: Host | undefined, b: Host | undefined): Way {
  if (target && target.kind !== 'pod') return { kind: 'outside' };
  if (!b || a === b) return { kind: target ? 'same-node' : 'outside' };
  return { kind: 'other-node', node: hopNode(network, b) };
}

function hopNode(network: Network, node: Host): HopNode {
  const number = [...network.hosts.nodes()].indexOf(node) + 1;
  return { address: node.addresses[0] ?? '', subnets: node.subnets, number };
}
