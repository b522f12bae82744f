// PathReview and ReachabilityReview (podlab.dev/v1): from a review's spec to its status.
import { describeHost, type Host, nodeId, outsideId, podId } from './hosts';
import type { LabelSelector, Service } from './kube';
import type { Network } from './network';
import { path } from './path';
import { type Cell, type PortQuery, reachability, type Target } from './reachability';
import { type Resolution, type ResolveOptions, resolve } from './resolve';
import { type Libc, parseResolvConf } from './resolver';
import { compileSelector } from './selector';
import { clusterIPs } from './services';
import type { Hop, Path, Protocol } from './types';

interface Named {
  namespace: string;
  name: string;
}

interface PodRef {
  namespace: string;
  pod: string;
}

export interface PathReviewSpec {
  from: PodRef | { node: string } | { host: string };
  to: { name?: string; address?: string; service?: Named; pod?: Named };
  port?: number;
  protocol?: Protocol;
}

/** Pods by labels, in place of a list. */
interface PodSelection {
  namespace?: string;
  namespaceSelector?: LabelSelector;
  podSelector?: LabelSelector;
}

export interface ReachabilityReviewSpec {
  from: PodRef[] | PodSelection;
  to: (PodRef | { service: Named })[] | PodSelection;
  ports: { port: number; protocol?: Protocol }[];
}

/** What a review needs to know beyond the network. */
export interface ReviewContext extends Pick<ResolveOptions, 'upstream' | 'nameServer'> {
  /** The text of a host's /etc/resolv.conf. */
  resolvConf: (host: Host) => string;
  /** The names in a host's /etc/hosts that an address is given for. */
  hostsFile?: (host: Host) => string;
  /** The C library of a host's programs; glibc when nobody says. */
  libc?: (host: Host) => Libc;
}

/** A review that cannot be carried out. */
export class ReviewError extends Error {
  constructor(
    readonly code: 'NotFound' | 'Invalid',
    /** The wrong field, or the resource of what is not there. */
    readonly subject: string,
    message: string,
  ) {
    super(`${subject}${code === 'NotFound' ? ` ${JSON.stringify(message)} not found` : `: ${message}`}`);
    this.detail = message;
  }

  /** What is wrong with the field, or the name of what is not there. */
  readonly detail: string;
}

/** Decides one connection, by name or address, and tells why. */
export function reviewPath(network: Network, spec: PathReviewSpec, context: ReviewContext): Path {
  const from = sourceOf(network, spec.from);
  const { port = 0, protocol = port === 0 ? 'ICMP' : 'TCP' } = spec;
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new ReviewError('Invalid', 'spec.port', `Invalid value: ${port}: must be between 1 and 65535, inclusive`);
  const { to } = spec;
  if (to.name === undefined) return path(network, { from: from.id, to: addressOf(network, to), port, protocol });
  return byName(network, from, to.name, { port, protocol }, context);
}

function byName(network: Network, from: Host, name: string, query: PortQuery, context: ReviewContext): Path {
  const conf = parseResolvConf(context.resolvConf(from));
  const found =
    fromHostsFile(context.hostsFile?.(from) ?? '', name) ??
    resolve(network, from.id, name, conf, optionsOf(from, context));
  const hops = found.asked.map(
    ({ name: asked, result }): Hop => ({
      stage: 'resolve',
      at: describeHost(from),
      detail: `${asked} ${result === 'NOERROR' ? `is ${found.addresses.join(', ')}` : result}`,
      ok: result === 'NOERROR',
    }),
  );
  const [address] = found.addresses;
  if (address === undefined) {
    const reason =
      found.failure ??
      whyNoName(
        network,
        from,
        name,
        found.asked.map((one) => one.name),
      );
    return { verdict: 'name-error', reason, hops, source: { address: from.addresses[0] ?? '', port: 0 } };
  }
  const way = path(network, { from: from.id, to: address, ...query });
  return { ...way, hops: [...hops, ...way.hops] };
}

function optionsOf(from: Host, { upstream, nameServer, libc }: ReviewContext): ResolveOptions {
  return {
    ...(upstream && { upstream }),
    ...(nameServer && { nameServer }),
    ...(libc && { libc: libc(from) }),
  };
}

