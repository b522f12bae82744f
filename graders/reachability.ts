// Does one connection come about? The negative form: is it kept from coming about, although something is there to reach?
import { z } from 'zod';
import {
  defineGrader,
  type Finding,
  type KubeObject,
  type Lens,
  type ProbeResult,
  type Vantage,
} from '../lib/grading/contract';
import { readyAddresses, runningPods, selectedPods, whySilent } from './backends';
import { count, describe, isNowhere, labelsOf, name, placeOf, port, text, vantage } from './parameters';

const parameters = z.strictObject({
  from: vantage,
  to: z.union([
    z.strictObject({ host: name }).describe('A name or an address.'),
    z
      .strictObject({
        namespace: name,
        selector: labelsOf,
        network: name.optional().describe('Their address on a network that Multus attached, as `NAMESPACE/NAME`.'),
      })
      .describe('The address of each running pod it selects.'),
    z.strictObject({ namespace: name, service: name }).describe('The cluster address of a service.'),
    z
      .strictObject({ namespace: name, behind: name })
      .describe('The address of each running pod that a service selects.'),
    z.strictObject({ node: name.describe('A node, or `any`: one of them is enough.') }),
  ]),
  port: z
    .union([port, z.strictObject({ nodePortOf: name, namespace: name })])
    .describe('Or the node port of a service.'),
  protocol: z.enum(['TCP', 'UDP']).default('TCP'),
});
type Parameters = z.infer<typeof parameters>;

export const reachability = defineGrader<Parameters>({
  name: 'reachability',
  summary: 'A connection from one place to another is delivered. With `not`: it is not, though the target is there.',
  example: { from: 'shop-test', to: { namespace: 'shop', service: 'db' }, port: 3306 },
  parameters,
  expects: ({ from, to, port }, not) =>
    `${describe(from)} ${not ? 'does not reach' : 'reaches'} ${target(to)} on ${typeof port === 'number' ? `port ${port}` : `the node port of ${port.nodePortOf}`}`,
  async look(lens, given) {
    const port = await portOf(lens, given.port);
    if (typeof port === 'string') return { holds: 0, observed: 'there is no port to reach', why: port, moot: true };
    const aims = await aimsAt(lens, given.to);
    if (typeof aims === 'string') return { holds: 0, observed: 'there is nothing to reach', why: aims, moot: true };
    const found = await tryEach(lens, placeOf(given.from), aims, port, given);
    if (found.holds > 0 || found.moot) return found;
    // kept out by not being there is not kept out
    const silent = await whyAllSilent(lens, aims, { port, protocol: given.protocol });
    return silent ? { ...found, why: found.why || silent, because: silent, moot: true } : found;
  },
});

/** An address that is tried, and who should answer there, as far as that is known. */
interface Aim {
  host: string;
  servers?: { pod: KubeObject; host: string; port?: number | undefined }[];
}

async function whyAllSilent(
  lens: Lens,
  aims: readonly Aim[],
  given: { port: number; protocol: 'TCP' | 'UDP' },
): Promise<string | undefined> {
  let reason: string | undefined;
  for (const { servers } of aims) {
    if (!servers) return undefined;
    if (servers.length === 0) reason ??= 'no pod is there that could answer';
    for (const { pod, host, port = given.port } of servers) {
      const silent = await whySilent(lens, pod, { host, port, protocol: given.protocol });
      if (!silent) return undefined;
      reason ??= silent;
    }
  }
  return reason;
}

async function tryEach(lens: Lens, from: Vantage, aims: Aim[], port: number, given: Parameters): Promise<Finding> {
  const hosts = aims.map(({ host }) => host);
  const probes: ProbeResult[] = [];
  for (const host of hosts) probes.push(await lens.connect(from, { host, port, protocol: given.protocol }));
  const good = probes.filter(({ verdict }) => verdict === 'delivered').length;
  const seen = hosts.map((host, i) => `${host}:${port} ${probes[i]?.verdict}`);
  const failed = probes.find(({ verdict }) => verdict !== 'delivered');
  const reached = hosts[probes.findIndex(({ verdict }) => verdict === 'delivered')];
  const policy = probes.find(({ verdict, policy }) => verdict === 'delivered' && policy)?.policy;
  const isEnough = 'node' in given.to && good > 0;
  return {
    holds: isEnough ? 1 : good / hosts.length,
    observed: seen.join(', '),
    why: failed?.reason ?? '',
    because: `${policy ? `${policy} lets it through` : 'nothing stands'} between ${describe(given.from)} and ${reached}:${port}`,
    // nobody is there from whom to look
    moot: probes.some(({ reason }) => isNowhere(reason)),
  };
}

