// An APIService object for each group version that is served.

import type { Client } from '../api/client';
import { groupsOf } from '../api/groups';
import type { Registry } from '../resources/registry';

const PRIORITY_STEP = 200; // what the real server keeps between groups
const FIRST = 18_000;

export function createApiServices(client: Client, registry: Registry): void {
  for (const [i, { name: group, versions }] of groupsOf(registry).entries())
    for (const [j, { name: version }] of versions.entries())
      client.create('apiservices.apiregistration.k8s.io', {
        metadata: { name: `${version}.${group}`, labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
        spec: {
          ...(group && { group }),
          version,
          groupPriorityMinimum: FIRST - i * PRIORITY_STEP,
          versionPriority: versions.length - j,
        },
      });
}
