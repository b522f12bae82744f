// Devices and routes that several plug-ins make alike.
import { hash32 } from '../../sim/random';
import { type Cidr, parseAddress } from '../address';
import type { Link, NodeView, PodView, Route } from './contract';

const hex2 = (n: bigint | number): string => n.toString(16).padStart(2, '0');

/** 0a:58 and the four bytes of the address: OVN-Kubernetes, OpenShift SDN and the bridge plug-in make addresses so. */
export function macOfAddress(address: string): string {
  const value = parseAddress(address)?.value ?? 0n;
  const low = Number(value & 0xffffffffn);
  return ['0a', '58', ...[24, 16, 8, 0].map((shift) => hex2((low >>> shift) & 255))].join(':');
}

/** A locally administered address made of a name, always the same for it. */
export function macOfName(name: string): string {
  const [a, b] = [hash32(name), hash32(`${name}#`)];
  return [(a & 0xfc) | 2, a >>> 8, a >>> 16, a >>> 24, b, b >>> 8].map((byte) => hex2(byte & 255)).join(':');
}

/** The device of a pod on its node: a prefix and letters drawn from its identity. */
/** The name of a pod's device on its node. */
export const hostSide = (prefix: string, id: string, digits = 8): string =>
  prefix + (hash32(id).toString(16).padStart(8, '0') + hash32(`${id}#`).toString(16).padStart(8, '0')).slice(0, digits);

/** `10.128.2.0/23 dev eth0 proto kernel scope link src 10.128.2.10`: what comes with an address. */
export const onLink = (subnet: Cidr, device: string, source: string): Route => ({
  to: String(subnet),
  device,
  rest: `proto kernel scope link src ${source}`,
});

/** A pod on a bridge or switch that shares its node's subnet. */
export const bridgedLink = ({ address, subnet, mtu }: PodView): Link => ({
  name: 'eth0',
  addresses: [`${address}/${subnet?.prefix ?? 32}`],
  mtu,
  mac: macOfAddress(address),
  peer: 'if2',
});

/** A pod with a host route only: Calico, Cilium. */
export const routedLink = ({ id, address, mtu }: PodView): Link => ({
  name: 'eth0',
  addresses: [`${address}/32`],
  mtu,
  mac: macOfName(id),
  peer: 'if2',
});

export const linkLocalGateway: readonly Route[] = [
  { to: 'default', via: '169.254.1.1', device: 'eth0' },
  { to: '169.254.1.1', device: 'eth0', rest: 'scope link' },
];

/** One veth a pod on the node's side. */
export const veths = (
  { pods, mtu }: NodeView,
  prefix: string,
  { digits, master, mac }: { digits?: number; master?: string; mac?: string } = {},
): Link[] =>
  pods.map(({ id }) => {
    const name = hostSide(prefix, id, digits);
    return { name, addresses: [], mtu, mac: mac ?? macOfName(name), peer: 'if2', ...(master ? { master } : {}) };
  });

/** A host route a pod, through its veth. */
export const podHostRoutes = ({ pods }: NodeView, prefix: string, digits?: number): Route[] =>
  pods.map(({ id, address }) => ({ to: address, device: hostSide(prefix, id, digits), rest: 'scope link' }));
