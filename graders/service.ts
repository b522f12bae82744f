// Is a service made as it should be: its type, ports, address, affinity and policy?
import { z } from 'zod';
import { defineGrader, type KubeObject } from '../lib/grading/contract';
import { findObjects, title } from './objects';
import { labelsOf, name, port } from './parameters';

const parameters = z.strictObject({
  namespace: name,
  name,
  type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']).optional(),
  headless: z.boolean().optional().describe('Without an address of its own.'),
  port: port.optional().describe('A port that it offers.'),
  targetPort: z.union([port, name]).optional(),
  nodePort: port.optional(),
  selector: labelsOf.optional().describe('Labels that its selector holds.'),
  sessionAffinity: z.enum(['None', 'ClientIP']).optional(),
  externalTrafficPolicy: z.enum(['Cluster', 'Local']).optional(),
  clusterIP: z.string().optional(),
  externalName: z.string().optional(),
});
type Parameters = z.infer<typeof parameters>;

export const service = defineGrader<Parameters>({
  name: 'service',
  summary:
    'A service has the type, ports and address that it should have. Whether it leads anywhere is told by `endpoints` and `reachability`.',
  example: { namespace: 'shop', name: 'db', headless: true, port: 3306 },
  parameters,
  expects: ({ namespace, name, ...wanted }, not) => {
    const told = Object.entries(wanted).flatMap(([key, value]) => (value === undefined ? [] : toldOf(key, value)));
    return `service ${name} in ${namespace} ${not ? 'is not as follows' : told.length > 0 ? 'has' : 'is there'}${told.length > 0 ? `: ${told.join(', ')}` : ''}`;
  },
  async look(lens, given) {
    const reference = { apiVersion: 'v1', kind: 'Service', namespace: given.namespace, name: given.name };
    const found = await findObjects(lens, reference);
    if (typeof found === 'string') return { holds: 0, observed: found, why: found, moot: true };
    const parts = judge(found[0] as KubeObject, given);
    const wrong = parts.filter(({ ok }) => !ok);
    const observed =
      parts.map(({ what, found }) => (what ? `${what} ${found}` : found)).join(', ') || `${title(reference)} is there`;
    const why = wrong.map(({ what, found }) => (what ? `its ${what} is ${found}` : `it has ${found}`)).join(', ');
    return { holds: parts.length === 0 ? 1 : 1 - wrong.length / parts.length, observed, why };
  },
});

const ADDRESS = { true: 'no address of its own', false: 'an address of its own' };
const addressOf = (headless: boolean): string => ADDRESS[`${headless}`];

function toldOf(key: string, value: unknown): string {
  if (key === 'headless') return addressOf(value as boolean);
  return `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`;
}

interface Part {
  what: string;
  ok: boolean;
  found: string;
}

/** Its name is its value. */
function addressPart(headless: boolean, clusterIP: unknown): Part {
  const isHeadless = clusterIP === 'None';
  const found = isHeadless || !clusterIP ? addressOf(true) : `the address ${clusterIP}`;
  return { what: '', ok: headless === isHeadless, found };
}

function judge({ spec }: KubeObject, wanted: Parameters): Part[] {
  const ports = (spec?.ports ?? []) as { port: number; targetPort?: number | string; nodePort?: number }[];
  const offered = wanted.port === undefined ? ports[0] : ports.find((each) => each.port === wanted.port);
  const selector = (spec?.selector ?? {}) as Record<string, string>;
  const part = (what: string, value: unknown, found: unknown): Part[] =>
    value === undefined ? [] : [{ what, ok: String(value) === String(found), found: String(found ?? 'not set') }];
  return [
    ...part('type', wanted.type, spec?.type),
    ...(wanted.headless === undefined ? [] : [addressPart(wanted.headless, spec?.clusterIP)]),
    ...part('port', wanted.port, offered?.port ?? ports.map((each) => each.port).join(', ')),
    ...part('target port', wanted.targetPort, offered?.targetPort),
    ...part('node port', wanted.nodePort, offered?.nodePort),
    ...part('session affinity', wanted.sessionAffinity, spec?.sessionAffinity),
    ...part('external traffic policy', wanted.externalTrafficPolicy, spec?.externalTrafficPolicy),
    ...part('cluster address', wanted.clusterIP, spec?.clusterIP),
    ...part('external name', wanted.externalName, spec?.externalName),
    ...Object.entries(wanted.selector ?? {}).flatMap(([key, value]) => part(`selector ${key}`, value, selector[key])),
  ];
}
