// Whose address does the server see? The client's own, a node's, or another one.
import { z } from 'zod';
import { defineGrader, type Lens, type ProbeResult } from '../lib/grading/contract';
import { describe, name, placeOf, port, vantage } from './parameters';

const parameters = z.strictObject({
  from: vantage,
  to: z.union([
    z.strictObject({ host: name }),
    z.strictObject({ namespace: name, service: name }),
    z.strictObject({ node: name.describe('A node, or `any`.') }),
  ]),
  port: z.union([port, z.strictObject({ nodePortOf: name, namespace: name })]),
  sees: z
    .union([z.enum(['client', 'node']), z.string()])
    .describe('`client`: the own address of who asks; `node`: that of any node; or an address.'),
});
type Parameters = z.infer<typeof parameters>;

export const source = defineGrader<Parameters>({
  name: 'source',
  summary: 'The server sees the address of the client itself, or of a node, or a given one.',
  example: { from: 'shop', to: { namespace: 'shop', service: 'web' }, port: 8080, sees: 'client' },
  parameters,
  expects({ from, sees }, not) {
    const who = sees === 'client' ? 'the own address of the client' : sees === 'node' ? "a node's address" : sees;
    return `when ${describe(from)} connects, the server ${not ? 'does not see' : 'sees'} ${who}`;
  },
  async look(lens, given) {
    const target = await targetOf(lens, given);
    if (typeof target === 'string') return { holds: 0, observed: 'there is nothing to reach', why: target, moot: true };
    const probes = await Promise.all(
      target.hosts.map((host) => lens.connect(placeOf(given.from), { host, port: target.port })),
    );
    const probe = probes.find(({ verdict }) => verdict === 'delivered') ?? (probes[0] as ProbeResult);
    if (probe.verdict !== 'delivered')
      return { holds: 0, observed: `no connection: ${probe.verdict}`, why: probe.reason, moot: true };
    const who = await ownerOf(lens, probe);
    const right = given.sees === who || given.sees === probe.source;
    const observed = `the server sees ${probe.source}, ${OWNERS[who]}`;
    return {
      holds: right ? 1 : 0,
      observed,
      why:
        who === 'client'
          ? 'the address is not translated on the way'
          : `the address is translated on the way ${who === 'node' ? 'in' : 'out'}`,
    };
  },
});

async function targetOf(lens: Lens, { to, port }: Parameters): Promise<{ hosts: string[]; port: number } | string> {
  const number = typeof port === 'number' ? port : await nodePort(lens, port);
  if (typeof number === 'string') return number;
  if ('host' in to) return { hosts: [to.host], port: number };
  if ('node' in to) {
    const nodes = (await lens.list('/api/v1/nodes')).filter(
      ({ metadata }) => to.node === 'any' || metadata.name === to.node,
    );
    const hosts = nodes.flatMap(({ status }) =>
      ((status?.addresses ?? []) as { type: string; address: string }[])
        .filter(({ type }) => type === 'InternalIP')
        .map(({ address }) => address),
    );
    return hosts.length > 0 ? { hosts, port: number } : `there is no node ${to.node}`;
  }
  const service = await lens.get(`/api/v1/namespaces/${to.namespace}/services/${to.service}`);
  return service
    ? { hosts: [service['spec']?.clusterIP as string], port: number }
    : `there is no service ${to.service} in project ${to.namespace}`;
}

async function nodePort(
  lens: Lens,
  { nodePortOf, namespace }: { nodePortOf: string; namespace: string },
): Promise<number | string> {
  const service = await lens.get(`/api/v1/namespaces/${namespace}/services/${nodePortOf}`);
  if (!service) return `there is no service ${nodePortOf} in project ${namespace}`;
  return (service['spec']?.ports?.[0]?.nodePort as number | undefined) ?? `service ${nodePortOf} has no node port`;
}

const OWNERS = {
  node: "a node's address",
  client: 'the address of the client itself',
  other: "neither the client's address nor a node's",
};

async function ownerOf(lens: Lens, { source = '', own = [] }: ProbeResult): Promise<keyof typeof OWNERS> {
  if (own.includes(source)) return 'client';
  const nodes = await lens.list('/api/v1/nodes');
  const isNode = nodes.some(({ status }) =>
    ((status?.addresses ?? []) as { address: string }[]).some(({ address }) => address === source),
  );
  return isNode ? 'node' : 'other';
}
