// leases.coordination.k8s.io
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';

export const lease: ResourceDefinition = {
  group: 'coordination.k8s.io',
  versions: [{ name: 'v1' }],
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  namespaced: true,
  columns: columns('Name', 'Holder', 'Age'),
  row: (object, now) => [object.metadata.name, object['spec']?.holderIdentity ?? '', age(object, now)],
};
