// users and groups of user.openshift.io
import { columns } from '../columns';
import type { ResourceDefinition } from '../definition';
import { pathSegment } from '../validation/names';

const shared = {
  group: 'user.openshift.io',
  versions: [{ name: 'v1' }],
  namespaced: false,
  profile: 'openshift' as const,
  nameRule: pathSegment,
};

export const user: ResourceDefinition = {
  ...shared,
  kind: 'User',
  plural: 'users',
  singular: 'user',
  types: {
    User: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'ObjectMeta',
      fullName: 'string',
      identities: '[]string',
      groups: '[]string',
    },
  },
  columns: columns('Name', 'UID', 'Full Name', 'Identities'),
  row: (object) => [
    object.metadata.name,
    object.metadata.uid,
    object['fullName'] ?? '',
    (object['identities'] ?? []).join(', '),
  ],
};

export const group: ResourceDefinition = {
  ...shared,
  kind: 'Group',
  plural: 'groups',
  singular: 'group',
  types: { Group: { apiVersion: 'string', kind: 'string', metadata: 'ObjectMeta', users: '[]string' } },
  columns: columns('Name', 'Users'),
  row: (object) => [object.metadata.name, (object['users'] ?? []).join(', ')],
  default(object) {
    object['users'] ??= [];
  },
};
