// oauthaccesstokens of oauth.openshift.io: only so much that `oc logout` can end its own. DIFFERS: they are not listed.
import { columns } from '../columns';
import type { ResourceDefinition } from '../definition';

export const oauthAccessToken: ResourceDefinition = {
  group: 'oauth.openshift.io',
  versions: [{ name: 'v1' }],
  kind: 'OAuthAccessToken',
  plural: 'oauthaccesstokens',
  singular: 'oauthaccesstoken',
  namespaced: false,
  profile: 'openshift',
  verbs: ['delete'],
  types: { OAuthAccessToken: { apiVersion: 'string', kind: 'string', metadata: 'ObjectMeta' } },
  columns: columns('Name'),
  row: (object) => [object.metadata.name],
};
