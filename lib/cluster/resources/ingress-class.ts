// ingressclasses.networking.k8s.io
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { dnsSubdomain } from './validation/names';

const MAX_CONTROLLER = 250;

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
  validate(object, errors) {
    const controller: string = object['spec']?.controller ?? '';
    if (!controller) errors.required('spec.controller');
    else if (controller.length > MAX_CONTROLLER) errors.tooLong('spec.controller', MAX_CONTROLLER);
    else if (!controller.includes('/'))
      errors.invalid('spec.controller', controller, 'must be a domain-prefixed path (such as "acme.io/foo")');
    else
      for (const problem of dnsSubdomain(controller.split('/')[0] as string))
        errors.invalid('spec.controller', controller.split('/')[0], problem);
  },
  validateUpdate(object, old, errors) {
    if (object['spec']?.controller !== old['spec']?.controller)
      errors.invalid('spec.controller', object['spec']?.controller ?? '', 'field is immutable');
  },
};
