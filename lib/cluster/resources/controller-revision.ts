// controllerrevisions.apps: the history of daemon and stateful sets.
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';

const owner = (reference: { apiVersion: string; kind: string; name: string } | undefined): string => {
  if (!reference) return '<none>';
  const group = reference.apiVersion.includes('/') ? `.${reference.apiVersion.split('/')[0]}` : '';
  return `${reference.kind.toLowerCase()}${group}/${reference.name}`;
};

export const controllerRevision: ResourceDefinition = {
  group: 'apps',
  versions: [{ name: 'v1' }],
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  namespaced: true,
  columns: columns('Name', 'Controller', 'Revision', 'Age'),
  row: (object, now) => [
    object.metadata.name,
    owner(object.metadata.ownerReferences?.find((each) => each.controller)),
    object['revision'] ?? 0,
    age(object, now),
  ],
  validate(object, errors) {
    if ((object['revision'] ?? 0) < 0)
      errors.invalid('revision', object['revision'], 'must be greater than or equal to 0');
  },
};