function target(to: Parameters['to']): string {
  if ('host' in to) return to.host;
  if ('node' in to) return to.node === 'any' ? 'a node' : `node ${to.node}`;
  if ('service' in to) return `service ${to.service} of ${to.namespace}`;
  if ('behind' in to) return `the pods behind service ${to.behind} of ${to.namespace}`;
  return `the pods ${text(to.selector)} in ${to.namespace}`;
}

async function portOf(lens: Lens, port: Parameters['port']): Promise<number | string> {
  if (typeof port === 'number') return port;
  const service = await lens.get(`/api/v1/namespaces/${port.namespace}/services/${port.nodePortOf}`);
  const found = service?.['spec']?.ports?.[0]?.nodePort as number | undefined;
  if (found) return found;
  return service
    ? `service ${port.nodePortOf} has no node port`
    : `there is no service ${port.nodePortOf} in project ${port.namespace}`;
}

async function aimsAt(lens: Lens, to: Parameters['to']): Promise<Aim[] | string> {
  if ('host' in to) return [{ host: to.host }];
  if ('node' in to) return nodes(lens, to.node);
  if ('service' in to) return serviceAim(lens, to);
  const selector = 'behind' in to ? await selectorOf(lens, to.namespace, to.behind) : to.selector;
  if (typeof selector === 'string') return selector;
  const running = await runningPods(lens, to.namespace, selector);
  const network = 'network' in to ? to.network : undefined;
  const aims: Aim[] = [];
  for (const pod of running) {
    const host = network ? await attached(lens, pod, network) : (pod['status']?.podIP as string);
    if (host) aims.push({ host, servers: [{ pod, host }] });
  }
  if (aims.length > 0) return aims;
  if (running.length > 0) return `no pod ${text(selector)} is attached to ${network}`;
  const pods = await lens.list(`/api/v1/namespaces/${to.namespace}/pods`, selector);
  return `${count(pods.length, 'pod')} in ${to.namespace} with ${text(selector)}, and none of them runs`;
}

/** Of a service without a selector nobody can say who should answer. */
async function serviceAim(
  lens: Lens,
  { namespace, service: name }: { namespace: string; service: string },
): Promise<Aim[] | string> {
  const service = await lens.get(`/api/v1/namespaces/${namespace}/services/${name}`);
  if (!service) return `there is no service ${name} in project ${namespace}`;
  const host = service['spec']?.clusterIP as string | undefined;
  if (!host || host === 'None') return `service ${name} has no address of its own`;
  if (!service['spec']?.selector) return [{ host }];
  const pods = await selectedPods(lens, namespace, service);
  const servers = (await readyAddresses(lens, namespace, name)).flatMap(({ ip, ports }) => {
    const pod = pods.find(({ status }) => status?.podIP === ip);
    return pod ? [{ pod, host: ip, port: ports[0] }] : [];
  });
  return [{ host, servers }];
}

/** The address that a pod has on a network of Multus: its annotation says which, and one of its interfaces bears it. */
async function attached(lens: Lens, { metadata }: KubeObject, network: string): Promise<string | undefined> {
  const status = metadata.annotations?.['k8s.v1.cni.cncf.io/network-status'] ?? '[]';
  const links = JSON.parse(status) as { name: string; ips?: string[] }[];
  const address = links.find(({ name }) => name === network)?.ips?.[0];
  const from = { namespace: metadata.namespace ?? '', pod: metadata.name };
  const { stdout } = await lens.exec(from, ['ip', '-o', 'address']);
  const borne = stdout.split('\n').filter((line) => !/^\d+: (lo|eth0)\b/.test(line));
  return borne.some((line) => line.includes(` ${address}/`)) ? address : undefined;
}

async function selectorOf(lens: Lens, namespace: string, service: string): Promise<Record<string, string> | string> {
  const found = await lens.get(`/api/v1/namespaces/${namespace}/services/${service}`);
  if (!found) return `there is no service ${service} in project ${namespace}`;
  return (found['spec']?.selector as Record<string, string> | undefined) ?? `service ${service} has no selector`;
}

async function nodes(lens: Lens, wanted: string): Promise<Aim[] | string> {
  const all = await lens.list('/api/v1/nodes');
  const found = all.filter((node) => wanted === 'any' || node.metadata.name === wanted);
  const addresses = found.flatMap((node) => (node['status']?.addresses ?? []) as { type: string; address: string }[]);
  const internal = addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => ({ host: address }));
  return internal.length > 0 ? internal : `there is no node ${wanted}`;
}
