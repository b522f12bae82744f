// Does a name resolve, from some place, to a service or to given values?
import { z } from 'zod';
import { defineGrader, type Finding, type Lens } from '../lib/grading/contract';
import { readyAddresses, selectedPods } from './backends';
import { describe, isNowhere, name, placeOf, vantage } from './parameters';

const parameters = z
  .strictObject({
    from: vantage,
    name: name.describe('Short names are completed as the place that asks would.'),
    type: z.enum(['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT']).default('A'),
    service: z
      .strictObject({ namespace: name, name })
      .optional()
      .describe('Expects the address of this service; of a headless one, the addresses of its ready pods.'),
    answers: z
      .array(z.string())
      .optional()
      .describe('Expects exactly these, in any order, as `dig +short` prints them.'),
  })
  .refine(({ service, answers }) => !(service && answers), 'either `service` or `answers`');
type Parameters = z.infer<typeof parameters>;

export const dns = defineGrader<Parameters>({
  name: 'dns',
  summary: 'A name resolves, from a place, to a service or to given values. Without either: to anything.',
  example: { from: 'shop', name: 'db.shop.svc.cluster.local', service: { namespace: 'shop', name: 'db' } },
  parameters,
  expects({ from, name, type, service, answers }, not) {
    const what = type === 'A' ? name : `${name} (${type})`;
    const to = service
      ? ` to service ${service.name} of ${service.namespace}`
      : answers
        ? ` to ${answers.join(', ')}`
        : '';
    return `${what}, asked from ${describe(from)}, ${not ? 'does not resolve' : 'resolves'}${to}`;
  },
  async look(lens, given) {
    const answer = await ask(lens, given);
    const observed =
      answer.values.length > 0 ? `resolves to ${answer.values.join(', ')}` : `does not resolve: ${answer.error}`;
    if (answer.moot) return { holds: 0, observed, why: answer.error, moot: true };
    if (given.service) return compareService(lens, given.service, answer, observed);
    if (!given.answers) return { holds: answer.values.length > 0 ? 1 : 0, observed, why: answer.error };
    const holds = agreement(given.answers, answer.values);
    return { holds, observed, why: answer.error || 'the answer holds other values than expected' };
  },
});

interface Asked {
  values: string[];
  error: string;
  moot?: boolean;
}

async function ask(lens: Lens, { from, name, type }: Parameters): Promise<Asked> {
  const place = placeOf(from);
  if (type === 'A') {
    const { addresses, error = 'there is no such name' } = await lens.resolve(place, name);
    return { values: addresses, error, moot: isNowhere(error) };
  }
  const { stdout, stderr, code } = await lens.exec(place, ['dig', '+short', '+search', name, type]);
  const values = stdout.split('\n').filter((line) => line && !line.startsWith(';'));
  const error = code === 0 ? `there is no ${type} record of that name` : stderr || 'no server answers';
  return { values, error, moot: isNowhere(error) };
}

async function compareService(
  lens: Lens,
  { namespace, name }: { namespace: string; name: string },
  { values, error }: Asked,
  observed: string,
): Promise<Finding> {
  const service = await lens.get(`/api/v1/namespaces/${namespace}/services/${name}`);
  if (!service)
    return {
      holds: 0,
      observed,
      why: `there is no service ${name} in project ${namespace}, so its name has no address`,
    };
  const clusterIP = service['spec']?.clusterIP as string | undefined;
  const isHeadless = !clusterIP || clusterIP === 'None';
  const wanted = isHeadless ? (await readyAddresses(lens, namespace, name)).map(({ ip }) => ip) : [clusterIP];
  if (wanted.length === 0) return { holds: 0, observed, why: `service ${name} is headless and has no ready pod` };
  const pods = isHeadless ? await selectedPods(lens, namespace, service) : [];
  const stranger = isHeadless && wanted.find((ip) => !pods.some(({ status }) => status?.podIP === ip));
  if (stranger) return { holds: 0, observed, why: `${stranger} is not a pod that service ${name} selects` };
  return {
    holds: agreement(wanted, values),
    observed,
    why: values.length > 0 ? `service ${name} stands for ${wanted.join(', ')}` : error,
  };
}

/** The part of what is wanted that was answered; what was answered beside it counts against it. */
function agreement(wanted: readonly string[], answered: readonly string[]): number {
  const [due, given] = [new Set(wanted), new Set(answered)];
  const right = [...due].filter((value) => given.has(value));
  return right.length / Math.max(due.size, given.size, 1);
}
