// What a picture of the network shows (L09): nodes with their subnets, pods, services with their endpoints, the ways in from
// outside, what policies forbid, and the last connections. Read from the same state that decides every connection.
import { type Host, podId } from './hosts';
import type { Pod, Service } from './kube';
import type { Network } from './network';
import { verdictOf } from './path';
import { type Backend, clusterIPs } from './services';
import type { HostId, Path, Protocol, Verdict } from './types';

interface PictureNode {
  name: string;
  /** On the machine network. */
  address: string;
  /** Its parts of the cluster network. */
  subnets: string[];
}

export interface PicturePod {
  id: HostId;
  namespace: string;
  name: string;
  node: string;
  addresses: string[];
  hostNetwork: boolean;
  phase: string;
  ready: boolean;
  /** What listens in it: `TCP/3306`. */
  listening: string[];
}

export interface PictureService {
  namespace: string;
  name: string;
  type: string;
  addresses: string[];
  /** `3306/TCP`, `80:30080/TCP`. */
  ports: string[];
  endpoints: { pod?: HostId; address: string; port: number }[];
}

interface PictureRoute {
  namespace: string;
  name: string;
  host: string;
  service: string;
}

/** A connection between two pods that would not be delivered. */
interface PictureBlock {
  from: HostId;
  to: HostId;
  port: string;
  policy: string;
}

export interface PictureConnection {
  from: HostId;
  to?: HostId;
  address: string;
  port: number;
  verdict: Verdict;
  reason: string;
  /** Milliseconds since the epoch. */
  at: number;
}

export interface Picture {
  plugin: string;
  clusterNetwork: string[];
  serviceNetwork: string[];
  nodes: PictureNode[];
  outside: { id: HostId; name: string; address: string }[];
  pods: PicturePod[];
  services: PictureService[];
  routes: PictureRoute[];
  blocked: PictureBlock[];
  connections: PictureConnection[];
  /** Pods that were left out: a picture of more shows nothing. */
  omitted: number;
}

/** A connection as the sockets noted it. */
export interface Noted {
  from: HostId;
  to: string;
  port: number;
  path: Pick<Path, 'verdict' | 'reason' | 'destination'>;
  at: number;
}

const MOST_PODS = 60; // boxes on a page; it also bounds the pairs that policies are asked about
const MOST_CONNECTIONS = 30; // lines on a page

/**
 * Everything in the namespaces that `isShown` chooses.
 * @example
 * picture(network, fabric.recent, (namespace) => !namespace.startsWith('openshift-'));
 */
export function picture(network: Network, recent: readonly Noted[], isShown: (namespace: string) => boolean): Picture {
  const all = [...network.hosts.all()];
  const shown = all.filter((host) => host.kind === 'pod' && isShown(host.namespace));
  const pods = shown.slice(0, MOST_PODS);
  return {
    plugin: network.plugin.name,
    clusterNetwork: network.clusterNetwork.map(String),
    serviceNetwork: network.serviceNetwork.map(String),
    nodes: [...network.hosts.nodes()].map(toNode),
    outside: all
      .filter(({ kind }) => kind === 'outside')
      .map(({ id, name, addresses }) => ({ id, name, address: addresses[0] ?? '' })),
    pods: pods.map((host) => toPod(network, host)),
    services: [...network.services.all()]
      .filter(({ metadata }) => isShown(metadata.namespace ?? 'default'))
      .map((service) => toService(network, service)),
    routes: [...network.routes.all()]
      .filter(({ metadata }) => isShown(metadata.namespace ?? 'default'))
      .map(({ metadata, spec }) => ({
        namespace: metadata.namespace ?? 'default',
        name: metadata.name,
        host: spec?.host ?? '',
        service: spec?.to?.name ?? '',
      })),
    blocked: blockedPairs(network, pods),
    connections: connectionsOf(recent, new Set(pods.map(({ id }) => id))),
    omitted: shown.length - pods.length,
  };
}

const toNode = ({ name, addresses, subnets }: Host): PictureNode => ({
  name,
  address: addresses[0] ?? '',
  subnets: subnets.map(String),
});

function toPod(network: Network, host: Host): PicturePod {
  const { id, namespace, name, node = '', addresses, hostNetwork, pod } = host;
  return {
    id,
    namespace,
    name,
    node,
    addresses: [...addresses],
    hostNetwork,
    phase: pod?.metadata.deletionTimestamp ? 'Terminating' : (pod?.status?.phase ?? 'Pending'),
    ready: isReady(pod),
    // a pod on its node's network shares the node's sockets, and which are its own nobody can tell
    listening: hostNetwork ? [] : network.hosts.listening(host).map(({ protocol, port }) => `${protocol}/${port}`),
  };
}

const isReady = (pod: Pod | undefined): boolean =>
  pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

function toService(network: Network, service: Service): PictureService {
  const { metadata, spec } = service;
  const backends = (spec?.ports ?? []).flatMap((port) =>
    ([4, 6] as const).flatMap((family) => [...network.services.backends(service, port, family)]),
  );
  return {
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    type: spec?.clusterIP === 'None' ? 'Headless' : (spec?.type ?? 'ClusterIP'),
    addresses: spec?.type === 'ExternalName' ? [spec.externalName ?? ''] : clusterIPs(service),
    ports: (spec?.ports ?? []).map(
      ({ port, nodePort, protocol = 'TCP' }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`,
    ),
    endpoints: backends.map(toEndpoint),
  };
}

const toEndpoint = ({ pod, address, port }: Backend): PictureService['endpoints'][number] => ({
  ...(pod && { pod: podId(pod.namespace, pod.name) }),
  address,
  port,
});

/** Pairs of pods of which one listens and a policy keeps the other from it. */
function blockedPairs(network: Network, pods: readonly Host[]): PictureBlock[] {
  const open = pods.filter(({ hostNetwork }) => !hostNetwork);
  return open.flatMap((to) => {
    const [address] = to.addresses;
    if (address === undefined) return [];
    return network.hosts.listening(to).flatMap(({ protocol, port, addresses }) => {
      if (addresses.every(isLoopback)) return [];
      return open.filter((from) => from !== to).flatMap((from) => blockOf(network, from, to, address, protocol, port));
    });
  });
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

function blockOf(
  network: Network,
  from: Host,
  to: Host,
  address: string,
  protocol: Protocol,
  port: number,
): PictureBlock[] {
  const { verdict, policy } = verdictOf(network, { from: from.id, to: address, port, protocol });
  return verdict === 'delivered' || !policy ? [] : [{ from: from.id, to: to.id, port: `${protocol}/${port}`, policy }];
}

/** The newest of each pair and port, newest first, of those that begin or end at a shown pod or outside. */
function connectionsOf(recent: readonly Noted[], shown: ReadonlySet<HostId>): PictureConnection[] {
  const seen = new Map<string, PictureConnection>();
  for (const { from, to, port, path, at } of [...recent].reverse()) {
    const target = path.destination?.host;
    if (!shown.has(from) && !(target && shown.has(target))) continue;
    const key = `${from} ${to} ${port} ${target}`;
    if (seen.has(key)) continue;
    const { verdict, reason } = path;
    seen.set(key, { from, ...(target && { to: target }), address: to, port, verdict, reason, at });
    if (seen.size === MOST_CONNECTIONS) break;
  }
  return [...seen.values()];
}
