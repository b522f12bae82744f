// runtimeclasses.node.k8s.io
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { dnsLabel } from './validation/names';

export const runtimeClass: ResourceDefinition = {
  group: 'node.k8s.io',
  versions: [{ name: 'v1' }],
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  singular: 'runtimeclass',
  namespaced: false,
  columns: columns('Name', 'Handler', 'Age'),
  row: (object, now) => [object.metadata.name, object['handler'] ?? '', age(object, now)],
  validate(object, errors) {
    if (!object['handler']) errors.required('handler');
    else for (const problem of dnsLabel(object['handler'])) errors.invalid('handler', object['handler'], problem);
  },
  validateUpdate(object, old, errors) {
    if (object['handler'] !== old['handler']) errors.invalid('handler', object['handler'], 'field is immutable');
  },
};
