// resourcequotas
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { canonicalQuantity } from './quantity';
import { validateQuota, validateQuotaUpdate } from './quota/rules';
import { keepStatus } from './workload';

type Amounts = Record<string, string>;

export const resourceQuota: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  namespaced: true,
  subresources: ['status'],
  returnsDeleted: true,
  columns: columns('Name', 'Request', 'Limit', 'Age'),
  row: (object, now) => {
    const { hard = {}, used = {} }: { hard?: Amounts; used?: Amounts } = object['status'] ?? {};
    const names = Object.keys(hard).sort();
    const cell = (limits: boolean) =>
      names
        .filter((name) => name.startsWith('limits.') === limits)
        .map((name) => `${name}: ${canonicalQuantity(used[name] ?? '0')}/${canonicalQuantity(hard[name] as string)}`)
        .join(', ');
    return [object.metadata.name, cell(false), cell(true), age(object, now)];
  },
  default(object) {
    object['spec'] ??= {};
  },
  prepareCreate(object) {
    object['status'] = {};
  },
  prepareUpdate: keepStatus,
  validate: validateQuota,
  validateUpdate: validateQuotaUpdate,
};
