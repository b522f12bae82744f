// Does a service have ready endpoints that are pods of its own selector and that really answer?
import { z } from 'zod';
import { defineGrader, type KubeObject, type Lens } from '../lib/grading/contract';
import { type Published, readyAddresses, selectedPods, whyNotServing } from './backends';
import { isReady, whyNotReady } from './objects';
import { count, name, port, text, whole } from './parameters';

const parameters = z.strictObject({
  namespace: name,
  service: name,
  port: port.describe('The port that the pods serve on.'),
  atLeast: whole(1, 1000).default(1),
  exactly: whole(0, 1000).optional(),
  nodes: whole(1, 100).default(1).describe('On at least so many different nodes.'),
  image: z
    .string()
    .optional()
    .describe('Part of the name of the image whose program serves the port: an impostor beside it does not pass.'),
});
type Parameters = z.infer<typeof parameters>;

export const endpoints = defineGrader<Parameters>({
  name: 'endpoints',
  summary: 'A service selects pods that are ready and answer on their port. Endpoints written by hand do not count.',
  example: { namespace: 'shop', service: 'db', port: 3306, atLeast: 2 },
  parameters,
  expects({ namespace, service, port, atLeast, exactly, nodes }, not) {
    const number =
      exactly === undefined
        ? `at least ${count(atLeast, 'ready endpoint')}`
        : `exactly ${count(exactly, 'ready endpoint')}`;
    const spread = nodes > 1 ? `, on at least ${nodes} nodes` : '';
    return `service ${service} in ${namespace} has ${not ? 'not ' : ''}${number} on port ${port}${spread}`;
  },
  async look(lens, given) {
    const { namespace, service, port, atLeast, exactly, nodes } = given;
    const found = await lens.get(`/api/v1/namespaces/${namespace}/services/${service}`);
    if (!found)
      return {
        holds: 0,
        observed: 'no such service',
        why: `there is no service ${service} in project ${namespace}`,
        moot: true,
      };
    const own = await selectedPods(lens, namespace, found);
    const { answering, problem } = await tryAll(lens, given, own);
    const observed = `${count(answering.length, 'ready endpoint')}${answering.length > 0 ? `: ${answering.map(({ ip }) => `${ip}:${port}`).join(', ')}` : ''}`;
    if (exactly !== undefined)
      return {
        // an endpoint that should not be there is one too many
        holds: answering.length === exactly && !problem ? 1 : 0,
        observed,
        why:
          answering.length > exactly
            ? `${answering.length} pods are ready`
            : problem || (await whyNone(lens, namespace, found, own, port)),
      };
    const on = new Set(answering.map(({ node }) => node)).size;
    const holds = Math.min(answering.length / atLeast, on / nodes, 1);
    if (answering.length >= atLeast && on < nodes)
      return { holds, observed, why: `the pods run on ${count(on, 'node')}` };
    if (holds >= 1) return { holds: 1, observed, why: '' };
    return { holds, observed, why: problem || (await whyNone(lens, namespace, found, own, port)) };
  },
});

interface Answering {
  ip: string;
  node: string;
}

async function tryAll(
  lens: Lens,
  { namespace, service, port, image }: Parameters,
  own: KubeObject[],
): Promise<{ answering: Answering[]; problem: string }> {
  const answering: Answering[] = [];
  let problem = '';
  for (const address of await readyAddresses(lens, namespace, service)) {
    const pod = own.find((each) => each['status']?.podIP === address.ip);
    const fault = pod
      ? await whyNot(lens, namespace, address, port, pod, { service, image })
      : `endpoint ${address.ip} is not a pod that service ${service} selects`;
    if (fault) problem ||= fault;
    else answering.push({ ip: address.ip, node: pod?.['spec']?.nodeName ?? '' });
  }
  return { answering, problem };
}

async function whyNot(
  lens: Lens,
  namespace: string,
  { ip, ports }: Published,
  port: number,
  pod: KubeObject,
  { service, image }: { service: string; image: string | undefined },
): Promise<string | undefined> {
  // a service may publish pods that are not ready
  if (!isReady(pod)) return whyNotReady(pod);
  if (!ports.includes(port)) return `service ${service} sends to port ${ports.join(', ')}, not to ${port}`;
  // asked by the pod itself: a policy that keeps others out is no fault of the server
  const probe = await lens.connect({ namespace, pod: pod.metadata.name }, { host: ip, port });
  return probe.verdict === 'delivered' ? whyNotServing(lens, pod, port, image) : probe.reason;
}

async function whyNone(
  lens: Lens,
  namespace: string,
  service: KubeObject,
  own: KubeObject[],
  port: number,
): Promise<string> {
  const { name } = service.metadata;
  const selector = service['spec']?.selector as Record<string, string> | undefined;
  if (!selector) return `service ${name} has no selector, so no pod is added to its endpoints`;
  const all = await lens.list(`/api/v1/namespaces/${namespace}/pods`);
  if (own.length === 0) {
    if (all.length === 0)
      return `service ${name} selects ${text(selector)}, and there is no pod in project ${namespace}`;
    const carried = [...new Set(all.map((pod) => text(without(pod.metadata.labels ?? {}, 'pod-template-hash'))))];
    return `service ${name} selects ${text(selector)}; the pods carry ${carried.join(' and ')}`;
  }
  const waiting = own.find((pod) => !isReady(pod));
  if (waiting) return whyNotReady(waiting);
  return `${count(own.length, 'pod')} of service ${name} answer${own.length === 1 ? 's' : ''} on port ${port}`;
}

const without = (map: Record<string, string>, key: string) =>
  Object.fromEntries(Object.entries(map).filter(([k]) => k !== key));
