// Does a name resolve, seen from a pod of some project, to the address of a service?
import { z } from 'zod';
import { defineGrader, type Verdict } from '../lib/grading/contract';

const parameters = z.strictObject({
  from: z.string().describe('The project to ask from.'),
  name: z.string(),
  service: z
    .strictObject({ namespace: z.string(), name: z.string() })
    .describe('The service whose address is expected.'),
});

export const dns = defineGrader<z.infer<typeof parameters>>({
  name: 'dns',
  summary: 'A name resolves from a pod to the address of a service.',
  parameters,
  async grade(lens, { from, name, service }) {
    const found = await lens.get(`/api/v1/namespaces/${service.namespace}/services/${service.name}`);
    const clusterIP = found?.['spec']?.clusterIP as string | undefined;
    const expected = `${name}, asked from a pod in ${from}, resolves to service ${service.name}${clusterIP ? ` (${clusterIP})` : ''}`;
    const verdict = (share: number, observed: string, reason: string): Verdict => ({
      share,
      expected,
      observed,
      reason,
    });
    const answer = await lens.resolve({ namespace: from }, name);
    const observed =
      answer.addresses.length > 0
        ? `resolves to ${answer.addresses.join(', ')}`
        : `does not resolve: ${answer.error ?? 'no answer'}`;
    if (!found)
      return verdict(
        0,
        observed,
        `there is no service ${service.name} in project ${service.namespace}, so its name has no address`,
      );
    if (clusterIP && answer.addresses.includes(clusterIP)) return verdict(1, observed, '');
    return verdict(0, observed, `the address of service ${service.name} is ${clusterIP ?? 'not set'}`);
  },
});
