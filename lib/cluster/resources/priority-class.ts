// priorityclasses.scheduling.k8s.io
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { oneOf } from './validation/values';

const SYSTEM = new Set(['system-cluster-critical', 'system-node-critical']);
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
    const { name } = object.metadata;
    const system = name?.startsWith('system-');
    if (system && !SYSTEM.has(name))
      errors.forbidden(
        'metadata.name',
        `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
      );
    if (!system && object['value'] > HIGHEST_USER_PRIORITY)
      errors.forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`);
    oneOf(object['preemptionPolicy'], ['PreemptLowerPriority', 'Never'], 'preemptionPolicy', errors);
  },
  validateUpdate(object, old, errors) {
    if (object['value'] !== old['value']) errors.invalid('value', object['value'], 'field is immutable');
    if (object['preemptionPolicy'] !== old['preemptionPolicy'])
      errors.invalid('preemptionPolicy', object['preemptionPolicy'], 'field is immutable');
  },
};
