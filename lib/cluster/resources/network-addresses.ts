// servicecidrs and ipaddresses of networking.k8s.io. DIFFERS: 1.31 serves them as v1beta1 behind a gate; here they are v1.
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { parseCIDR, parseIP } from './validation/ip';

const shared = { group: 'networking.k8s.io', versions: [{ name: 'v1' }], namespaced: false };

export const ipAddress: ResourceDefinition = {
  ...shared,
  kind: 'IPAddress',
  plural: 'ipaddresses',
  singular: 'ipaddress',
  shortNames: ['ip'],
  columns: columns('Name', 'ParentRef'),
  row: (object) => {
    const { group = '', resource = '', namespace = '', name = '' } = object['spec']?.parentRef ?? {};
    return [object.metadata.name, [resource + (group ? `.${group}` : ''), namespace, name].filter(Boolean).join('/')];
  },
  validate(object, errors) {
    if (!parseIP(object.metadata.name ?? ''))
      errors.invalid(
        'metadata.name',
        object.metadata.name,
        'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      );
    if (!object['spec']?.parentRef) errors.required('spec.parentRef');
  },
};

export const serviceCidr: ResourceDefinition = {
  ...shared,
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  singular: 'servicecidr',
  subresources: ['status'],
  columns: columns('Name', 'CIDRs', 'Age'),
  row: (object, now) => [object.metadata.name, (object['spec']?.cidrs ?? []).join(','), age(object, now)],
  validate(object, errors) {
    const cidrs: string[] = object['spec']?.cidrs ?? [];
    if (cidrs.length === 0) errors.required('spec.cidrs', 'at least one CIDR required');
    for (const [i, cidr] of cidrs.entries())
      if (!parseCIDR(cidr))
        errors.invalid(`spec.cidrs[${i}]`, cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
  },
  validateUpdate(object, old, errors) {
    if (JSON.stringify(object['spec']?.cidrs) !== JSON.stringify(old['spec']?.cidrs))
      errors.invalid('spec.cidrs', JSON.stringify(object['spec']?.cidrs), 'field is immutable');
  },
};
