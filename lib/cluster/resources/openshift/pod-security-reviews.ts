// podsecuritypolicysubjectreviews and podsecuritypolicyselfsubjectreviews.security.openshift.io: which security context
// constraint a pod would get; never stored.
import type { ResourceDefinition } from '../definition';

const question = (kind: string, asked: Record<string, string>): ResourceDefinition => ({
  group: 'security.openshift.io',
  versions: [{ name: 'v1' }],
  kind,
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  namespaced: true,
  profile: 'openshift',
  verbs: ['create'],
  types: {
    [kind]: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'ObjectMeta',
      spec: `${kind}Spec!`,
      status: 'any',
    },
    [`${kind}Spec`]: { template: 'PodTemplateSpec!', ...asked },
  },
  columns: [],
  row: () => [],
});

export const podSecurityReviews: readonly ResourceDefinition[] = [
  question('PodSecurityPolicySelfSubjectReview', {}),
  question('PodSecurityPolicySubjectReview', { user: 'string', groups: '[]string' }),
];
