// Does a service have ready endpoints that are pods of its own selector and that really answer?
import { z } from 'zod';
import { defineGrader, type KubeObject, type Lens, type Verdict } from '../lib/grading/contract';

const parameters = z.strictObject({
  namespace: z.string(),
  service: z.string(),
  port: z.number().int().min(1).max(65535).describe('The port that the pods serve on.'),
  atLeast: z.number().int().min(1).default(1),
});
type Parameters = z.infer<typeof parameters>;

export const endpoints = defineGrader<Parameters>({
  name: 'endpoints',
  summary: 'A service selects pods that are ready and answer on their port.',
  parameters,
  async grade(lens, { namespace, service, port, atLeast }) {
    const expected = `service ${service} in ${namespace} has at least ${atLeast} ready endpoint${atLeast > 1 ? 's' : ''} on port ${port}`;
    const verdict = (share: number, observed: string, reason: string): Verdict => ({
      share,
      expected,
      observed,
      reason,
    });
    const found = await lens.get(`/api/v1/namespaces/${namespace}/services/${service}`);
    if (!found) return verdict(0, 'no such service', `there is no service ${service} in project ${namespace}`);
    const addresses = await readyAddresses(lens, namespace, service);
    const own = await selectedPods(lens, namespace, found);
    const answering: string[] = [];
    let reason = '';
    for (const address of addresses) {
      const problem = await whyNot(lens, namespace, address, port, own, service);
      if (problem) reason ||= problem;
      else answering.push(`${address.ip}:${port}`);
    }
    const observed = `${answering.length} ready endpoint${answering.length === 1 ? '' : 's'}${answering.length > 0 ? `: ${answering.join(', ')}` : ''}`;
    if (answering.length >= atLeast) return verdict(1, observed, '');
    return verdict(answering.length / atLeast, observed, reason || (await whyNone(lens, namespace, found, own, port)));
  },
});

interface Address {
  ip: string;
  ports: number[];
}

async function readyAddresses(lens: Lens, namespace: string, service: string): Promise<Address[]> {
  const slices = await lens.list(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
    'kubernetes.io/service-name': service,
  });
  return slices.flatMap((slice) =>
    ((slice['endpoints'] ?? []) as { addresses: string[]; conditions?: { ready?: boolean } }[])
      .filter((endpoint) => endpoint.conditions?.ready !== false)
      .flatMap((endpoint) =>
        endpoint.addresses.map((ip) => ({
          ip,
          ports: ((slice['ports'] ?? []) as { port: number }[]).map((p) => p.port),
        })),
      ),
  );
}

async function selectedPods(lens: Lens, namespace: string, service: KubeObject): Promise<KubeObject[]> {
  const selector = service['spec']?.selector as Record<string, string> | undefined;
  return selector ? lens.list(`/api/v1/namespaces/${namespace}/pods`, selector) : [];
}

async function whyNot(
  lens: Lens,
  namespace: string,
  address: Address,
  port: number,
  own: KubeObject[],
  service: string,
): Promise<string | undefined> {
  if (!own.some((pod) => pod['status']?.podIP === address.ip))
    return `endpoint ${address.ip} is not a pod that service ${service} selects`;
  if (!address.ports.includes(port))
    return `service ${service} sends to port ${address.ports.join(', ')}, not to ${port}`;
  const probe = await lens.connect({ namespace }, { host: address.ip, port });
  return probe.verdict === 'delivered' ? undefined : probe.reason;
}

async function whyNone(
  lens: Lens,
  namespace: string,
  service: KubeObject,
  own: KubeObject[],
  port: number,
): Promise<string> {
  const name = service.metadata.name;
  const selector = service['spec']?.selector as Record<string, string> | undefined;
  if (!selector) return `service ${name} has no selector, so no pod is added to its endpoints`;
  const all = await lens.list(`/api/v1/namespaces/${namespace}/pods`);
  if (own.length === 0) {
    if (all.length === 0)
      return `service ${name} selects ${labels(selector)}, and there is no pod in project ${namespace}`;
    const carried = [...new Set(all.map((pod) => labels(without(pod.metadata.labels ?? {}, 'pod-template-hash'))))];
    return `service ${name} selects ${labels(selector)}; the pods carry ${carried.join(' and ')}`;
  }
  const waiting = own.map((pod) => `pod ${pod.metadata.name} is not ready${because(pod)}`);
  return waiting[0] ?? `no pod answers on port ${port}`;
}

function because(pod: KubeObject): string {
  const statuses = (pod['status']?.containerStatuses ?? []) as {
    state?: { waiting?: { reason?: string }; terminated?: { reason?: string } };
  }[];
  const state = statuses.find((status) => status.state?.waiting ?? status.state?.terminated)?.state;
  const reason = state?.waiting?.reason ?? state?.terminated?.reason;
  return reason ? `: ${reason}` : '';
}

const labels = (map: Record<string, string>): string =>
  Object.entries(map)
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || 'no labels';

const without = (map: Record<string, string>, key: string) =>
  Object.fromEntries(Object.entries(map).filter(([k]) => k !== key));