/** A name that /etc/hosts knows is not asked for elsewhere: nsswitch.conf has `files dns`. */
function fromHostsFile(text: string, name: string): Resolution | undefined {
  const lines = text.split('\n').map((line) => line.replace(/#.*$/, '').trim().split(/\s+/));
  const addresses = lines.flatMap(([address, ...names]) => (address && names.includes(name) ? [address] : []));
  const result = 'NOERROR';
  return addresses.length > 0 ? { addresses, result, asked: [{ name: `${name} in /etc/hosts`, result }] } : undefined;
}

/** Why a name has no address: often the service is in another namespace. */
function whyNoName(network: Network, from: Host, name: string, asked: readonly string[]): string {
  const [label = '', namespace] = name.split('.');
  const elsewhere = [...network.services.all()].find(
    ({ metadata }) => metadata.name === label && metadata.namespace !== (namespace ?? from.namespace),
  )?.metadata.namespace;
  const base = `the name ${name} does not exist (asked for ${asked.join(', ')})`;
  return elsewhere ? `${base}; there is a service ${label} in namespace ${elsewhere}: ${label}.${elsewhere}` : base;
}

/** Every source to every target: the verdict and the policy that decided it. */
export function reviewReachability(network: Network, { from, to, ports }: ReachabilityReviewSpec): { cells: Cell[] } {
  const sources = Array.isArray(from) ? from.map((ref) => sourceOf(network, ref)) : podsOf(network, from);
  const targets: Target[] = Array.isArray(to)
    ? to.map((ref) => targetOf(network, ref))
    : podsOf(network, to).map(podTarget);
  const queries = ports.map(({ port, protocol = 'TCP' }) => ({ port, protocol }));
  return { cells: reachability(network, sources, targets, queries) };
}

function podsOf(network: Network, { namespace, namespaceSelector, podSelector }: PodSelection): Host[] {
  const inNamespace = compileSelector(namespaceSelector ?? {});
  const isPod = compileSelector(podSelector ?? {});
  return [...network.hosts.all()].filter(
    (host) =>
      host.kind === 'pod' &&
      host.addresses.length > 0 &&
      (namespace === undefined || host.namespace === namespace) &&
      inNamespace(network.namespaceLabels(host.namespace)) &&
      isPod(host.labels),
  );
}

function sourceOf(network: Network, from: PathReviewSpec['from']): Host {
  if ('node' in from) return found(network.hosts.get(nodeId(from.node)), 'nodes', from.node);
  if ('host' in from) return found(network.hosts.get(outsideId(from.host)), 'hosts', from.host);
  return found(network.hosts.get(podId(from.namespace, from.pod)), 'pods', from.pod);
}

function found(host: Host | undefined, resource: string, name: string): Host {
  if (!host) throw new ReviewError('NotFound', resource, name);
  return host;
}

function addressOf(network: Network, { address, service, pod }: PathReviewSpec['to']): string {
  if (address !== undefined) return address;
  if (service) return serviceTarget(network, service).address;
  if (!pod) throw new ReviewError('Invalid', 'spec.to', 'Required value: one of name, address, service, pod');
  return podTarget(sourceOf(network, { namespace: pod.namespace, pod: pod.name })).address;
}

const targetOf = (network: Network, ref: PodRef | { service: Named }): Target =>
  'service' in ref ? serviceTarget(network, ref.service) : podTarget(sourceOf(network, ref));

function podTarget(host: Host): Target {
  const [address] = host.addresses;
  if (address === undefined)
    throw new ReviewError(
      'Invalid',
      'spec.to',
      `Invalid value: "${host.namespace}/${host.name}": the pod has no address`,
    );
  return { name: `${host.namespace}/${host.name}`, address };
}

function serviceTarget(network: Network, { namespace, name }: Named): Target {
  const service: Service | undefined = network.services.get(namespace, name);
  if (!service) throw new ReviewError('NotFound', 'services', name);
  const [address] = clusterIPs(service);
  if (!address)
    throw new ReviewError(
      'Invalid',
      'spec.to',
      `Invalid value: "${namespace}/${name}": the service has no cluster address`,
    );
  return { name: `${namespace}/${name}`, address };
}
