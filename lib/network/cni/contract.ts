// What a CNI plug-in is to the network: how it hands out addresses, carries packets, implements services and enforces policy.
import type { Cidr } from '../address';
import type { NamespaceLabels, PolicyFeatures, PolicyTier } from '../policy/contract';

export const cniNames = [
  'OVNKubernetes',
  'OpenShiftSDN',
  'Kuryr',
  'Flannel',
  'Calico',
  'WeaveNet',
  'Cilium',
  'Canal',
] as const;
export type CniName = (typeof cniNames)[number];

export interface ClusterNetwork {
  cidr: string;
  hostPrefix: number;
}

export interface Encapsulation {
  /** As in a sentence: `Geneve`, `VXLAN`, `IP-in-IP`. */
  protocol: string;
  /** UDP port, if it has one. */
  port?: number;
  /** Bytes it takes from the link's MTU. */
  overhead: number;
}

/** What becomes of a packet to a pod address that nobody holds. */
export type Unheld = 'no-route' | 'dropped';

/** How addresses are handed out; see lib/network/ipam.ts. */
export interface Allocation {
  /** `node`: each node owns one subnet; `blocks`: a node claims blocks as it needs them; `ring`: any node, one space; `namespace`: a subnet a namespace. */
  kind: 'node' | 'blocks' | 'ring' | 'namespace';
  /** Offsets in a node's subnet that are not for pods: the gateway, the node's own. */
  reserved: readonly number[];
  /** Whether the last address of an IPv4 range is left alone. */
  broadcast: boolean;
  /** The error when nothing is left in a node's range. */
  exhausted(range: Cidr, node: string): string;
}

export interface CniPlugin {
  readonly name: CniName;
  /** Its title in documentation. */
  readonly title: string;
  readonly clusterNetwork: ClusterNetwork;
  readonly encapsulation: Encapsulation | undefined;
  readonly allocation: Allocation;
  /** Who turns service addresses into endpoints. */
  readonly services: 'OVN load balancer' | 'kube-proxy' | 'eBPF' | 'Octavia';
  readonly policy: PolicyFeatures;
  readonly unheld: { sameNode: Unheld; otherNode: Unheld };
  /** Offset in the node's subnet of the address that the node itself uses towards pods; undefined: its machine address. */
  readonly nodeOffset: number | undefined;
  /** The device between pods of a node, for traces. */
  readonly bridge: string;
  /** Its policy kinds in the order in which they decide. */
  policyTiers(namespaceLabels: NamespaceLabels): PolicyTier[];
}

/** The pod network's MTU on a link. */
export const podMtu = (plugin: CniPlugin, link = 1500): number => link - (plugin.encapsulation?.overhead ?? 0);
