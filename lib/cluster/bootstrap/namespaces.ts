// The namespaces that a new cluster has.
import type { Client } from '../api/client';

const KUBERNETES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
const OPENSHIFT = [
  'openshift',
  'openshift-apiserver',
  'openshift-authentication',
  'openshift-cluster-version',
  'openshift-config',
  'openshift-config-managed',
  'openshift-console',
  'openshift-controller-manager',
  'openshift-dns',
  'openshift-dns-operator',
  'openshift-etcd',
  'openshift-host-network',
  'openshift-image-registry',
  'openshift-infra',
  'openshift-ingress',
  'openshift-ingress-operator',
  'openshift-kube-apiserver',
  'openshift-kube-controller-manager',
  'openshift-kube-scheduler',
  'openshift-machine-config-operator',
  'openshift-monitoring',
  'openshift-multus',
  'openshift-network-diagnostics',
  'openshift-network-node-identity',
  'openshift-network-operator',
  'openshift-service-ca',
  'openshift-user-workload-monitoring',
];

export function createNamespaces(client: Client, profile: 'openshift' | 'kubernetes'): void {
  for (const name of [...KUBERNETES, ...(profile === 'openshift' ? OPENSHIFT : [])])
    client.create('namespaces', { metadata: { name, ...labels(name, profile) } });
}

/** The platform's own pods are not held to the restricted standard. */
function labels(name: string, profile: 'openshift' | 'kubernetes'): { labels?: Record<string, string> } {
  const standard = (level: string) => [`pod-security.kubernetes.io/${level}`, 'privileged'];
  if (name.startsWith('openshift-'))
    return { labels: { ...Object.fromEntries([standard('enforce')]), 'openshift.io/cluster-monitoring': 'true' } };
  if (name === 'default' && profile === 'openshift')
    return { labels: Object.fromEntries(['audit', 'enforce', 'warn'].map(standard)) };
  return {};
}
