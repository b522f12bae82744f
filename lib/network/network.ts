// The state of one cluster's network and of what lies around it. Told of Kubernetes objects and of listeners; asked by `path`,
// by the DNS and by everything that shows the network.
import type { Random } from '../sim/random';
import { Cidr, canonical, parseAddress } from './address';
import type { ClusterNetwork, CniName, CniPlugin, SdnMode } from './cni/contract';
import { getPlugin } from './cni/index';
import { EgressIpTable } from './egress-ip';
import { type Host, HostTable, nodeId, type OutsideHost, podId } from './hosts';
import type { EndpointSlice, KubeLike, Labels, Metadata, Node, Pod, Service } from './kube';
import type { Decision, PolicyTier, Question } from './policy/contract';
import type { ShownPolicy } from './policy/shown';
import { RouteTable } from './routes';
import { SegmentTable } from './segments';
import { ServiceTable } from './services';
import type { HostId, Protocol } from './types';

export interface NetworkOptions {
  plugin: CniName;
  /** How OpenShift SDN isolates. */
  sdnMode?: SdnMode;
  /** How kube-proxy works, for plug-ins that need one. */
  proxyMode?: 'iptables' | 'ipvs';
  clusterNetwork: ClusterNetwork[];
  serviceNetwork: string[];
  machineNetwork: string;
  /** The machine network's router; its last address but one if not given. */
  gateway?: string;
  clusterDomain?: string;
  /** Milliseconds since the epoch; for session affinity and the DNS zone's serial. */
  now: () => number;
  random: Random;
}

const UNKNOWN_LIMIT = 1000; // names asked for before their namespace is there

/** What takes in the objects of one kind. */
type KindTable = Pick<PolicyTier, 'put' | 'remove'>;

/**
 * A software-defined network.
 * @example
 * const network = new Network({ plugin: 'OVNKubernetes', clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }],
 *   serviceNetwork: ['172.30.0.0/16'], machineNetwork: '192.168.50.0/24', now: () => clock.now(), random });
 * network.apply(pod);
 * path(network, { from: 'pod/shop/client', to: '172.30.10.20', port: 80, protocol: 'TCP' });
 */
export class Network {
  readonly plugin: CniPlugin;
  /** Undefined where no kube-proxy runs. */
  readonly proxyMode: 'iptables' | 'ipvs' | undefined;
  readonly clusterDomain: string;
  readonly clusterNetwork: readonly Cidr[];
  readonly serviceNetwork: readonly Cidr[];
  readonly machineNetwork: Cidr;
  readonly gateway: string;
  readonly now: () => number;
  readonly random: Random;
  readonly hosts = new HostTable();
  readonly services = new ServiceTable();
  /** What OpenShift's router serves. */
  readonly routes = new RouteTable();
  /** The networks that Multus attaches pods to. */
  readonly segments = new SegmentTable();
  readonly egressIPs = new EgressIpTable((name) => this.namespaceLabels(name));
  /** When an object last changed, in milliseconds; the DNS zone's serial is made of it. */
  modifiedAt: number;
  /** Session affinity: client and service port to the backend it is held to. */
  readonly affinity = new Map<string, { backend: string; until: number }>();
  /** IPVS' round robin: service port to the number of connections so far. */
  readonly turns = new Map<string, number>();
  /** UDP flows through services, the oldest first: client and service port to the backend. */
  readonly udpFlows = new Map<string, { backend: string; until: number }>();
  private readonly pools: readonly { cidr: Cidr; hostPrefix: number }[];
  private readonly namespaces = new Map<string, Labels>();
  /** What is said of namespaces that nobody has told of. */
  private readonly unknown = new Map<string, Labels>();
  private readonly tiers: readonly PolicyTier[];
  private readonly tables = new Map<string, KindTable>();

  constructor(options: NetworkOptions) {
    this.plugin = getPlugin(options.plugin);
    this.proxyMode = this.plugin.services === 'kube-proxy' ? (options.proxyMode ?? 'iptables') : undefined;
    this.clusterDomain = options.clusterDomain ?? 'cluster.local';
    this.pools = options.clusterNetwork.map(({ cidr, hostPrefix }) => ({ cidr: Cidr.parse(cidr), hostPrefix }));
    this.clusterNetwork = this.pools.map(({ cidr }) => cidr);
    this.serviceNetwork = options.serviceNetwork.map((cidr) => Cidr.parse(cidr));
    this.machineNetwork = Cidr.parse(options.machineNetwork);
    this.gateway = options.gateway ?? this.machineNetwork.at(this.machineNetwork.size - 2n);
    this.now = options.now;
    this.random = options.random;
    this.modifiedAt = options.now();
    this.tiers = this.plugin.policyTiers((name) => this.namespaceLabels(name), options.sdnMode ?? 'NetworkPolicy');
    for (const tier of this.tiers) for (const kind of tier.kinds) this.tables.set(kind, tier);
    this.registerKinds();
  }

