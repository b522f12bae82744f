// imagestreamtags and imagestreamimports of image.openshift.io: answered out of image streams and registries, never stored.
import { columns } from '../columns';
import type { ResourceDefinition } from '../definition';
import { since } from '../duration';

export const imageStreamTag: ResourceDefinition = {
  group: 'image.openshift.io',
  versions: [{ name: 'v1' }],
  kind: 'ImageStreamTag',
  plural: 'imagestreamtags',
  singular: 'imagestreamtag',
  shortNames: ['istag'],
  namespaced: true,
  profile: 'openshift',
  verbs: ['create', 'delete', 'get', 'list', 'update'],
  types: {
    ImageStreamTag: {
      apiVersion: 'string',
      conditions: '[]any',
      generation: 'int64',
      image: 'any',
      kind: 'string',
      lookupPolicy: 'any',
      metadata: 'ObjectMeta',
      tag: 'any',
    },
  },
  columns: columns('Name', 'Image Reference', 'Updated'),
  row: (object, now) => [
    object.metadata.name,
    object['image']?.dockerImageReference ?? '',
    object.metadata.creationTimestamp ? `${since(object.metadata.creationTimestamp, now)} ago` : '',
  ],
};

export const imageStreamImport: ResourceDefinition = {
  group: 'image.openshift.io',
  versions: [{ name: 'v1' }],
  kind: 'ImageStreamImport',
  plural: 'imagestreamimports',
  singular: 'imagestreamimport',
  namespaced: true,
  profile: 'openshift',
  verbs: ['create'],
  types: {
    ImageStreamImport: { apiVersion: 'string', kind: 'string', metadata: 'ObjectMeta', spec: 'any', status: 'any' },
  },
  columns: [],
  row: () => [],
};
