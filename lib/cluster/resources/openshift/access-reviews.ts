// localresourceaccessreviews and resourceaccessreviews.authorization.openshift.io: who may do something; never stored.
import type { ResourceDefinition } from '../definition';

const question = (kind: string, namespaced: boolean): ResourceDefinition => ({
  group: 'authorization.openshift.io',
  versions: [{ name: 'v1' }],
  kind,
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  namespaced,
  profile: 'openshift',
  verbs: ['create'],
  types: {
    [kind]: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'ObjectMeta',
      content: 'any',
      isNonResourceURL: 'boolean',
      namespace: 'string',
      path: 'string',
      resource: 'string',
      resourceAPIGroup: 'string',
      resourceAPIVersion: 'string',
      resourceName: 'string',
      verb: 'string',
    },
  },
  columns: [],
  row: () => [],
});

export const accessReviews: readonly ResourceDefinition[] = [
  question('LocalResourceAccessReview', true),
  question('ResourceAccessReview', false),
];
