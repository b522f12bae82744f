// endpoints: where a service's connections go, in the form that `oc get endpoints` prints.
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import type { FieldErrors } from './validation/field-errors';
import { BAD_IP, parseIP, specialIP } from './validation/ip';
import { dnsLabel, portNumber } from './validation/names';
import { oneOf } from './validation/values';

const SHOWN = 3; // formatEndpoints of the real printer

interface Address {
  ip: string;
  hostname?: string;
}

interface Subset {
  addresses?: Address[];
  notReadyAddresses?: Address[];
  ports?: { name?: string; port: number; protocol?: string }[];
}

/** IPv6 in brackets, as net.JoinHostPort. */
const joined = (ip: string, port: number) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

/** `10.8.0.5:3306,10.9.0.7:3306 + 2 more...`, or `<none>`. */
function addresses(object: KubeObject): string {
  const subsets: Subset[] = object['subsets'] ?? [];
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => joined(ip, port))),
  );
  if (all.length === 0) return '<none>';
  const more = all.length > SHOWN ? ` + ${all.length - SHOWN} more...` : '';
  return all.slice(0, SHOWN).join(',') + more;
}

function validateAddress({ ip, hostname }: Address, at: string, errors: FieldErrors): void {
  if (!parseIP(ip)) errors.invalid(`${at}.ip`, ip ?? '', BAD_IP);
  if (hostname) for (const problem of dnsLabel(hostname)) errors.invalid(`${at}.hostname`, hostname, problem);
  const special = parseIP(ip) && specialIP(ip);
  if (special) errors.invalid(`${at}.ip`, ip, special);
}

function validateSubset(subset: Subset, at: string, errors: FieldErrors): void {
  const { addresses: ready = [], notReadyAddresses = [], ports = [] } = subset;
  if (ready.length + notReadyAddresses.length === 0)
    errors.required(at, 'must specify `addresses` or `notReadyAddresses`');
  for (const [i, each] of ready.entries()) validateAddress(each, `${at}.addresses[${i}]`, errors);
  for (const [i, each] of notReadyAddresses.entries()) validateAddress(each, `${at}.notReadyAddresses[${i}]`, errors);
  for (const [i, { name, port = 0, protocol }] of ports.entries()) {
    const field = `${at}.ports[${i}]`;
    if (ports.length > 1 && !name) errors.required(`${field}.name`);
    else if (name) for (const problem of dnsLabel(name)) errors.invalid(`${field}.name`, name, problem);
    for (const problem of portNumber(port)) errors.invalid(`${field}.port`, port, problem);
    oneOf(protocol, ['SCTP', 'TCP', 'UDP'], `${field}.protocol`, errors);
  }
}

export const endpoints: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  columns: columns('Name', 'Endpoints', 'Age'),
  row: (object, now) => [object.metadata.name, addresses(object), age(object, now)],
  default(object) {
    for (const subset of object['subsets'] ?? []) for (const port of subset.ports ?? []) port.protocol ??= 'TCP';
  },
  validate(object, errors) {
    for (const [i, subset] of ((object['subsets'] ?? []) as Subset[]).entries())
      validateSubset(subset, `subsets[${i}]`, errors);
  },
};
