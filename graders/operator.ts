// What does a cluster operator report, and does it really run?
import { z } from 'zod';
import { defineGrader, type KubeObject } from '../lib/grading/contract';
import { isReady, whyNotReady } from './objects';
import { name } from './parameters';

const CONDITIONS = ['available', 'progressing', 'degraded', 'upgradeable'] as const;
const flag = z.boolean().optional();

const parameters = z.strictObject({
  name: name.describe('Of the cluster operator: `network`, `dns`.'),
  available: flag,
  progressing: flag,
  degraded: flag,
  upgradeable: flag,
  message: z.string().optional().describe('A regular expression for the message of one of its conditions.'),
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
    const pods = await lens.list(`/api/v1/namespaces/openshift-${given.name}-operator/pods`);
    const down = pods.find((pod: KubeObject) => !isReady(pod));
    if (down) return { holds: 0, observed, why: whyNotReady(down) };
    const parts = asked.length + (given.message ? 1 : 0);
    const faults = wrong.length + (said ? 0 : 1);
    const why =
      wrong.map((flag) => `${flag}: ${of(flag)?.message || of(flag)?.status}`).join(', ') ||
      'no condition has such a message';
    return { holds: parts === 0 ? 1 : 1 - faults / parts, observed, why };
  },
});
