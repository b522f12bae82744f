// What a CoreDNS server runs with: read from a Corefile, or the one that OpenShift's DNS operator writes.
import type { Network } from '../network';
import type { KubernetesPlugin } from './zone';

export interface ForwardPlugin {
  to: string[];
  policy: 'random' | 'round_robin' | 'sequential';
}

export interface ServerBlock {
  /** Lower case, without a final dot; the root is the empty name. */
  zones: string[];
  kubernetes?: KubernetesPlugin;
  forward?: ForwardPlugin;
}

export interface DnsConfig {
  servers: ServerBlock[];
  /** Largest UDP answer, bytes. */
  bufsize: number;
  /** The `loadbalance` plugin: addresses in turn. */
  shuffle: boolean;
}

const DEFAULT_BUFSIZE = 1232; // DNS flag day 2020
const DEFAULT_TTL_S = 5;

/** The Corefile of an untouched OpenShift cluster (cluster-dns-operator, controller_dns_configmap.go). */
export function openShiftDns(network: Network, addresses: string[] = []): DnsConfig {
  const kubernetes: KubernetesPlugin = {
    zones: [network.clusterDomain, 'in-addr.arpa', 'ip6.arpa'],
    pods: 'insecure',
    namespaces: [],
    fallthrough: ['in-addr.arpa', 'ip6.arpa'],
    ttl: DEFAULT_TTL_S,
    ignoreEmptyService: false,
    synced: true,
    addresses,
  };
  const forward: ForwardPlugin = { to: ['/etc/resolv.conf'], policy: 'sequential' };
  return { servers: [{ zones: [''], kubernetes, forward }], bufsize: DEFAULT_BUFSIZE, shuffle: false };
}
