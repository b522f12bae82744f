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
    const hosts = await hostsOf(lens, given.to);
    if (typeof hosts === 'string') return { holds: 0, observed: 'there is nothing to reach', why: hosts, moot: true };
    return tryEach(lens, placeOf(given.from), hosts, port, given);
  },
});

async function tryEach(lens: Lens, from: Vantage, hosts: string[], port: number, given: Parameters): Promise<Finding> {
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

async function hostsOf(lens: Lens, to: Parameters['to']): Promise<string[] | string> {
  if ('host' in to) return [to.host];
  if ('node' in to) return nodes(lens, to.node);
  if ('service' in to) {
    const service = await lens.get(`/api/v1/namespaces/${to.namespace}/services/${to.service}`);
    const address = service?.['spec']?.clusterIP as string | undefined;
    if (!service) return `there is no service ${to.service} in project ${to.namespace}`;
    return address && address !== 'None' ? [address] : `service ${to.service} has no address of its own`;
  }
  const selector = 'behind' in to ? await selectorOf(lens, to.namespace, to.behind) : to.selector;
  if (typeof selector === 'string') return selector;
  const pods = await lens.list(`/api/v1/namespaces/${to.namespace}/pods`, selector);
  const running = pods.filter(
    (pod) => pod['status']?.phase === 'Running' && pod['status']?.podIP && !pod.metadata['deletionTimestamp'],
  );
  const network = 'network' in to ? to.network : undefined;
  const addresses = running.flatMap(
    (pod) => (network ? attached(pod, network) : (pod['status']?.podIP as string)) ?? [],
  );
  if (addresses.length > 0) return addresses;
  if (running.length > 0) return `no pod ${text(selector)} is attached to ${network}`;
  return `${count(pods.length, 'pod')} in ${to.namespace} with ${text(selector)}, and none of them runs`;
}

/** The address that a pod has on a network of Multus, as its annotation says. */
function attached({ metadata }: KubeObject, network: string): string | undefined {
  const status = metadata.annotations?.['k8s.v1.cni.cncf.io/network-status'] ?? '[]';
  const links = JSON.parse(status) as { name: string; ips?: string[] }[];
  return links.find(({ name }) => name === network)?.ips?.[0];
}

async function selectorOf(lens: Lens, namespace: string, service: string): Promise<Record<string, string> | string> {
  const found = await lens.get(`/api/v1/namespaces/${namespace}/services/${service}`);
  if (!found) return `there is no service ${service} in project ${namespace}`;
  return (found['spec']?.selector as Record<string, string> | undefined) ?? `service ${service} has no selector`;
}

async function nodes(lens: Lens, wanted: string): Promise<string[] | string> {
  const all = await lens.list('/api/v1/nodes');
  const found = all.filter((node) => wanted === 'any' || node.metadata.name === wanted);
  const addresses = found.flatMap((node) => (node['status']?.addresses ?? []) as { type: string; address: string }[]);
  const internal = addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => address);
  return internal.length > 0 ? internal : `there is no node ${wanted}`;
}
