// endpoints: where a service's connections go, in the form that `oc get endpoints` prints.
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { parseIP } from './validation/ip';
import { portNumber } from './validation/names';

const SHOWN = 3; // formatEndpoints of the real printer

interface Subset {
  addresses?: { ip: string }[];
  notReadyAddresses?: { ip: string }[];
  ports?: { name?: string; port: number }[];
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
    for (const [i, subset] of ((object['subsets'] ?? []) as Subset[]).entries()) {
      const { addresses: ready = [], notReadyAddresses = [], ports = [] } = subset;
      if (ready.length + notReadyAddresses.length === 0)
        errors.required(`subsets[${i}]`, 'must specify `addresses` or `notReadyAddresses`');
      for (const [j, { ip }] of ready.entries())
        if (!parseIP(ip))
          errors.invalid(
            `subsets[${i}].addresses[${j}].ip`,
            ip,
            'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
          );
      for (const [j, { name, port }] of ports.entries()) {
        if (ports.length > 1 && !name) errors.required(`subsets[${i}].ports[${j}].name`);
        for (const problem of portNumber(port)) errors.invalid(`subsets[${i}].ports[${j}].port`, port, problem);
      }
    }
  },
};
