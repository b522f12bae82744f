// endpointslices.discovery.k8s.io
import { age, columns } from './columns';
import type { Cell, ResourceDefinition } from './definition';
import { oneOf } from './pod-spec/validate';
import { parseIP } from './validation/ip';

const SHOWN = 3;

const listed = (values: string[]): string => {
  if (values.length === 0) return '<unset>';
  const more = values.length > SHOWN ? ` + ${values.length - SHOWN} more...` : '';
  return values.slice(0, SHOWN).join(',') + more;
};

export const endpointSlice: ResourceDefinition = {
  group: 'discovery.k8s.io',
  versions: [{ name: 'v1' }],
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  namespaced: true,
  generation: true,
  columns: columns('Name', 'AddressType', 'Ports', 'Endpoints', 'Age'),
  row(object, now): Cell[] {
    const ports: { port?: number; name?: string }[] = object['ports'] ?? [];
    const ends: { addresses?: string[] }[] = object['endpoints'] ?? [];
    return [
      object.metadata.name,
      object['addressType'] ?? '',
      listed(ports.map(({ port, name }) => (port !== undefined ? String(port) : name || '*'))),
      listed(ends.flatMap(({ addresses = [] }) => addresses)),
      age(object, now),
    ];
  },
  default(object) {
    object['endpoints'] ??= [];
    for (const port of object['ports'] ?? []) {
      port.name ??= '';
      port.protocol ??= 'TCP';
    }
  },
  validate(object, errors) {
    const type = object['addressType'];
    if (!type) errors.required('addressType');
    else oneOf(type, ['FQDN', 'IPv4', 'IPv6'], 'addressType', errors);
    for (const [i, { addresses = [] }] of ((object['endpoints'] ?? []) as { addresses?: string[] }[]).entries()) {
      if (addresses.length === 0) errors.required(`endpoints[${i}].addresses`, 'must contain at least 1 address');
      if (type === 'FQDN') continue;
      for (const [j, ip] of addresses.entries())
        if (!parseIP(ip))
          errors.invalid(
            `endpoints[${i}].addresses[${j}]`,
            ip,
            'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
          );
    }
  },
  validateUpdate(object, old, errors) {
    if (object['addressType'] !== old['addressType'])
      errors.invalid('addressType', object['addressType'], 'field is immutable');
  },
};
