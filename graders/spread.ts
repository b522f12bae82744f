// Do connections to a service spread over its endpoints, or does a client stay on one?
import { isIP } from 'node:net';
import { z } from 'zod';
import { defineGrader, type Lens } from '../lib/grading/contract';
import { readyAddresses } from './backends';
import { count, describe, name, placeOf, port, vantage, whole } from './parameters';

const parameters = z.strictObject({
  from: vantage,
  host: name,
  port,
  connections: whole(2, 500).default(60),
  over: whole(1, 100).optional().describe('At least so many different endpoints.'),
  sticky: z.boolean().optional().describe('All connections reach the same endpoint.'),
});
type Parameters = z.infer<typeof parameters>;

const EVEN = 4; // an endpoint gets at least a quarter of its even share

export const spread = defineGrader<Parameters>({
  name: 'spread',
  summary: 'Connections to a service spread over several endpoints, none of which is left out; or stay on one.',
  example: { from: 'shop', host: 'web', port: 8080, over: 3 },
  parameters,
  expects: ({ from, host, connections, over, sticky }, not) =>
    `of ${connections} connections from ${describe(from)} to ${host}, ${not ? 'not ' : ''}${sticky ? 'all reach one endpoint' : `some reach each of ${over ?? 1} endpoints`}`,
  async look(lens, given) {
    const { from, host, port, connections, over = 1, sticky } = given;
    const reached = new Map<string, number>();
    for (let i = 0; i < connections; i++) {
      const { verdict, reason, endpoint = '' } = await lens.connect(placeOf(from), { host, port });
      if (verdict !== 'delivered')
        return { holds: 0, observed: `connection ${i + 1}: ${verdict}`, why: reason, moot: true };
      reached.set(endpoint, (reached.get(endpoint) ?? 0) + 1);
    }
    const observed = `${count(reached.size, 'endpoint')}: ${[...reached].map(([endpoint, n]) => `${endpoint} ${n}`).join(', ')}`;
    if (sticky) {
      // where there is but one, every client stays on it
      const choice = reached.size === 1 ? await choiceOf(lens, given) : reached.size;
      return {
        holds: reached.size === 1 && choice > 1 ? 1 : 0,
        observed,
        why: choice > 1 ? `the client is sent to ${count(reached.size, 'endpoint')}` : 'there is no other endpoint',
      };
    }
    const fair = [...reached.values()].filter((n) => n * EVEN >= connections / Math.max(over, reached.size)).length;
    return {
      holds: Math.min(1, fair / over),
      observed,
      why: `only ${count(fair, 'endpoint')} take${fair === 1 ? 's' : ''} part`,
    };
  },
});

/** How many ready endpoints stand behind the address and port that are asked for. */
async function choiceOf(lens: Lens, { from, host, port }: Parameters): Promise<number> {
  const addresses = isIP(host) ? [host] : (await lens.resolve(placeOf(from), host)).addresses;
  const services = (await lens.list('/api/v1/services')).filter(({ spec, status }) => {
    const own = [
      ...((spec?.clusterIPs ?? []) as string[]),
      ...((spec?.externalIPs ?? []) as string[]),
      ...((status?.loadBalancer?.ingress ?? []) as { ip?: string }[]).map(({ ip }) => ip),
    ];
    const isNodePort = ((spec?.ports ?? []) as { nodePort?: number }[]).some(({ nodePort }) => nodePort === port);
    return isNodePort || own.some((address) => address && addresses.includes(address));
  });
  const published = await Promise.all(
    services.map(({ metadata }) => readyAddresses(lens, metadata.namespace ?? '', metadata.name)),
  );
  return Math.max(0, ...published.map((list) => list.length));
}
