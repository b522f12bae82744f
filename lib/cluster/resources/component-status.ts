// componentstatuses: what is left of the health checks of old.
import { columns } from './columns';
import type { ResourceDefinition } from './definition';

interface Condition {
  type: string;
  status: string;
  message?: string;
  error?: string;
}

export const componentStatus: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1', deprecated: 'v1 ComponentStatus is deprecated in v1.19+' }],
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  singular: 'componentstatus',
  shortNames: ['cs'],
  namespaced: false,
  verbs: ['get', 'list'],
  columns: columns('Name', 'Status', 'Message', 'Error'),
  row: (object) => {
    const healthy: Condition | undefined = (object['conditions'] ?? []).find(
      ({ type }: Condition) => type === 'Healthy',
    );
    const status = healthy ? (healthy.status === 'True' ? 'Healthy' : 'Unhealthy') : 'Unknown';
    return [object.metadata.name, status, healthy?.message ?? '', healthy?.error ?? ''];
  },
};
