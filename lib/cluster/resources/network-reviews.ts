// pathreviews and reachabilityreviews of podlab.dev: questions to the network, answered and never stored.
import type { ResourceDefinition } from './definition';
import type { TypeSource } from './schema/schema';

const TYPES: TypeSource = {
  PathReview: { apiVersion: 'string', kind: 'string', metadata: 'ObjectMeta', spec: 'PathReviewSpec!', status: 'any' },
  PathReviewSpec: { from: 'ReviewSource!', to: 'ReviewTarget!', port: 'int32', protocol: 'string' },
  ReviewSource: { namespace: 'string', pod: 'string', node: 'string', host: 'string' },
  ReviewTarget: { name: 'string', address: 'string', service: 'ReviewedObject', pod: 'ReviewedObject' },
  ReviewedObject: { namespace: 'string', name: 'string!' },
  ReachabilityReview: {
    apiVersion: 'string',
    kind: 'string',
    metadata: 'ObjectMeta',
    spec: 'ReachabilityReviewSpec!',
    status: 'any',
  },
  /** `from` and `to` are lists of pods (and services), or a selection by labels. */
  ReachabilityReviewSpec: { from: 'any', to: 'any', ports: '[]ReviewedPort' },
  ReviewedPort: { port: 'int32!', protocol: 'string' },
};

const question = (kind: string): ResourceDefinition => ({
  group: 'podlab.dev',
  versions: [{ name: 'v1' }],
  kind,
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  namespaced: false,
  verbs: ['create'],
  types: TYPES,
  columns: [],
  row: () => [],
});

export const networkReviewKinds: readonly ResourceDefinition[] = [
  question('PathReview'),
  question('ReachabilityReview'),
];
