// Is a service reached from outside through a Route or an Ingress?
import { z } from 'zod';
import { defineGrader, type KubeObject, type Lens } from '../lib/grading/contract';
import { findObjects } from './objects';
import { brief, name, whole } from './parameters';
import { request } from './request';

const parameters = z.strictObject({
  namespace: name,
  kind: z.enum(['Route', 'Ingress']).default('Route'),
  name: name.optional().describe('Any that leads to the service if not given.'),
  service: name,
  host: z.string().optional().describe('The host name that it must have.'),
  path: z.string().default('/'),
  tls: z.enum(['none', 'edge', 'passthrough', 'reencrypt']).optional(),
  status: whole(100, 599).default(200),
  contains: z.string().optional().describe('Text of the body.'),
});
type Parameters = z.infer<typeof parameters>;

export const route = defineGrader<Parameters>({
  name: 'route',
  summary: 'A service is reached from the workstation, outside the cluster, through a route or ingress.',
  example: { namespace: 'shop', service: 'web', tls: 'edge', contains: 'Hello' },
  parameters,
  expects: ({ namespace, kind, service, host, status, contains }, not) =>
    `from outside, ${host ?? `a ${kind.toLowerCase()} to service ${service} of ${namespace}`} ${not ? 'does not answer' : 'answers'} with ${status}${contains ? ` and “${brief(contains)}”` : ''}`,
  async look(lens, given) {
    const found = await leading(lens, given);
    if (typeof found === 'string') return { holds: 0, observed: found, why: found };
    const { host, tls } = found;
    if (given.host && host !== given.host)
      return { holds: 0, observed: `its host is ${host}`, why: `its host is ${host}` };
    if (given.tls && tls !== given.tls)
      return {
        holds: 0,
        observed: `TLS: ${tls}`,
        why: `the connection is ${tls === 'none' ? 'not encrypted' : `encrypted by ${tls}`}`,
      };
    const answer = await request(lens, 'workstation', {
      url: `${tls === 'none' ? 'http' : 'https'}://${host}${given.path}`,
    });
    if (typeof answer === 'string') return { holds: 0, observed: `${host}: ${answer}`, why: answer };
    const right =
      answer.status === given.status && (given.contains === undefined || answer.body.includes(given.contains));
    const why =
      answer.status === 503 ? await whyUnavailable(lens, given) : `${host} answers with status ${answer.status}`;
    const observed = `${host}: status ${answer.status}, “${brief(answer.body)}”`;
    const other = right ? await whyNotItself(lens, given, found) : undefined;
    return { holds: right && other === undefined ? 1 : 0, observed, why: other ?? why };
  },
});

interface Leading {
  object: KubeObject;
  host: string;
  tls: string;
}

/** Why the right answer is not this service's: somebody else has the host name, or gets the requests. */
async function whyNotItself(
  lens: Lens,
  given: Parameters,
  { object, host, tls }: Leading,
): Promise<string | undefined> {
  const { namespace, service } = given;
  const all = await lens.list('/apis/route.openshift.io/v1/routes');
  const age = (one: KubeObject) => Date.parse(String(one.metadata['creationTimestamp']));
  const first = all.find(
    (one) =>
      one['spec']?.host === host &&
      (one['spec'].path ?? '/') === (object['spec'].path ?? '/') &&
      one.metadata.namespace !== namespace &&
      age(one) < age(object),
  );
  if (first && object.kind === 'Route')
    return `the host name ${host} belongs to route ${first.metadata.name} of ${first.metadata.namespace}, which is older`;
  const backends = [object['spec']?.to, ...(object['spec']?.alternateBackends ?? [])] as (Backend | undefined)[];
  const own = backends.find((one) => one?.name === service);
  if (own?.weight === 0) return `service ${service} gets none of the requests: its weight is 0`;
  const others = backends.filter((one) => one && one.name !== service && one.weight !== 0).map((one) => one?.name);
  if (others.length === 0) return undefined;
  const ports = ((await lens.get(`/api/v1/namespaces/${namespace}/services/${service}`))?.['spec']?.ports ??
    []) as Port[];
  const meant = object['spec']?.port?.targetPort as Port['targetPort'];
  const { port } = ports.find((one) => one.name === meant || one.targetPort === meant) ?? ports[0] ?? {};
  const scheme = tls === 'passthrough' || tls === 'reencrypt' ? 'https' : 'http';
  const url = `${scheme}://${service}.${namespace}.svc:${port}${given.path}`;
  const answer = await request(lens, { namespace }, { url });
  const right =
    typeof answer !== 'string' &&
    answer.status === given.status &&
    (given.contains === undefined || answer.body.includes(given.contains));
  return right ? undefined : `the answer came from ${others.join(', ')}; service ${service} gives another`;
}

interface Port {
  name?: string;
  port?: number;
  targetPort?: number | string;
}

interface Backend {
  name: string;
  weight?: number;
}

async function leading(lens: Lens, { namespace, kind, name, service }: Parameters): Promise<Leading | string> {
  const apiVersion = kind === 'Route' ? 'route.openshift.io/v1' : 'networking.k8s.io/v1';
  const objects = await findObjects(lens, { apiVersion, kind, namespace, name });
  if (typeof objects === 'string') return objects;
  const own = objects.find((object) => servicesOf(object).includes(service));
  if (!own) {
    const led = [...new Set(objects.flatMap(servicesOf))].join(', ');
    return `no ${kind.toLowerCase()} in ${namespace} leads to service ${service}${led ? `; there is one to ${led}` : ''}`;
  }
  const host = (kind === 'Route' ? own['spec']?.host : own['spec']?.rules?.[0]?.host) as string | undefined;
  if (!host) return `${kind.toLowerCase()} ${own.metadata.name} has no host name`;
  const tls = kind === 'Route' ? (own['spec']?.tls?.termination ?? 'none') : own['spec']?.tls ? 'edge' : 'none';
  return { object: own, host, tls };
}

function servicesOf({ kind, spec }: KubeObject): string[] {
  if (kind === 'Route')
    return [spec?.to, ...(spec?.alternateBackends ?? [])].flatMap((to: { name: string } | undefined) =>
      to ? [to.name] : [],
    );
  const rules = (spec?.rules ?? []) as { http?: { paths: { backend: { service?: { name: string } } }[] } }[];
  const paths = rules.flatMap(({ http }) => http?.paths ?? []).map(({ backend }) => backend.service?.name);
  return [...paths, spec?.defaultBackend?.service?.name].filter((each): each is string => each !== undefined);
}

async function whyUnavailable(lens: Lens, { namespace, service }: Parameters): Promise<string> {
  const found = await lens.get(`/api/v1/namespaces/${namespace}/services/${service}`);
  if (!found) return `there is no service ${service} in project ${namespace}`;
  const port = found['spec']?.ports?.[0]?.port as number;
  const probe = await lens.connect({ namespace }, { host: `${service}.${namespace}.svc`, port });
  return probe.verdict === 'delivered'
    ? `the router finds no endpoint of service ${service} on the port that is meant`
    : probe.reason;
}
