// Which endpoint a new connection to a service goes to: traffic policies, readiness, session affinity, then the draw.
import type { Family } from './address';
import type { Host } from './hosts';
import type { Service } from './kube';
import type { Network } from './network';
import type { Backend, Frontend } from './services';

const DEFAULT_AFFINITY_S = 10_800; // ClientIPServiceAffinity's default, three hours

/** The outcome: a backend, or why there is none. `local`: endpoints exist, but on no node that the policy allows. */
export type Choice = { backend: Backend } | { none: 'no-endpoints' | 'local' };

/** The node a connection enters at, and whether it came from outside the cluster. */
export interface Entry {
  client: string;
  /** Of the address connected to. */
  family: Family;
  node: Host | undefined;
  outside: boolean;
  /** The sender's port of a UDP packet: connection tracking keeps such a flow on its endpoint. */
  udpPort?: number;
}

export function choose(network: Network, front: Frontend, entry: Entry): Choice {
  const { service, port } = front;
  const usable = network.services.backends(service, port, entry.family);
  if (usable.length === 0) return { none: 'no-endpoints' };
  const near = nearBackends(network, service, usable, entry);
  if (near.length === 0) return { none: 'local' };
  return { backend: flowing(network, front, near, entry) };
}

const UDP_FLOW_MS = 30_000; // nf_conntrack_udp_timeout
const FLOWS_LIMIT = 10_000; // older ones are forgotten; a scan from ever new ports must not fill memory

/** At random, as iptables' statistic match and OVN's hash do; in turn with IPVS. */
function draw(network: Network, { service, port }: Frontend, near: readonly Backend[]): Backend {
  if (network.proxyMode !== 'ipvs') return network.random.pick(near);
  const key = `${service.metadata.namespace}/${service.metadata.name} ${port.protocol} ${port.port}`;
  const turn = network.turns.get(key) ?? 0;
  network.turns.set(key, turn + 1);
  return near[turn % near.length] as Backend;
}

/** A UDP flow goes where its first packet went, while it lasts and the endpoint does. */
function flowing(network: Network, front: Frontend, near: readonly Backend[], entry: Entry): Backend {
  const fresh = () => held(network, front, near, entry) ?? draw(network, front, near);
  if (entry.udpPort === undefined) return fresh();
  const { namespace, name } = front.service.metadata;
  const key = `${entry.client}:${entry.udpPort} ${namespace}/${name} ${front.port.port} ${entry.family}`;
  const flow = network.udpFlows.get(key);
  const kept = flow && flow.until > network.now() ? near.find((b) => address(b) === flow.backend) : undefined;
  const backend = kept ?? fresh();
  network.udpFlows.delete(key);
  network.udpFlows.set(key, { backend: address(backend), until: network.now() + UDP_FLOW_MS });
  if (network.udpFlows.size > FLOWS_LIMIT) network.udpFlows.delete(network.udpFlows.keys().next().value ?? '');
  return backend;
}

function nearBackends(
  network: Network,
  { spec }: Service,
  usable: readonly Backend[],
  { node, outside }: Entry,
): readonly Backend[] {
  const policy = outside ? spec?.externalTrafficPolicy : spec?.internalTrafficPolicy;
  if (policy === 'Local') return usable.filter((backend) => node && nodeOf(network, backend) === node.name);
  // OVN-Kubernetes, Octavia and Cilium's defaults take no notice of hints.
  const zone = network.plugin.services === 'kube-proxy' ? node?.labels['topology.kubernetes.io/zone'] : undefined;
  const hinted = zone ? usable.filter(({ zones }) => zones?.includes(zone)) : [];
  // As kube-proxy: hints count only when every endpoint has one (topologyaware.go).
  return hinted.length > 0 && usable.every(({ zones }) => zones) ? hinted : usable;
}

const nodeOf = (network: Network, backend: Backend) => backend.node ?? network.hosts.at(backend.address)?.node;

/** The backend that session affinity holds this client to; remembers a new draw. */
function held(network: Network, front: Frontend, near: readonly Backend[], entry: Entry): Backend | undefined {
  const { service, port } = front;
  if (service.spec?.sessionAffinity !== 'ClientIP') return undefined;
  const { namespace, name } = service.metadata;
  const key = `${namespace}/${name} ${port.protocol ?? 'TCP'}/${port.port} ${entry.client}`;
  const seconds = service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_S;
  const record = network.affinity.get(key);
  const kept = record && record.until > network.now() ? near.find((b) => address(b) === record.backend) : undefined;
  const backend = kept ?? draw(network, front, near);
  network.affinity.set(key, { backend: address(backend), until: network.now() + seconds * 1000 });
  return backend;
}

const address = (backend: Backend): string => `${backend.address} ${backend.port}`;
