// endpointslices.discovery.k8s.io
import { age, columns } from './columns';
import type { Cell, ResourceDefinition } from './definition';
import type { FieldErrors } from './validation/field-errors';
import { parseIP, specialIP } from './validation/ip';
import { dnsLabel, dnsSubdomain } from './validation/names';
import { oneOf, partsOf } from './validation/values';

const SHOWN = 3;

const listed = (values: string[]): string => {
  if (values.length === 0) return '<unset>';
  const more = values.length > SHOWN ? ` + ${values.length - SHOWN} more...` : '';
  return values.slice(0, SHOWN).join(',') + more;
};

/** What an address of each type is called when it is none. */
const ADDRESS = new Map<string, (text: string) => string | undefined>([
  ['FQDN', (text) => dnsSubdomain(text.replace(/\.$/, ''))[0]],
  ['IPv4', (text) => (parseIP(text) && !text.includes(':') ? specialIP(text) : 'must be a valid IPv4 address')],
  ['IPv6', (text) => (parseIP(text) && text.includes(':') ? specialIP(text) : 'must be a valid IPv6 address')],
]);

const MAX_ADDRESSES = 100;

function validateAddresses(addresses: string[], type: string, at: string, errors: FieldErrors): void {
  if (addresses.length === 0) errors.required(at, 'must contain at least 1 address');
  if (addresses.length > MAX_ADDRESSES) errors.tooMany(at, addresses.length, MAX_ADDRESSES);
  for (const [i, address] of addresses.entries()) {
    const problem = ADDRESS.get(type)?.(address);
    if (problem) errors.invalid(`${at}[${i}]`, address, problem);
  }
}

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
    const { addressType } = object;
    if (!addressType) errors.required('addressType');
    else oneOf(addressType, [...ADDRESS.keys()], 'addressType', errors);
    for (const [i, { addresses = [] }] of partsOf(object['endpoints']).entries())
      validateAddresses(addresses, addressType, `endpoints[${i}].addresses`, errors);
    const names = new Set<string>();
    for (const [i, { name = '', protocol }] of partsOf(object['ports']).entries()) {
      if (name) for (const problem of dnsLabel(name)) errors.invalid(`ports[${i}].name`, name, problem);
      if (names.has(name)) errors.duplicate(`ports[${i}].name`, name);
      names.add(name);
      oneOf(protocol, ['SCTP', 'TCP', 'UDP'], `ports[${i}].protocol`, errors);
    }
  },
  validateUpdate(object, old, errors) {
    if (object['addressType'] !== old['addressType'])
      errors.invalid('addressType', object['addressType'], 'field is immutable');
  },
};
