// namespaces, whose deletion first empties them: the finalizer `kubernetes` of the specification.
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { dnsLabel } from './validation/names';

export const namespace: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: ['finalize', 'status'],
  columns: columns('Name', 'Status', 'Age'),
  row: (object, now) => [object.metadata.name, object['status']?.phase ?? '', age(object, now)],
  nameRule: dnsLabel,
  selectable: ({ status }) => ({ 'status.phase': status?.phase ?? '' }),
  default(object) {
    if (object.metadata.name)
      object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
  },
  prepareCreate(object) {
    object['spec'] = { finalizers: [...new Set(['kubernetes', ...(object['spec']?.finalizers ?? [])])] };
    object['status'] = { phase: 'Active' };
  },
  prepareUpdate(object, old) {
    object['spec'] = old['spec'];
    object['status'] = old['status'];
  },
};
