// The devices and routes of a host, as `ip addr` and `ip route` show them: the machine's own and what the plug-in makes.
import type { Cidr } from './address';
import { type Link, type NodeView, type PodView, podMtu, type Route } from './cni/contract';
import { macOfName, onLink } from './cni/interfaces';
import type { Host } from './hosts';
import type { Network } from './network';
import { clusterIPs } from './services';
import type { HostId } from './types';

const LOOPBACK: Link = { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'], mtu: 65536, mac: '00:00:00:00:00:00' };
const MACHINE_MTU = 1500;

/** The devices of a host, `lo` first. */
export function linksOf(network: Network, id: HostId): Link[] {
  const host = ownerOf(network, id);
  if (!host) return [];
  if (host.kind === 'pod') return [LOOPBACK, ...podLinks(network, host)];
  if (host.kind === 'outside') return [LOOPBACK, machineLink(network, host, 'eth0')];
  const { plugin } = network;
  const physical: Link[] = plugin.machineDevice === 'ens3' ? [] : [physicalLink(host)];
  const machine = machineLink(network, host, plugin.machineDevice);
  return [LOOPBACK, ...physical, machine, ...plugin.nodeLinks(nodeView(network, host)), ...virtualServers(network)];
}

/** The routes of a host, the default route first. */
export function routesOf(network: Network, id: HostId): Route[] {
  const host = ownerOf(network, id);
  if (!host) return [];
  if (host.kind === 'pod') return host.addresses[0] ? podRoutes(network, host) : [];
  const device = host.kind === 'outside' ? 'eth0' : network.plugin.machineDevice;
  const own = onLink(network.machineNetwork, device, host.addresses[0] ?? '');
  const gateway = { to: 'default', via: network.gateway, device, rest: 'proto static' };
  const plugin = host.kind === 'node' ? network.plugin.nodeRoutes(nodeView(network, host)) : [];
  return [gateway, ...plugin, own];
}

function podRoutes(network: Network, host: Host): Route[] {
  const more = network.segments
    .of(host)
    .flatMap(({ device, address, subnet }) => (subnet ? [onLink(subnet, device, address)] : []));
  return [...network.plugin.podRoutes(podView(network, host)), ...more];
}

/** IPVS wants the cluster addresses on a device of the node. */
function virtualServers(network: Network): Link[] {
  if (network.proxyMode !== 'ipvs') return [];
  const held = [...network.services.all()].flatMap(clusterIPs).sort();
  const addresses = held.map((address) => `${address}/${address.includes(':') ? 128 : 32}`);
  return [{ name: 'kube-ipvs0', addresses, mtu: MACHINE_MTU, mac: macOfName('kube-ipvs0'), down: true }];
}

function ownerOf(network: Network, id: HostId): Host | undefined {
  const host = network.hosts.get(id);
  return host && network.hosts.owner(host);
}

function machineLink(network: Network, { name, addresses }: Host, device: string): Link {
  const { machineNetwork } = network;
  const held = addresses.filter((address) => !network.inClusterNetwork(address));
  const withPrefix = held.map(
    (address) => `${address}/${machineNetwork.contains(address) ? machineNetwork.prefix : 32}`,
  );
  const physical = device === 'br-ex' ? {} : { physical: true };
  return { name: device, addresses: withPrefix, mtu: MACHINE_MTU, mac: macOfName(`${name} ens3`), ...physical };
}

/** The port of `br-ex`, which has taken its address and shares its hardware address. */
const physicalLink = ({ name }: Host): Link => ({
  name: 'ens3',
  addresses: [],
  mtu: MACHINE_MTU,
  mac: macOfName(`${name} ens3`),
  master: 'ovs-system',
  physical: true,
});

function podLinks(network: Network, host: Host): Link[] {
  if (!host.addresses[0]) return [];
  const link = network.plugin.podLink(podView(network, host));
  const more = host.addresses.slice(1).map((address) => `${address}/${network.subnetOf(address)?.prefix ?? 128}`);
  const peer = link.peer ? { peer: `if${hostDeviceIndex(network, host)}` } : {};
  return [{ ...link, ...peer, addresses: [...link.addresses, ...more] }, ...secondaryLinks(network, host)];
}

/** The number of a pod's other end among its node's devices. */
function hostDeviceIndex(network: Network, pod: Host): number {
  const device = hostDevice(network, pod);
  const links = pod.node ? linksOf(network, `node/${pod.node}`) : [];
  return links.findIndex(({ name }) => name === device) + 1;
}

function secondaryLinks(network: Network, host: Host): Link[] {
  return network.segments.of(host).map(({ device, address, mac, subnet }) => ({
    name: device,
    addresses: [`${address}/${subnet?.prefix ?? 32}`],
    mtu: MACHINE_MTU,
    mac,
    peer: 'if2',
  }));
}

/** The device on its node through which a pod's packets pass. */
export function hostDevice(network: Network, pod: Host): string {
  const node = pod.node ? network.hosts.get(`node/${pod.node}`) : undefined;
  if (!node) return '';
  const view = nodeView(network, node);
  const devices = network.plugin.nodeLinks(view).filter(({ peer }) => peer === 'if2');
  return devices[view.pods.findIndex(({ id }) => id === pod.id)]?.name ?? '';
}

/** The device that holds a node's machine address, and the physical one below it. */
export const uplinks = ({ plugin }: Network): string[] => [...new Set([plugin.machineDevice, 'ens3'])];

function podView(network: Network, host: Host): PodView {
  const [address = ''] = host.addresses;
  const { clusterNetwork, serviceNetwork, plugin } = network;
  return {
    id: host.id,
    address,
    subnet: network.subnetOf(address),
    clusterNetwork,
    serviceNetwork,
    mtu: podMtu(plugin, MACHINE_MTU),
  };
}

function nodeView(network: Network, host: Host): NodeView {
  const { clusterNetwork, serviceNetwork, plugin, hosts } = network;
  const pods = [...hosts.all()].filter((pod) => pod.kind === 'pod' && !pod.hostNetwork && pod.addresses[0]);
  const subnets = (node: Host): readonly Cidr[] =>
    node.subnets.length > 0
      ? node.subnets
      : blocksOf(
          network,
          pods.filter((pod) => pod.node === node.name),
        );
  const peers = [...hosts.nodes()].filter((node) => node !== host);
  return {
    name: host.name,
    address: host.addresses[0] ?? '',
    subnets: subnets(host),
    peers: peers.map((node) => ({ name: node.name, address: node.addresses[0] ?? '', subnets: subnets(node) })),
    pods: pods
      .filter(({ node }) => node === host.name)
      .map(({ id, addresses }) => ({ id, address: addresses[0] ?? '' })),
    clusterNetwork,
    serviceNetwork,
    mtu: podMtu(plugin, MACHINE_MTU),
  };
}

/** The blocks that a node's pods lie in, for plug-ins whose nodes own no subnet that the API shows. */
function blocksOf(network: Network, pods: readonly Host[]): Cidr[] {
  const blocks = new Map<string, Cidr>();
  for (const { addresses } of pods) {
    const block = network.plugin.allocation.kind === 'blocks' ? network.subnetOf(addresses[0] ?? '') : undefined;
    if (block) blocks.set(String(block), block);
  }
  return [...blocks.values()];
}

/** The plug-in's file in a node's /etc/cni/net.d. */
export function netdOf(network: Network, node: string): { file: string; config: unknown } {
  const subnet = network.hosts.get(`node/${node}`)?.subnets[0];
  return network.plugin.netd({ mtu: podMtu(network.plugin, MACHINE_MTU), subnet });
}
