// The networks of a cluster as whoever makes a world writes them: names, blocks of one or two families, and what is wrong with them.
import { Cidr } from '../network/address';
import { validateNetworkConfig } from '../network/cluster-config';
import { type ClusterNetwork, type CniName, cniNames } from '../network/cni/contract';
import { getPlugin } from '../network/cni/index';
import type { SandboxSpec } from './spec';

type Written = Pick<SandboxSpec, 'network' | 'clusterNetwork' | 'hostPrefix' | 'serviceNetwork'>;

const IPV6_HOST_PREFIX = 64; // of installers
const LESSON_NETWORK: ClusterNetwork = { cidr: '10.8.0.0/14', hostPrefix: 23 };
const BESIDE_MACHINES: ClusterNetwork = { cidr: '10.244.0.0/16', hostPrefix: 26 };

/** What `--network` takes: the plug-ins, and Multus beside the profile's usual one. */
export const networkNames = [...cniNames, 'Multus'] as const;
export type NetworkName = (typeof networkNames)[number];

/** The plug-in behind a name, with Multus or without. */
export function networkNamed(
  name: NetworkName,
  profile: SandboxSpec['profile'],
): { network: CniName; multus?: boolean } {
  if (name !== 'Multus') return { network: name };
  return { network: profile === 'openshift' ? 'OVNKubernetes' : 'Flannel', multus: true };
}

/** The blocks a plug-in uses when nobody says otherwise. Calico's own default overlaps the machine network here. */
export function defaultClusterNetwork(network: CniName): ClusterNetwork {
  if (network === 'OVNKubernetes') return LESSON_NETWORK;
  return network === 'Calico' ? BESIDE_MACHINES : getPlugin(network).clusterNetwork;
}

const split = (text: string): string[] => text.split(',').map((part) => part.trim());

/** `10.8.0.0/14,fd01::/48`: the host prefix is for the IPv4 blocks. */
export const clusterNetworksOf = ({ clusterNetwork, hostPrefix }: Written): ClusterNetwork[] =>
  split(clusterNetwork).map((cidr) => {
    const block = Cidr.find(cidr);
    if (block?.family !== 6) return { cidr, hostPrefix };
    return { cidr, hostPrefix: hostPrefix > 32 ? hostPrefix : Math.max(IPV6_HOST_PREFIX, block.prefix) };
  });

export const serviceNetworksOf = ({ serviceNetwork }: Written): string[] => split(serviceNetwork);

/** What the network operator would say of them; nothing when they can be installed. */
export const networkProblems = (spec: Written): string[] =>
  validateNetworkConfig({
    clusterNetwork: clusterNetworksOf(spec),
    serviceNetwork: serviceNetworksOf(spec),
    defaultNetwork: { type: spec.network },
  });
