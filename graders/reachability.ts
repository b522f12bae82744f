// Does one connection come about, or is it refused as it should be?
import { z } from 'zod';
import { defineGrader, type KubeObject, type Lens, type Verdict } from '../lib/grading/contract';

const parameters = z.strictObject({
  from: z.string().describe('The project of the pod that connects, or `workstation`.'),
  to: z.union([
    z.strictObject({ host: z.string() }).describe('A name or an address.'),
    z
      .strictObject({ namespace: z.string(), selector: z.record(z.string(), z.string()) })
      .describe('The address of each pod it selects.'),
  ]),
  port: z.number().int().min(1).max(65535),
  reachable: z.boolean().default(true),
});

export const reachability = defineGrader<z.infer<typeof parameters>>({
  name: 'reachability',
  summary: 'A connection from one place to another is delivered, or is not.',
  parameters,
  async grade(lens, { from, to, port, reachable }) {
    const vantage = from === 'workstation' ? ('workstation' as const) : { namespace: from };
    const place = from === 'workstation' ? 'the workstation' : `a pod in ${from}`;
    const name = 'host' in to ? to.host : `the pods ${labels(to.selector)} in ${to.namespace}`;
    const expected = `${place} ${reachable ? 'reaches' : 'does not reach'} ${name} on port ${port}`;
    const verdict = (share: number, observed: string, reason: string): Verdict => ({
      share,
      expected,
      observed,
      reason,
    });
    const hosts = 'host' in to ? [to.host] : (await runningPods(lens, to)).map((pod) => pod['status']?.podIP as string);
    if (hosts.length === 0)
      return verdict(
        0,
        'there is nothing to reach',
        `no pod in ${'host' in to ? from : to.namespace} runs with these labels`,
      );
    let good = 0;
    let observed = '';
    let reason = '';
    for (const host of hosts) {
      const probe = await lens.connect(vantage, { host, port });
      if ((probe.verdict === 'delivered') === reachable) {
        good++;
        observed ||= `${host}:${port} ${probe.verdict}`;
      } else {
        observed = `${host}:${port} ${probe.verdict}`;
        reason ||= probe.verdict === 'delivered' ? `nothing stands between ${place} and ${host}:${port}` : probe.reason;
      }
    }
    return verdict(good / hosts.length, observed, reason);
  },
});

async function runningPods(
  lens: Lens,
  to: { namespace: string; selector: Record<string, string> },
): Promise<KubeObject[]> {
  const pods = await lens.list(`/api/v1/namespaces/${to.namespace}/pods`, to.selector);
  return pods.filter((pod) => pod['status']?.phase === 'Running' && pod['status']?.podIP);
}

const labels = (map: Record<string, string>): string =>
  Object.entries(map)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
