// bindings: how a scheduler of old put a pod on a node. Asked, never stored; `pods/NAME/binding` is the same.
import type { ResourceDefinition } from './definition';

export const binding: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'Binding',
  plural: 'bindings',
  singular: 'binding',
  namespaced: true,
  verbs: ['create'],
  columns: [],
  row: () => [],
};
