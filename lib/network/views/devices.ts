// A network device with all that `ip` and `ifconfig` say of it, made of what the plug-in and the machine have.
import { Cidr, parseAddress } from '../address';
import type { Link } from '../cni/contract';

export interface DeviceAddress {
  family: 4 | 6;
  address: string;
  prefix: number;
  broadcast?: string;
  scope: 'host' | 'global' | 'link';
}

export interface Device {
  index: number;
  name: string;
  peer?: string;
  flags: string[];
  mtu: number;
  qdisc: string;
  master?: string;
  state: 'UP' | 'DOWN' | 'UNKNOWN';
  /** Length of the transmit queue; veths have none to show. */
  queue?: number;
  kind: 'loopback' | 'ether';
  mac?: string;
  broadcast: string;
  /** The other end of a veth is in another namespace. */
  netns?: number;
  addresses: DeviceAddress[];
}

export const devicesOf = (links: readonly Link[]): Device[] => links.map((link, i) => deviceOf(link, i + 1));

function deviceOf(link: Link, index: number): Device {
  const { name, mtu, peer, master, mac, down } = link;
  const isLoopback = name === 'lo';
  const isPeerless = !peer;
  const farAway = peer?.startsWith('if') ?? false;
  return {
    index,
    name,
    ...(peer ? { peer } : {}),
    flags: flagsOf(link),
    mtu,
    qdisc: down ? 'noop' : link.physical ? 'fq_codel' : 'noqueue',
    ...(master ? { master } : {}),
    state: stateOf(link),
    ...(isPeerless ? { queue: 1000 } : {}),
    kind: isLoopback ? 'loopback' : 'ether',
    ...(mac ? { mac } : {}),
    broadcast: isLoopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff',
    ...(farAway ? { netns: 0 } : {}),
    addresses: addressesOf(link),
  };
}

function flagsOf({ name, down }: Link): string[] {
  if (name === 'lo') return ['LOOPBACK', 'UP', 'LOWER_UP'];
  if (name === 'kube-ipvs0') return ['BROADCAST', 'NOARP'];
  return down ? ['BROADCAST', 'MULTICAST'] : ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'];
}

function stateOf({ name, down, peer, physical }: Link): Device['state'] {
  if (down) return 'DOWN';
  // Tunnels and Open vSwitch's own ports have no carrier to speak of.
  return peer || physical || name === 'cni0' || name === 'weave' ? 'UP' : 'UNKNOWN';
}

function addressesOf({ name, addresses, mac, down, master, physical }: Link): DeviceAddress[] {
  const own = addresses.map((text): DeviceAddress => {
    const block = Cidr.parse(text);
    const address = text.split('/')[0] ?? text;
    const scope = name === 'lo' ? 'host' : 'global';
    const broadcast = name === 'lo' || block.family === 6 || block.prefix > 30 ? undefined : block.at(block.size - 1n);
    return { family: block.family, address, prefix: block.prefix, scope, ...(broadcast ? { broadcast } : {}) };
  });
  const isPort = master === 'ovs-system' && physical;
  if (!mac || name === 'lo' || down || isPort) return own;
  return [...own, { family: 6, address: linkLocal(mac), prefix: 64, scope: 'link' }];
}

/** `fe80::` and the hardware address with its universal bit turned (RFC 4291, appendix A). */
function linkLocal(mac: string): string {
  const bytes = mac.split(':').map((byte) => Number.parseInt(byte, 16));
  bytes[0] = (bytes[0] ?? 0) ^ 2;
  bytes.splice(3, 0, 0xff, 0xfe);
  const groups = [0, 2, 4, 6].map((i) => (((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16));
  return parseAddress(`fe80::${groups.join(':')}`)?.text ?? '';
}
