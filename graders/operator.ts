// What does a cluster operator report, and does it really run?
import { z } from 'zod';
import { defineGrader, type KubeObject, type Lens } from '../lib/grading/contract';
import { isReady, whyNotReady } from './objects';
import { name, regexp } from './parameters';

const CONDITIONS = ['available', 'progressing', 'degraded', 'upgradeable'] as const;
const flag = z.boolean().optional();

const parameters = z.strictObject({
  name: name.describe('Of the cluster operator: `network`, `dns`.'),
  available: flag,
  progressing: flag,
  degraded: flag,
  upgradeable: flag,
  message: regexp.optional().describe('A regular expression for the message of one of its conditions.'),
});

const RECHECK_MS = 60_000; // an operator corrects what somebody wrote into its status

export const operator = defineGrader<z.infer<typeof parameters>>({
  name: 'operator',
  summary: 'A cluster operator is available, progressing or degraded, a minute from now, and its pods run.',
  example: { name: 'network', available: true, degraded: false },
  parameters,
  expects: ({ name, message, ...flags }, not) =>
    `cluster operator ${name} is ${not ? 'otherwise than ' : ''}${Object.entries(flags)
      .flatMap(([key, value]) => (value === undefined ? [] : `${value ? '' : 'not '}${key}`))
      .join(', ')}${message ? ` with a message that matches ${message}` : ''}`,
  async look(lens, given) {
    await lens.advance(RECHECK_MS);
    const found = await lens.get(`/apis/config.openshift.io/v1/clusteroperators/${given.name}`);
    if (!found)
      return {
        holds: 0,
        observed: 'there is no such operator',
        why: `there is no cluster operator ${given.name}`,
        moot: true,
      };
    const conditions = (found['status']?.conditions ?? []) as { type: string; status: string; message?: string }[];
    const of = (flag: string) => conditions.find(({ type }) => type.toLowerCase() === flag);
    const asked = CONDITIONS.filter((flag) => given[flag] !== undefined);
    const wrong = asked.filter((flag) => (of(flag)?.status === 'True') !== given[flag]);
    const said =
      !given.message || conditions.some(({ message = '' }) => new RegExp(given.message as string).test(message));
    const observed = CONDITIONS.map((flag) => `${flag} ${of(flag)?.status ?? 'unknown'}`).join(', ');
    const down = await whyDown(lens, `openshift-${given.name}-operator`);
    if (down) return { holds: 0, observed, why: down };
    const parts = asked.length + (given.message ? 1 : 0);
    const faults = wrong.length + (said ? 0 : 1);
    const why =
      wrong.map((flag) => `${flag}: ${of(flag)?.message || of(flag)?.status}`).join(', ') ||
      'no condition has such a message';
    return { holds: parts === 0 ? 1 : 1 - faults / parts, observed, why };
  },
});

/** Why nobody reports truly: a pod of the operator does not run, or it was scaled away. */
async function whyDown(lens: Lens, namespace: string): Promise<string | undefined> {
  const pods = await lens.list(`/api/v1/namespaces/${namespace}/pods`);
  const down = pods.find((pod: KubeObject) => !isReady(pod));
  if (down) return whyNotReady(down);
  if (pods.length > 0) return undefined;
  const deployments = await lens.list(`/apis/apps/v1/namespaces/${namespace}/deployments`);
  return deployments.length > 0 ? `no pod of the operator runs in ${namespace}` : undefined;
}
