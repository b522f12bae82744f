// Everything that has an address: pods, nodes and hosts outside; who holds which address and who listens where.
import { Cidr, canonical, parseAddress } from './address';
import type { ContainerPort, Labels, Node, Pod } from './kube';
import type { HostId, Protocol } from './types';

export interface Host {
  id: HostId;
  kind: 'pod' | 'node' | 'outside';
  name: string;
  namespace: string;
  labels: Labels;
  /** Canonical, the primary first. A pod on its node's network has its node's. */
  addresses: readonly string[];
  /** The node's name, for pods and nodes. */
  node?: string;
  hostNetwork: boolean;
  pod?: Pod;
  /** The parts of the cluster network that belong to a node. */
  subnets: readonly Cidr[];
}

export interface OutsideHost {
  name: string;
  addresses: string[];
}

export const podId = (namespace: string, name: string): HostId => `pod/${namespace}/${name}`;
export const nodeId = (name: string): HostId => `node/${name}`;
export const outsideId = (name: string): HostId => `outside/${name}`;

/** `pod db-0`, `node worker01`, `host workstation`: how sentences name a host. */
export const describeHost = (host: Host): string =>
  `${host.kind === 'outside' ? 'host' : host.kind} ${host.kind === 'pod' ? `${host.namespace}/${host.name}` : host.name}`;

export class HostTable {
  private readonly hosts = new Map<HostId, Host>();
  private readonly byAddress = new Map<string, HostId[]>();
  private readonly nodeIds = new Set<HostId>();
  private readonly podsByNamespace = new Map<string, Set<HostId>>();
  /** Host to `TCP/80` to the addresses bound. */
  private readonly listeners = new Map<HostId, Map<string, Set<string>>>();
  /** `node TCP/8080` to the pods that publish it on their node. */
  private readonly hostPorts = new Map<string, { pod: HostId; port: ContainerPort }[]>();

  get(id: HostId): Host | undefined {
    return this.hosts.get(id);
  }

  /** The host that holds an address: a node before the pods that share its address. */
  at(address: string): Host | undefined {
    const ids = this.byAddress.get(address);
    return ids?.[0] === undefined ? undefined : this.hosts.get(ids[0]);
  }

  /** Whose network namespace a host uses: its own, or its node's. */
  owner(host: Host): Host {
    return host.hostNetwork && host.node ? (this.hosts.get(nodeId(host.node)) ?? host) : host;
  }

  *podsOf(namespace: string): Iterable<Host> {
    for (const id of this.podsByNamespace.get(namespace) ?? []) {
      const host = this.hosts.get(id);
      if (host) yield host;
    }
  }

  *all(): Iterable<Host> {
    yield* this.hosts.values();
  }

  *nodes(): Iterable<Host> {
    for (const id of this.nodeIds) {
      const host = this.hosts.get(id);
      if (host) yield host;
    }
  }

  putPod(pod: Pod): void {
    const { name, namespace = 'default' } = pod.metadata;
    const addresses = liveAddresses(pod);
    const node = pod.spec?.nodeName;
    this.put({
      id: podId(namespace, name),
      kind: 'pod',
      name,
      namespace,
      labels: pod.metadata.labels ?? {},
      addresses,
      ...(node ? { node } : {}),
      hostNetwork: pod.spec?.hostNetwork === true,
      pod,
      subnets: [],
    });
    this.publish(podId(namespace, name), pod, addresses.length > 0);
  }

  /** `offset`: where in its subnet the node's own address lies, if it has one there. */
  putNode(node: Node, offset: number | undefined): void {
    const { name, labels = {} } = node.metadata;
    const subnets = nodeSubnets(node).flatMap((subnet) => Cidr.find(subnet) ?? []);
    const addresses = (node.status?.addresses ?? [])
      .filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP')
      .map(({ address }) => canonical(address));
    this.put({
      id: nodeId(name),
      kind: 'node',
      name,
      namespace: '',
      labels,
      addresses: offset === undefined ? addresses : [...addresses, ...subnets.map((subnet) => subnet.at(offset))],
      node: name,
      hostNetwork: true,
      subnets,
    });
  }

  putOutside({ name, addresses }: OutsideHost): void {
    this.put({
      id: outsideId(name),
      kind: 'outside',
      name,
      namespace: '',
      labels: {},
      addresses: addresses.map(canonical),
      hostNetwork: false,
      subnets: [],
    });
  }

  remove(id: HostId): void {
    const host = this.hosts.get(id);
    if (!host) return;
    this.forget(host);
    this.hosts.delete(id);
    this.nodeIds.delete(id);
    this.listeners.delete(id);
  }

  setListener(id: HostId, protocol: Protocol, port: number, address: string, open: boolean): void {
    const host = this.hosts.get(id);
    const owner = host ? this.owner(host).id : id;
    let ports = this.listeners.get(owner);
    if (!ports && !open) return;
    if (!ports) this.listeners.set(owner, (ports = new Map()));
    const key = `${protocol}/${port}`;
    const bound = ports.get(key) ?? new Set();
    if (open) bound.add(canonical(address));
    else bound.delete(canonical(address));
    if (bound.size > 0) ports.set(key, bound);
    else ports.delete(key);
  }

