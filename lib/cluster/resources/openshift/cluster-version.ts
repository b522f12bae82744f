// clusterversions.config.openshift.io
import { columns } from '../columns';
import type { ResourceDefinition } from '../definition';
import { since } from '../duration';
import { untyped } from '../untyped';

interface Condition {
  type: string;
  status: string;
  lastTransitionTime?: string;
  message?: string;
}

export const clusterVersion: ResourceDefinition = {
  group: 'config.openshift.io',
  versions: [{ name: 'v1' }],
  kind: 'ClusterVersion',
  plural: 'clusterversions',
  singular: 'clusterversion',
  namespaced: false,
  profile: 'openshift',
  types: untyped('ClusterVersion'),
  subresources: ['status'],
  generation: true,
  columns: columns('Name', 'Version', 'Available', 'Progressing', 'Since', 'Status'),
  row: (object, now) => {
    const conditions: Condition[] = object['status']?.conditions ?? [];
    const find = (type: string) => conditions.find((c) => c.type === type);
    const progressing = find('Progressing');
    return [
      object.metadata.name,
      (object['status']?.history ?? []).find(({ state }: { state: string }) => state === 'Completed')?.version ?? '',
      find('Available')?.status ?? '',
      progressing?.status ?? '',
      progressing?.lastTransitionTime ? since(progressing.lastTransitionTime, now) : '',
      progressing?.message ?? '',
    ];
  },
};
