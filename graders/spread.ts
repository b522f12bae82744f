// Do connections to a service spread over its endpoints, or does a client stay on one?
import { z } from 'zod';
import { defineGrader } from '../lib/grading/contract';
import { count, describe, name, placeOf, port, vantage, whole } from './parameters';

const parameters = z.strictObject({
  from: vantage,
  host: name,
  port,
  connections: whole(2, 500).default(60),
  over: whole(1, 100).optional().describe('At least so many different endpoints.'),
  sticky: z.boolean().optional().describe('All connections reach the same endpoint.'),
});

const EVEN = 4; // an endpoint gets at least a quarter of its even share

export const spread = defineGrader<z.infer<typeof parameters>>({
  name: 'spread',
  summary: 'Connections to a service spread over several endpoints, none of which is left out; or stay on one.',
  example: { from: 'shop', host: 'web', port: 8080, over: 3 },
  parameters,
  expects: ({ from, host, connections, over, sticky }, not) =>
    `of ${connections} connections from ${describe(from)} to ${host}, ${not ? 'not ' : ''}${sticky ? 'all reach one endpoint' : `some reach each of ${over ?? 1} endpoints`}`,
  async look(lens, { from, host, port, connections, over = 1, sticky }) {
    const reached = new Map<string, number>();
    for (let i = 0; i < connections; i++) {
      const { verdict, reason, endpoint = '' } = await lens.connect(placeOf(from), { host, port });
      if (verdict !== 'delivered')
        return { holds: 0, observed: `connection ${i + 1}: ${verdict}`, why: reason, moot: true };
      reached.set(endpoint, (reached.get(endpoint) ?? 0) + 1);
    }
    const observed = `${count(reached.size, 'endpoint')}: ${[...reached].map(([endpoint, n]) => `${endpoint} ${n}`).join(', ')}`;
    if (sticky)
      return {
        holds: reached.size === 1 ? 1 : 0,
        observed,
        why: `the client is sent to ${count(reached.size, 'endpoint')}`,
      };
    const fair = [...reached.values()].filter((n) => n * EVEN >= connections / Math.max(over, reached.size)).length;
    return {
      holds: Math.min(1, fair / over),
      observed,
      why: `only ${count(fair, 'endpoint')} take${fair === 1 ? 's' : ''} part`,
    };
  },
});
