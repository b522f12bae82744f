// The priority classes that a new cluster has.
import type { Client } from '../api/client';

const USED_FOR = {
  'system-cluster-critical':
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  'system-node-critical': 'Used for system critical pods that must not be moved from their current node.',
  'openshift-user-critical': 'This priority class should be used for user facing OpenShift workload pods only.',
};

const VALUES: readonly [name: keyof typeof USED_FOR, value: number][] = [
  ['system-cluster-critical', 2_000_000_000],
  ['system-node-critical', 2_000_001_000],
];

export function createPriorityClasses(client: Client, profile: 'openshift' | 'kubernetes'): void {
  const own = profile === 'openshift' ? [['openshift-user-critical', 1_000_000_000] as const] : [];
  for (const [name, value] of [...VALUES, ...own])
    client.create('priorityclasses.scheduling.k8s.io', { metadata: { name }, value, description: USED_FOR[name] });
}
