// Is a service reached from outside through a Route or an Ingress?
import { z } from 'zod';
import { defineGrader, type KubeObject, type Lens } from '../lib/grading/contract';
import { readyAddresses, selectedPods, whyNotServing } from './backends';
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
  image: z
    .string()
    .optional()
    .describe('Part of the name of the image whose program serves behind the service: an impostor does not pass.'),
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
    if (typeof found === 'string')
      return { holds: 0, observed: found, why: found, moot: found.startsWith('there is no project') };
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

/** Why the right answer is not this service's: another route gets the requests, or another service. */
async function whyNotItself(
  lens: Lens,
  given: Parameters,
  { object, host, tls }: Leading,
): Promise<string | undefined> {
  const { namespace, service } = given;
  const holder = await holderOf(lens, object, host, given.path);
  if (holder) return `${host}${given.path} belongs to route ${holder.metadata.name} of ${holder.metadata.namespace}`;
  const impostor = given.image ? await whyImpostor(lens, given, given.image) : undefined;
  if (impostor) return impostor;
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

/** Another route that the router serves a host and path by: the oldest one's project has the host, the longest path goes first. */
async function holderOf(lens: Lens, object: KubeObject, host: string, path: string): Promise<KubeObject | undefined> {
  const routes = (await lens.list('/apis/route.openshift.io/v1/routes')).filter(({ spec }) => spec?.host === host);
  const isOwn = ({ metadata }: KubeObject) =>
    metadata.uid === object.metadata.uid ||
    ((metadata['ownerReferences'] ?? []) as { uid: string }[]).some(({ uid }) => uid === object.metadata.uid);
  const age = ({ metadata }: KubeObject) => Date.parse(String(metadata['creationTimestamp']));
  const pathOf = ({ spec }: KubeObject) => (spec?.path as string | undefined) ?? '';
  // of one second's routes it is the admitted one that came first
  const late = (route: KubeObject) => (isAdmitted(route) ? 0 : 1);
  const byAge = routes.sort((a, b) => age(a) - age(b) || late(a) - late(b) || Number(isOwn(b)) - Number(isOwn(a)));
  const [first] = byAge
    .filter((route) => route.metadata.namespace === byAge[0]?.metadata.namespace && path.startsWith(pathOf(route)))
    .sort((a, b) => pathOf(b).length - pathOf(a).length);
  return first && !isOwn(first) ? first : undefined;
}

const isAdmitted = ({ status }: KubeObject): boolean =>
  ((status?.ingress ?? []) as { conditions?: { type: string; status: string }[] }[]).some(({ conditions }) =>
    conditions?.some(({ type, status }) => type === 'Admitted' && status === 'True'),
  );

async function whyImpostor(lens: Lens, { namespace, service }: Parameters, image: string): Promise<string | undefined> {
  const found = await lens.get(`/api/v1/namespaces/${namespace}/services/${service}`);
  const pods = found ? await selectedPods(lens, namespace, found) : [];
  for (const { ip, ports } of await readyAddresses(lens, namespace, service)) {
    const pod = pods.find(({ status }) => status?.podIP === ip);
    if (!pod) return `endpoint ${ip} is not a pod that service ${service} selects`;
    for (const port of ports) {
      const fault = await whyNotServing(lens, pod, port, image);
      if (fault) return fault;
    }
  }
  return undefined;
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
  if (objects.length === 0 && !(await lens.get(`/api/v1/namespaces/${namespace}`)))
    return `there is no project ${namespace}`;
  const own = objects.find((object) => servicesOf(object).includes(service));
  if (!own) {
    const led = [...new Set(objects.flatMap(servicesOf))].join(', ');
    return `no ${kind.toLowerCase()} in ${namespace} leads to service ${service}${led ? `; there is one to ${led}` : ''}`;
  }
  const host = (kind === 'Route' ? own['spec']?.host : ruleOf(own, service)?.host) as string | undefined;
  if (!host) return `${kind.toLowerCase()} ${own.metadata.name} has no host name`;
  return { object: own, host, tls: terminationOf(own) };
}

function terminationOf({ kind, spec, metadata }: KubeObject): string {
  if (kind === 'Route') return spec?.tls?.termination ?? 'none';
  return spec?.tls ? (metadata.annotations?.['route.openshift.io/termination'] ?? 'edge') : 'none';
}

interface Rule {
  host?: string;
  http?: { paths: { backend: { service?: { name: string } } }[] };
}

const rulesOf = ({ spec }: KubeObject): Rule[] => (spec?.rules ?? []) as Rule[];

/** The rule that leads to a service; the first for a default backend. */
function ruleOf(ingress: KubeObject, service: string): Rule | undefined {
  const rules = rulesOf(ingress);
  return rules.find(({ http }) => http?.paths.some(({ backend }) => backend.service?.name === service)) ?? rules[0];
}

function servicesOf(object: KubeObject): string[] {
  const { kind, spec } = object;
  if (kind === 'Route')
    return [spec?.to, ...(spec?.alternateBackends ?? [])].flatMap((to: { name: string } | undefined) =>
      to ? [to.name] : [],
    );
  const paths = rulesOf(object).flatMap(({ http }) => http?.paths ?? []);
  const named = paths.map(({ backend }) => backend.service?.name);
  return [...named, spec?.defaultBackend?.service?.name].filter((each): each is string => each !== undefined);
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
