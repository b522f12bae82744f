// Services as the data plane sees them: an address and port in front, ready endpoints behind. Lookups cost the same with
// fifty services as with five thousand.
import { canonical, type Family } from './address';
import type { EndpointSlice, Service, ServicePort } from './kube';
import type { Protocol } from './types';

/** One address and port behind a service. */
export interface Backend {
  address: string;
  port: number;
  node?: string;
  zones?: readonly string[];
  ready: boolean;
  serving: boolean;
  terminating: boolean;
  pod?: { namespace: string; name: string };
}

/** How a destination came to mean a service. */
export type Via = 'clusterIP' | 'externalIP' | 'loadBalancer' | 'nodePort';

export interface Frontend {
  service: Service;
  port: ServicePort;
  via: Via;
}

interface Entry {
  service: Service;
  keys: string[];
  /** Protocol, port name and family to the backends, made when first asked for after a change. */
  backends: Map<string, Backend[]>;
}

const frontKey = (address: string, protocol: string, port: number) => `${address} ${protocol}/${port}`;
const NODE = 'node'; // stands for every node's address

const serviceKey = (namespace: string, name: string): string => `${namespace}/${name}`;
const keyOf = ({ metadata }: { metadata: { name: string; namespace?: string } }) =>
  serviceKey(metadata.namespace ?? 'default', metadata.name);

const IDLED = 'idling.alpha.openshift.io/idled-at';
const UNIDLED = 'k8s.ovn.org/unidled-at';
const GRACE_MS = 30_000; // ovn-kubernetes pkg/ovn/controller/unidling: how long nothing is refused after waking

/** Whether a service without endpoints is one that `oc idle` put to sleep: traffic is dropped meanwhile, not refused. */
export function isIdled({ metadata: { annotations = {} } }: Service, now: number): boolean {
  const woken = Date.parse(annotations[UNIDLED] ?? '');
  return annotations[IDLED] !== undefined || now - woken < GRACE_MS;
}

/** A service's cluster addresses, canonical; none for headless and ExternalName services. */
export function clusterIPs({ spec }: Service): string[] {
  if (spec?.type === 'ExternalName') return [];
  return (spec?.clusterIPs ?? (spec?.clusterIP ? [spec.clusterIP] : []))
    .filter((ip) => ip !== '' && ip !== 'None')
    .map(canonical);
}

export class ServiceTable {
  private readonly services = new Map<string, Entry>();
  private readonly fronts = new Map<string, Frontend[]>();
  /** Every address that services own, with how many: tells "no such port" from "no such service". */
  private readonly addresses = new Map<string, Service[]>();
  private readonly slices = new Map<string, Map<string, EndpointSlice>>();
  /** Endpoint address to the slices it stands in, for reverse names. */
  private readonly sliceAt = new Map<string, Set<EndpointSlice>>();
  private readonly sliceOwner = new Map<string, string>();

  get(namespace: string, name: string): Service | undefined {
    return this.services.get(serviceKey(namespace, name))?.service;
  }

  *all(): Iterable<Service> {
    for (const { service } of this.services.values()) yield service;
  }

  /** Services that own an address (cluster, external or load balancer). */
  owning(address: string): readonly Service[] {
    return this.addresses.get(address) ?? [];
  }

  /** What a destination means: the service and its port. */
  front(address: string, protocol: Protocol, port: number): Frontend | undefined {
    return this.fronts.get(frontKey(address, protocol, port))?.[0];
  }

  nodePort(protocol: Protocol, port: number): Frontend | undefined {
    return this.fronts.get(frontKey(NODE, protocol, port))?.[0];
  }

  slicesOf(namespace: string, name: string): Iterable<EndpointSlice> {
    return this.slices.get(serviceKey(namespace, name))?.values() ?? [];
  }

  /** The slices that list an address. */
  slicesAt(address: string): Iterable<EndpointSlice> {
    return this.sliceAt.get(address) ?? [];
  }

  /** The endpoints of one port of a service that take connections. */
  backends(service: Service, port: ServicePort, family: Family): readonly Backend[] {
    const entry = this.services.get(keyOf(service));
    if (!entry) return [];
    const key = `${port.protocol ?? 'TCP'}/${port.name ?? ''}/${family}`;
    let backends = entry.backends.get(key);
    if (!backends) {
      const { name, namespace = 'default' } = service.metadata;
      const slices = [...this.slicesOf(namespace, name)].filter((slice) => familyOf(slice) === family);
      backends = usable(dedupe(slices.flatMap((slice) => backendsOf(slice, port))));
      entry.backends.set(key, backends);
    }
    return backends;
  }

  put(service: Service): void {
    this.remove(service);
    const entry: Entry = { service, keys: [], backends: new Map() };
    this.services.set(keyOf(service), entry);
    for (const [address, via] of frontAddresses(service)) {
      if (via !== 'nodePort') push(this.addresses, address, service);
      for (const port of service.spec?.ports ?? []) this.addFront(entry, address, via, port);
    }
  }

