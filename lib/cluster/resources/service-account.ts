// serviceaccounts
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { dnsSubdomain } from './validation/names';

export const serviceAccount: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  namespaced: true,
  subresources: ['token'],
  returnsDeleted: true,
  columns: columns('Name', 'Secrets', 'Age'),
  row: (object, now) => [object.metadata.name, object['secrets']?.length ?? 0, age(object, now)],
  nameRule: dnsSubdomain,
};
