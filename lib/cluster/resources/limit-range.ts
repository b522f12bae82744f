// limitranges
import { columns } from './columns';
import type { ResourceDefinition } from './definition';
import { quantityValue } from './quantity';

export const limitRange: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'LimitRange',
  plural: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  namespaced: true,
  columns: columns('Name', 'Created At'),
  // The real server has no printer for this kind: the default table shows the name and the time of creation.
  row: (object) => [object.metadata.name, object.metadata.creationTimestamp],
  default(object) {
    for (const limit of object['spec']?.limits ?? []) {
      if (limit.type !== 'Container') continue;
      for (const [name, value] of Object.entries(limit.max ?? {})) (limit.default ??= {})[name] ??= value;
      for (const [name, value] of Object.entries(limit.default ?? {})) (limit.defaultRequest ??= {})[name] ??= value;
      for (const [name, value] of Object.entries(limit.min ?? {})) (limit.defaultRequest ??= {})[name] ??= value;
    }
  },
  validate(object, errors) {
    for (const [i, { min = {}, max = {} }] of (
      (object['spec']?.limits ?? []) as Record<string, Record<string, string>>[]
    ).entries())
      for (const [name, value] of Object.entries(min))
        if (max[name] !== undefined && quantityValue(value) > quantityValue(max[name]))
          errors.invalid(
            `spec.limits[${i}].min[${name}]`,
            value,
            `min value ${value} is greater than max value ${max[name]}`,
          );
  },
};
