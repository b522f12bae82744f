// ingressclasses.networking.k8s.io
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';

export const ingressClass: ResourceDefinition = {
  group: 'networking.k8s.io',
  versions: [{ name: 'v1' }],
  kind: 'IngressClass',
  plural: 'ingressclasses',
  singular: 'ingressclass',
  namespaced: false,
  generation: true,
  columns: columns('Name', 'Controller', 'Parameters', 'Age'),
  row: (object, now) => {
    const p = object['spec']?.parameters;
    const parameters = p ? `${p.kind}${p.apiGroup ? `.${p.apiGroup}` : ''}/${p.name}` : '<none>';
    return [object.metadata.name, object['spec']?.controller ?? '', parameters, age(object, now)];
  },
  validateUpdate(object, old, errors) {
    if (object['spec']?.controller !== old['spec']?.controller)
      errors.invalid('spec.controller', object['spec']?.controller ?? '', 'field is immutable');
  },
};
