// Does a network policy have the effect it should: some are let in, others are kept out, and by a policy, not by a fault?
import { z } from 'zod';
import { defineGrader, type Lens } from '../lib/grading/contract';
import { runningPods, whySilent } from './backends';
import { describe, type From, isNowhere, labelsOf, name, placeOf, port, text, vantage } from './parameters';

const parameters = z.strictObject({
  to: z.strictObject({ namespace: name, selector: labelsOf }).describe('The pods that are protected.'),
  port,
  admits: z.array(vantage).default([]).describe('Places that reach the port.'),
  refuses: z.array(vantage).default([]).describe('Places that a policy keeps out.'),
});
type Parameters = z.infer<typeof parameters>;

export const policy = defineGrader<Parameters>({
  name: 'policy',
  summary:
    'Network policies let some in and keep others out. A pod that is not there or does not listen keeps nobody out.',
  example: {
    to: { namespace: 'shop', selector: { app: 'db' } },
    port: 3306,
    admits: [{ namespace: 'shop', labels: { role: 'front' } }],
    refuses: ['other'],
  },
  parameters,
  expects({ to, port, admits, refuses }, not) {
    const list = (places: From[]) => places.map(describe).join(' and ') || 'nobody';
    return `${text(to.selector)} in ${to.namespace} ${not ? 'does not so: it ' : ''}admits ${list(admits)} on port ${port}${refuses.length > 0 ? ` and refuses ${list(refuses)}` : ''}`;
  },
  async look(lens, given) {
    const pods = await runningPods(lens, given.to.namespace, given.to.selector);
    const hosts = pods.map(({ status }) => status?.podIP as string);
    const moot = (observed: string, why: string) => ({ holds: 0, observed, why, moot: true });
    if (hosts.length === 0)
      return moot('there is no such pod', `no pod ${text(given.to.selector)} runs in ${given.to.namespace}`);
    for (const pod of pods) {
      const silent = await whySilent(lens, pod, { host: pod['status']?.podIP as string, port: given.port });
      if (silent) return moot('there is nothing to protect', `everybody is kept out by something else: ${silent}`);
    }
    const open = await Promise.all(given.admits.map((place) => tryAll(lens, place, hosts, given.port, true)));
    const shut = await Promise.all(given.refuses.map((place) => tryAll(lens, place, hosts, given.port, false)));
    const wrong = [...open, ...shut].filter(({ ok }) => !ok);
    const part = (list: Tried[]) => (list.length === 0 ? 1 : list.filter(({ ok }) => ok).length / list.length);
    const observed = [...open, ...shut].map(({ seen }) => seen).join(', ');
    return {
      holds: Math.max(0, part(open) + part(shut) - 1),
      observed,
      why: wrong[0]?.why ?? '',
      moot: wrong.some(({ moot }) => moot),
    };
  },
});

interface Tried {
  ok: boolean;
  seen: string;
  why: string;
  moot: boolean;
}

/** The first pod at which it is not as it should be: to protect one of several is not enough. */
async function tryAll(lens: Lens, place: From, hosts: string[], port: number, admitted: boolean): Promise<Tried> {
  const tried: Tried[] = [];
  for (const host of hosts) tried.push(await tryIt(lens, place, host, port, admitted));
  return tried.find(({ ok }) => !ok) ?? (tried[0] as Tried);
}

async function tryIt(lens: Lens, place: From, host: string, port: number, admitted: boolean): Promise<Tried> {
  const { verdict, reason, policy } = await lens.connect(placeOf(place), { host, port });
  const who = describe(place);
  const moot = isNowhere(reason);
  const seen = `${who} ${verdict === 'delivered' ? 'gets in' : 'does not get in'}`;
  if (admitted) return { ok: verdict === 'delivered', seen, why: `${who}: ${reason}`, moot };
  // dropped, and by a policy; a refused connection or a missing route is none's work
  const ok = verdict === 'dropped' && policy !== undefined;
  const why =
    verdict === 'delivered'
      ? `${who} gets in: ${policy ? `${policy} lets it through` : 'no policy keeps it out'}`
      : `${who} is kept out by something else: ${reason}`;
  return { ok, seen, why, moot };
}
