// What PathReview and ReachabilityReview are answered from: the network, and what hosts have in /etc/resolv.conf and /etc/hosts.
import type { Pull } from '../images/image';
import { parseCorefile } from '../network/dns/corefile';
import type { Host } from '../network/hosts';
import type { Network } from '../network/network';
import type { Cell } from '../network/reachability';
import type { NameServer } from '../network/resolve';
import { type Libc, parseResolvConf } from '../network/resolver';
import {
  type PathReviewSpec,
  type ReachabilityReviewSpec,
  type ReviewContext,
  reviewPath,
  reviewReachability,
} from '../network/review';
import type { HostId, Path } from '../network/types';
import type { Pod } from './kinds';
import type { PodSettings } from './kubelet/context';
import { hostsFile, resolvConf } from './kubelet/etc';
import type { ObjectStore } from './store/store';

/** What lies around the cluster, for names and hosts that it does not know. */
export interface Surroundings {
  /** The addresses of a public name; undefined when there is none. */
  names(name: string): readonly string[] | undefined;
  /** A file of a host outside. */
  file(host: string, path: string): string | undefined;
}

export interface NetworkReviews {
  path(spec: PathReviewSpec): Path;
  reachability(spec: ReachabilityReviewSpec): { cells: Cell[] };
}

export interface ReviewSources {
  network: Network;
  store: ObjectStore;
  settings: PodSettings;
  surroundings: Surroundings | undefined;
  pull: (reference: string) => Pull;
}

export function networkReviews(sources: ReviewSources): NetworkReviews {
  const { network, surroundings } = sources;
  const context: ReviewContext = {
    resolvConf: (host) => fileOf(sources, host, '/etc/resolv.conf'),
    hostsFile: (host) => fileOf(sources, host, '/etc/hosts'),
    nameServer: (host) => nameServer(sources, host),
    libc: (host) => libcOf(sources, host),
    ...(surroundings && { upstream: surroundings.names }),
  };
  return {
    path: (spec) => reviewPath(network, spec, context),
    reachability: (spec) => reviewReachability(network, spec),
  };
}

/** Of a pod, that of its first container's image. */
function libcOf({ store, pull }: ReviewSources, host: Host): Libc {
  const pod = host.kind === 'pod' ? (store.get('pods', host.namespace, host.name) as Pod | undefined) : undefined;
  const [first] = pod?.spec.containers ?? [];
  const pulled = first && pull(first.image);
  return pulled && 'image' in pulled ? pulled.image.libc : 'glibc';
}

function fileOf({ store, settings, surroundings }: ReviewSources, host: Host, path: string): string {
  if (host.kind === 'outside') return surroundings?.file(host.name, path) ?? '';
  const pod = host.kind === 'pod' ? (store.get('pods', host.namespace, host.name) as Pod | undefined) : undefined;
  if (path === '/etc/hosts') return pod ? hostsFile(pod, host.addresses, settings) : '';
  if (pod) return resolvConf(pod, settings);
  const { nameservers, searches } = settings.nodeDns;
  return `search ${searches.join(' ')}\n${nameservers.map((each) => `nameserver ${each}\n`).join('')}`;
}

/** The Corefile that a DNS pod mounts, wherever it runs. */
function nameServer({ store, settings, network }: ReviewSources, id: HostId): NameServer | undefined {
  const host = network.hosts.get(id);
  const pod = host && (store.get('pods', host.namespace, host.name) as Pod | undefined);
  const map = pod?.spec.volumes?.find(({ configMap }) => configMap)?.configMap?.name;
  const corefile = map && store.get('configmaps', host?.namespace, map)?.['data']?.Corefile;
  if (!corefile || !pod) return undefined;
  try {
    const { nameservers } = parseResolvConf(resolvConf(pod, settings));
    return { config: parseCorefile(corefile, host?.addresses ? [...host.addresses] : []), nameservers };
  } catch {
    return undefined; // a Corefile that the server refuses: it goes on with the one before
  }
}