  remove(service: { metadata: { name: string; namespace?: string } }): void {
    const entry = this.services.get(keyOf(service));
    if (!entry) return;
    for (const key of entry.keys) drop(this.fronts, key, (front) => front.service !== entry.service);
    for (const [address] of frontAddresses(entry.service)) drop(this.addresses, address, (s) => s !== entry.service);
    this.services.delete(keyOf(service));
  }

  putSlice(slice: EndpointSlice): void {
    const owner = sliceService(slice);
    const key = keyOf(slice);
    this.removeSlice(slice);
    if (!owner) return;
    this.indexSlice(slice, true);
    this.sliceOwner.set(key, owner);
    let slices = this.slices.get(owner);
    if (!slices) this.slices.set(owner, (slices = new Map()));
    slices.set(key, slice);
    this.services.get(owner)?.backends.clear();
  }

  removeSlice(slice: EndpointSlice): void {
    const key = keyOf(slice);
    const owner = this.sliceOwner.get(key);
    if (owner === undefined) return;
    const before = this.slices.get(owner)?.get(key);
    if (before) this.indexSlice(before, false);
    this.sliceOwner.delete(key);
    this.slices.get(owner)?.delete(key);
    this.services.get(owner)?.backends.clear();
  }

  private indexSlice(slice: EndpointSlice, add: boolean): void {
    for (const address of (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses.map(canonical))) {
      const slices = this.sliceAt.get(address) ?? new Set();
      if (add) slices.add(slice);
      else slices.delete(slice);
      if (slices.size > 0) this.sliceAt.set(address, slices);
      else this.sliceAt.delete(address);
    }
  }

  private addFront(entry: Entry, address: string, via: Via, port: ServicePort): void {
    const number = via === 'nodePort' ? port.nodePort : port.port;
    if (!number) return;
    const key = frontKey(address, port.protocol ?? 'TCP', number);
    entry.keys.push(key);
    push(this.fronts, key, { service: entry.service, port, via });
  }
}

/** The addresses that lead to a service, with what kind each is. */
function frontAddresses(service: Service): [string, Via][] {
  const { type, externalIPs = [] } = service.spec ?? {};
  const fronts = clusterIPs(service).map((address): [string, Via] => [address, 'clusterIP']);
  for (const address of externalIPs) fronts.push([canonical(address), 'externalIP']);
  if (type === 'NodePort' || type === 'LoadBalancer') fronts.push([NODE, 'nodePort']);
  for (const { ip, ipMode } of service.status?.loadBalancer?.ingress ?? [])
    if (ip && ipMode !== 'Proxy') fronts.push([canonical(ip), 'loadBalancer']);
  return fronts;
}

/** `namespace/name` of the service a slice belongs to. */
function sliceService({ metadata }: EndpointSlice): string | undefined {
  const name = metadata.labels?.['kubernetes.io/service-name'];
  return name ? serviceKey(metadata.namespace ?? 'default', name) : undefined;
}

function backendsOf(slice: EndpointSlice, wanted: ServicePort): Backend[] {
  const port = (slice.ports ?? []).find(
    ({ name, protocol }) => (name ?? '') === (wanted.name ?? '') && (protocol ?? 'TCP') === (wanted.protocol ?? 'TCP'),
  )?.port;
  if (!port) return [];
  return (slice.endpoints ?? []).flatMap(({ addresses, nodeName, conditions, targetRef, hints }) =>
    addresses.slice(0, 1).map((address) => {
      const ready = conditions?.ready ?? true;
      const pod = targetRef?.kind === 'Pod' && targetRef.name ? targetRef : undefined;
      const zones = hints?.forZones?.map(({ name }) => name);
      return {
        address: canonical(address),
        port,
        ready,
        serving: conditions?.serving ?? ready,
        terminating: conditions?.terminating ?? false,
        ...(nodeName ? { node: nodeName } : {}),
        ...(zones ? { zones } : {}),
        ...(pod?.name ? { pod: { namespace: pod.namespace ?? 'default', name: pod.name } } : {}),
      };
    }),
  );
}

const familyOf = ({ addressType }: EndpointSlice): Family => (addressType === 'IPv6' ? 6 : 4);

/** Ready endpoints; when there are none, those that still serve while they terminate (KEP-1669). */
function usable(all: Backend[]): Backend[] {
  const ready = all.filter((backend) => backend.ready);
  return ready.length > 0 ? ready : all.filter((backend) => backend.serving && backend.terminating);
}

/** The same endpoint may stand in two slices while it moves between them. */
function dedupe(backends: Backend[]): Backend[] {
  const seen = new Map<string, Backend>();
  for (const backend of backends) {
    const key = `${backend.address} ${backend.port}`;
    const before = seen.get(key);
    if (!before || (!before.ready && backend.ready)) seen.set(key, backend);
  }
  return [...seen.values()];
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function drop<T>(map: Map<string, T[]>, key: string, keep: (value: T) => boolean): void {
  const list = map.get(key)?.filter(keep) ?? [];
  if (list.length > 0) map.set(key, list);
  else map.delete(key);
}