  /** Takes in a created or changed object; kinds that mean nothing to the network are ignored. */
  apply<T extends KubeLike>(object: T): void {
    this.modifiedAt = this.now();
    this.tables.get(tableKey(object))?.put(object);
  }

  /** Takes in a deletion. */
  remove<T extends KubeLike>(object: T): void {
    this.modifiedAt = this.now();
    this.tables.get(tableKey(object))?.remove(object);
  }

  /** A host beside the cluster: the workstation, the registry, a database in the company's network. */
  putOutsideHost(host: OutsideHost): void {
    this.hosts.putOutside(host);
  }

  /** A socket was bound or closed. `address` as bound: `0.0.0.0`, `::`, `127.0.0.1` or one of the host's own. */
  setListener(host: HostId, protocol: Protocol, port: number, address: string, open: boolean): void {
    this.hosts.setListener(host, protocol, port, address, open);
  }

  hostByAddress(address: string): HostId | undefined {
    return this.hosts.at(canonical(address))?.id;
  }

  hasNamespace(name: string): boolean {
    return this.namespaces.has(name);
  }

  namespaceLabels(name: string): Labels {
    const known = this.namespaces.get(name) ?? this.unknown.get(name);
    if (known) return known;
    const labels = { 'kubernetes.io/metadata.name': name };
    if (this.unknown.size < UNKNOWN_LIMIT) this.unknown.set(name, labels);
    return labels;
  }

  /** The first policy tier with an opinion; undefined means nothing forbids it. */
  decide(question: Question): Decision | undefined {
    for (const tier of this.tiers) {
      const decision = tier.decide(question);
      if (decision) return decision;
    }
    return undefined;
  }

  /** The policies that kernel rules are made of, in the order in which they are asked. */
  shownPolicies(): readonly ShownPolicy[] {
    return this.tiers.flatMap((tier) => tier.shown?.() ?? []);
  }

  inClusterNetwork(address: string): boolean {
    return this.clusterNetwork.some((cidr) => cidr.contains(address));
  }

  inServiceNetwork(address: string): boolean {
    return this.serviceNetwork.some((cidr) => cidr.contains(address));
  }

  /** The range of the host prefix's size that an address of the cluster network lies in. */
  subnetOf(address: string): Cidr | undefined {
    const parsed = parseAddress(address);
    const pool = parsed && this.pools.find(({ cidr }) => cidr.holds(parsed));
    return pool && Cidr.parse(`${address}/${pool.hostPrefix}`);
  }

  /** The node whose part of the cluster network holds an address. */
  nodeOfSubnet(address: string): Host | undefined {
    for (const host of this.hosts.nodes()) if (host.subnets.some((subnet) => subnet.contains(address))) return host;
    return undefined;
  }

  private registerKinds(): void {
    const { hosts, services, plugin } = this;
    this.register<Pod>('Pod', {
      put: (pod) => hosts.putPod(pod),
      remove: ({ metadata: { namespace = 'default', name } }) => hosts.remove(podId(namespace, name)),
    });
    this.register<Node>('Node', {
      put: (node) => hosts.putNode(node, plugin.nodeOffset),
      remove: ({ metadata }) => hosts.remove(nodeId(metadata.name)),
    });
    this.register<Service>('Service', {
      put: (service) => services.put(service),
      remove: (service) => services.remove(service),
    });
    for (const kind of ['EndpointSlice', 'EndpointSlice.discovery.k8s.io'])
      this.register<EndpointSlice>(kind, {
        put: (slice) => services.putSlice(slice),
        remove: (slice) => services.removeSlice(slice),
      });
    this.tables.set('Route.route.openshift.io', this.routes);
    this.tables.set('NetworkAttachmentDefinition.k8s.cni.cncf.io', this.segments);
    if (plugin.name === 'OVNKubernetes') this.tables.set('EgressIP.k8s.ovn.org', this.egressIPs);
    this.register<{ metadata: Metadata }>('Namespace', {
      put: ({ metadata: { name, labels = {} } }) => {
        this.namespaces.set(name, { 'kubernetes.io/metadata.name': name, ...labels });
      },
      remove: ({ metadata }) => {
        this.namespaces.delete(metadata.name);
      },
    });
  }

  private register<T>(kind: string, table: { put(object: T): void; remove(object: T): void }): void {
    const entry: KindTable = {
      put: (object) => table.put(object as T),
      remove: (object) => table.remove(object as T),
    };
    this.tables.set(kind, entry);
  }
}

/** `Pod`, `NetworkPolicy.networking.k8s.io`: two groups may have a kind of the same name. */
function tableKey(object: KubeLike): string {
  const [group, version] = ((object as { apiVersion?: string }).apiVersion ?? '').split('/');
  return version === undefined ? (object.kind ?? '') : `${object.kind}.${group}`;
}