  /** The address that a listener for this destination is bound to, if there is one. */
  listener(host: Host, protocol: Protocol, port: number, destination: string): string | undefined {
    const bound = this.listeners.get(this.owner(host).id)?.get(`${protocol}/${port}`);
    if (!bound) return undefined;
    if (bound.has(destination)) return destination;
    // A socket on `::` takes IPv4 as well: Linux' net.ipv6.bindv6only is 0.
    if (parseAddress(destination)?.family === 4 && bound.has('0.0.0.0')) return '0.0.0.0';
    return bound.has('::') ? '::' : undefined;
  }

  /** What a host listens on: `[{ protocol, port, addresses }]`. */
  listening(host: Host): { protocol: Protocol; port: number; addresses: string[] }[] {
    return [...(this.listeners.get(this.owner(host).id) ?? [])].map(([key, addresses]) => {
      const [protocol, port] = key.split('/') as [Protocol, string];
      return { protocol, port: Number(port), addresses: [...addresses] };
    });
  }

  /** The pod that publishes a port of its node (hostPort). */
  hostPort(node: string, protocol: Protocol, port: number, address: string): { pod: Host; port: number } | undefined {
    for (const entry of this.hostPorts.get(`${node} ${protocol}/${port}`) ?? []) {
      const { hostIP } = entry.port;
      const pod = this.hosts.get(entry.pod);
      if (pod && (!hostIP || hostIP === '0.0.0.0' || hostIP === '::' || canonical(hostIP) === address))
        return { pod, port: entry.port.containerPort };
    }
    return undefined;
  }

  private put(host: Host): void {
    const before = this.hosts.get(host.id);
    if (before) this.forget(before);
    this.hosts.set(host.id, host);
    if (host.kind === 'node') this.nodeIds.add(host.id);
    if (host.kind === 'pod') this.namespacePods(host.namespace).add(host.id);
    if (host.kind === 'pod' && host.hostNetwork) return;
    for (const address of host.addresses) {
      const ids = this.byAddress.get(address);
      if (ids) ids.unshift(host.id);
      else this.byAddress.set(address, [host.id]);
    }
  }

  private forget(host: Host): void {
    if (host.kind === 'pod') {
      this.namespacePods(host.namespace).delete(host.id);
      this.unpublish(host);
    }
    for (const address of host.addresses) {
      const ids = this.byAddress.get(address)?.filter((id) => id !== host.id) ?? [];
      if (ids.length > 0) this.byAddress.set(address, ids);
      else this.byAddress.delete(address);
    }
  }

  private namespacePods(namespace: string): Set<HostId> {
    let pods = this.podsByNamespace.get(namespace);
    if (!pods) this.podsByNamespace.set(namespace, (pods = new Set()));
    return pods;
  }

  private publish(id: HostId, pod: Pod, alive: boolean): void {
    if (!alive || pod.spec?.hostNetwork) return;
    for (const [key, port] of publishedPorts(pod)) {
      const entries = this.hostPorts.get(key);
      if (entries) entries.push({ pod: id, port });
      else this.hostPorts.set(key, [{ pod: id, port }]);
    }
  }

  private unpublish(host: Host): void {
    for (const [key] of host.pod ? publishedPorts(host.pod) : []) {
      const entries = this.hostPorts.get(key)?.filter((entry) => entry.pod !== host.id) ?? [];
      if (entries.length > 0) this.hostPorts.set(key, entries);
      else this.hostPorts.delete(key);
    }
  }
}

/** A finished pod has given its addresses back, though its status still shows them. */
function liveAddresses(pod: Pod): string[] {
  const { phase, podIP, podIPs } = pod.status ?? {};
  if (phase === 'Succeeded' || phase === 'Failed') return [];
  return (podIPs?.map(({ ip }) => ip) ?? (podIP ? [podIP] : [])).map(canonical);
}

function publishedPorts(pod: Pod): [string, ContainerPort][] {
  return containerPorts(pod)
    .filter((port) => port.hostPort)
    .map((port) => [`${pod.spec?.nodeName} ${port.protocol ?? 'TCP'}/${port.hostPort}`, port]);
}

/** The ports that a pod's containers declare, sidecars included. */
export function containerPorts(pod: Pod): ContainerPort[] {
  const sidecars = (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(pod.spec?.containers ?? []), ...sidecars].flatMap(({ ports }) => ports ?? []);
}

/** A node's part of the cluster network: from OVN-Kubernetes' annotation, else the node's podCIDRs. */
function nodeSubnets(node: Node): string[] {
  const annotation = node.metadata.annotations?.['k8s.ovn.org/node-subnets'];
  if (!annotation) return node.spec?.podCIDRs ?? (node.spec?.podCIDR ? [node.spec.podCIDR] : []);
  try {
    const { default: subnets } = JSON.parse(annotation) as { default?: string | string[] };
    return typeof subnets === 'string' ? [subnets] : (subnets ?? []);
  } catch {
    return [];
  }
}
