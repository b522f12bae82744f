// What a CNI plug-in is to the network: how it hands out addresses, carries packets, implements services, enforces policy, what
// it installs, and what it shows on a node and in a pod.
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

/** OpenShift SDN's three modes. */
export type SdnMode = 'NetworkPolicy' | 'Multitenant' | 'Subnet';

export interface ClusterNetwork {
  cidr: string;
  hostPrefix: number;
}

interface Encapsulation {
  /** As in a sentence: `Geneve`, `VXLAN`, `IP-in-IP`. */
  protocol: string;
  /** UDP port, if it has one. */
  port?: number;
  /** Bytes it takes from the link's MTU. */
  overhead: number;
  /** The tunnel's device on a node. */
  device: string;
  /** Only between nodes whose addresses lie in different subnets of the machine network. */
  crossSubnetOnly?: boolean;
}

/** What becomes of a packet to a pod address that nobody holds. */
type Unheld = 'no-route' | 'dropped';

/** How addresses are handed out; see lib/network/ipam.ts. */
export interface Allocation {
  /** `node`: each node owns one subnet; `blocks`: a node claims blocks as it needs them; `ring`: any node, one space; `namespace`: a subnet a namespace. */
  kind: 'node' | 'blocks' | 'ring' | 'namespace';
  /** Offsets in a range that are not for pods: the gateway, the node's own. */
  reserved: readonly number[];
  /** Whether the last address of an IPv4 range is left alone. */
  broadcast: boolean;
  /** Where the node's subnet is written: OVN-Kubernetes annotates the node, host-local plug-ins read `spec.podCIDR`. */
  subnetIn?: 'k8s.ovn.org/node-subnets' | 'podCIDR';
  /** The error when nothing is left in a node's range. */
  exhausted(range: Cidr, node: string): string;
}

/** A workload that the plug-in runs. */
export interface Component {
  namespace: string;
  kind: 'DaemonSet' | 'Deployment';
  name: string;
  containers: readonly string[];
  /** Which nodes a daemon set runs on. */
  nodes?: 'all' | 'control-plane';
  replicas?: number;
  /** Of its pods; `app: NAME` unless said otherwise. */
  labels?: Readonly<Record<string, string>>;
  /** Image of each container, where it is not one of OpenShift's release. */
  images?: Readonly<Record<string, string>>;
  /** On the pod network, not its node's. */
  podNetwork?: boolean;
}

/** A custom resource definition that comes with it. */
export interface CustomResource {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced?: boolean;
  shortNames?: readonly string[];
  /** What `oc get` shows beside the name: title, type and JSON path. Without any, the age. */
  columns?: readonly (readonly [title: string, type: string, path: string])[];
  /** JSON schema of `spec`; without it anything goes. */
  spec?: object;
  /** A pattern that its name must match. */
  named?: string;
}

interface Installed {
  components: readonly Component[];
  /** The namespace of all this where no OpenShift installs it. */
  upstreamNamespace?: string;
  configMaps: readonly { namespace: string; name: string; data: Readonly<Record<string, string>> }[];
  resources: readonly CustomResource[];
}

/** A network device as `ip addr` shows it. */
export interface Link {
  name: string;
  /** With prefix length; none for bridges and tunnels without one. */
  addresses: readonly string[];
  mtu: number;
  mac?: string;
  /** The name behind `@`: a veth's peer. */
  peer?: string;
  /** The bridge or switch that it is a port of. */
  master?: string;
  /** Not up: the devices of Open vSwitch that only stand for it. */
  down?: boolean;
  /** The device of the machine, with a queue. */
  physical?: boolean;
}

/** A line of `ip route`. */
export interface Route {
  /** `default` or a block or address. */
  to: string;
  via?: string;
  device: string;
  /** What follows: `proto kernel scope link src …`, `onlink`. */
  rest?: string;
}

/** A pod as its plug-in wires it. */
export interface PodView {
  id: string;
  address: string;
  /** The node's part of the cluster network that the address lies in, if nodes have one. */
  subnet: Cidr | undefined;
  clusterNetwork: readonly Cidr[];
  serviceNetwork: readonly Cidr[];
  mtu: number;
}

/** A node as its plug-in wires it. */
export interface NodeView {
  name: string;
  address: string;
  subnets: readonly Cidr[];
  peers: readonly { name: string; address: string; subnets: readonly Cidr[] }[];
  /** The pods on it that have addresses of their own. */
  pods: readonly { id: string; address: string }[];
  clusterNetwork: readonly Cidr[];
  serviceNetwork: readonly Cidr[];
  /** Of the pod network. */
  mtu: number;
}

/** A node as a router on the way. */
export interface HopNode {
  address: string;
  subnets: readonly Cidr[];
  /** Its number among the nodes, from 1. */
  number: number;
}

/** Where a packet of a pod goes: to a pod on its own node, on another one, or out to the machine network. */
export type Way = { kind: 'same-node' } | { kind: 'other-node'; node: HopNode } | { kind: 'outside' };

export interface CniPlugin {
  readonly name: CniName;
  /** Its title in documentation. */
  readonly title: string;
  /** The last OpenShift release that could be installed with it; undefined: it still can. */
  readonly lastRelease?: string;
  readonly clusterNetwork: ClusterNetwork;
  readonly encapsulation: Encapsulation | undefined;
  readonly allocation: Allocation;
  /** Who turns service addresses into endpoints. */
  readonly services: 'OVN load balancer' | 'kube-proxy' | 'eBPF' | 'Octavia';
  readonly policy: PolicyFeatures;
  readonly unheld: { sameNode: Unheld; otherNode: Unheld };
  /** Offset in the node's subnet of the address that the node itself uses towards pods; undefined: its machine address. */
  readonly nodeOffset: number | undefined;
  /** The device that holds a node's machine address. */
  readonly machineDevice: 'br-ex' | 'ens3';
  /** What a pod that reaches itself through its service appears as; `node` is its node's address. */
  readonly hairpin: string;
  /** The device or switch between the pods of a node, for traces. */
  readonly bridge: string;
  readonly installs: Installed;
  /** The file in /etc/cni/net.d, and what it holds. */
  netd(view: { mtu: number; subnet: Cidr | undefined }): { file: string; config: unknown };
  /** The addresses that answer a traceroute between a pod and where its packet goes: what lowers the packet's TTL. */
  routers(from: HopNode, way: Way): string[];
  podLink(pod: PodView): Link;
  podRoutes(pod: PodView): Route[];
  /** The devices it makes on a node, beside the machine's own. */
  nodeLinks(node: NodeView): Link[];
  nodeRoutes(node: NodeView): Route[];
  /** Its policy kinds in the order in which they decide. */
  policyTiers(namespaceLabels: NamespaceLabels, mode: SdnMode): PolicyTier[];
}

/** The pod network's MTU on a link. */
export const podMtu = (plugin: CniPlugin, link = 1500): number => link - (plugin.encapsulation?.overhead ?? 0);
