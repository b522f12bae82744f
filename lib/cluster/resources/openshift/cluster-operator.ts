// clusteroperators.config.openshift.io
import type { KubeObject } from '../../store/types';
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

const find = ({ status }: KubeObject, type: string): Condition | undefined =>
  (status?.conditions ?? []).find((c: Condition) => c.type === type);

export const clusterOperator: ResourceDefinition = {
  group: 'config.openshift.io',
  versions: [{ name: 'v1' }],
  kind: 'ClusterOperator',
  plural: 'clusteroperators',
  singular: 'clusteroperator',
  shortNames: ['co'],
  namespaced: false,
  profile: 'openshift',
  types: untyped('ClusterOperator'),
  subresources: ['status'],
  generation: true,
  columns: columns('Name', 'Version', 'Available', 'Progressing', 'Degraded', 'Since', 'Message'),
  row: (object, now) => [
    object.metadata.name,
    (object['status']?.versions ?? []).find(({ name }: { name: string }) => name === 'operator')?.version ?? '',
    find(object, 'Available')?.status ?? '',
    find(object, 'Progressing')?.status ?? '',
    find(object, 'Degraded')?.status ?? '',
    find(object, 'Available')?.lastTransitionTime ? since(find(object, 'Available')?.lastTransitionTime, now) : '',
    [find(object, 'Degraded'), find(object, 'Available')].find(
      (c) => c?.message && (c.type === 'Degraded' ? c.status === 'True' : c.status === 'False'),
    )?.message ?? '',
  ],
};
