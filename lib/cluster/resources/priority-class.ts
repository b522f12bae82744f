// priorityclasses.scheduling.k8s.io
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';

const HIGHEST_USER_PRIORITY = 1_000_000_000;

export const priorityClass: ResourceDefinition = {
  group: 'scheduling.k8s.io',
  versions: [{ name: 'v1' }],
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  namespaced: false,
  generation: true,
  columns: columns('Name', 'Value:integer', 'Global-Default:boolean', 'Age', 'PreemptionPolicy'),
  row: (object, now) => [
    object.metadata.name,
    object['value'] ?? 0,
    object['globalDefault'] ?? false,
    age(object, now),
    ...(object['preemptionPolicy'] ? [object['preemptionPolicy']] : []), // the real printer leaves the cell out
  ],
  default(object) {
    object['preemptionPolicy'] ??= 'PreemptLowerPriority';
    object['value'] ??= 0;
  },
  validate(object, errors) {
    if (object['value'] > HIGHEST_USER_PRIORITY && !object.metadata.name.startsWith('system-'))
      errors.forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`);
  },
  validateUpdate(object, old, errors) {
    if (object['value'] !== old['value']) errors.forbidden('value', 'may not be changed in an update.');
  },
};
