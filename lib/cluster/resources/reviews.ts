// The questions one may ask the server about access: created, answered, never stored.
import type { ResourceDefinition } from './definition';
import { legacyVersion } from './definition';

const question = (group: string, kind: string, namespaced = false): ResourceDefinition => ({
  group,
  versions: [
    { name: 'v1' },
    ...(kind === 'SelfSubjectReview' ? [] : [legacyVersion(group, 'v1beta1', kind, '1.19', '1.22')]),
  ],
  kind,
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  namespaced,
  verbs: ['create'],
  columns: [],
  row: () => [],
});

export const reviews: readonly ResourceDefinition[] = [
  question('authentication.k8s.io', 'SelfSubjectReview'),
  question('authentication.k8s.io', 'TokenReview'),
  question('authorization.k8s.io', 'LocalSubjectAccessReview', true),
  question('authorization.k8s.io', 'SelfSubjectAccessReview'),
  question('authorization.k8s.io', 'SelfSubjectRulesReview'),
  question('authorization.k8s.io', 'SubjectAccessReview'),
];
