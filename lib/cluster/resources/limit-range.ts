// limitranges
import { columns } from './columns';
import type { ResourceDefinition } from './definition';
import { validateLimits } from './quota/rules';

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
  validate: validateLimits,
};
