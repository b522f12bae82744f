// What stands behind a service: the addresses that its slices publish, the pods that it selects, and whether they serve.
import type { KubeObject, Lens } from '../lib/grading/contract';

export interface Published {
  ip: string;
  ports: number[];
}

/** The ready addresses in the slices of a service, whoever wrote them; each once. */
export async function readyAddresses(lens: Lens, namespace: string, service: string): Promise<Published[]> {
  const slices = await lens.list(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
    'kubernetes.io/service-name': service,
  });
  const all = slices.flatMap((slice) =>
    ((slice['endpoints'] ?? []) as { addresses: string[]; conditions?: { ready?: boolean } }[])
      .filter((endpoint) => endpoint.conditions?.ready !== false)
      .flatMap((endpoint) =>
        endpoint.addresses.map((ip) => ({
          ip,
          ports: ((slice['ports'] ?? []) as { port: number }[]).map((p) => p.port),
        })),
      ),
  );
  // a slice written by hand beside the controller's own must not count a pod twice
  return [...new Map(all.map((address) => [address.ip, address])).values()];
}

/** The pods that a service's selector finds; none where it has none. */
export async function selectedPods(lens: Lens, namespace: string, service: KubeObject): Promise<KubeObject[]> {
  const selector = service['spec']?.selector as Record<string, string> | undefined;
  return selector ? lens.list(`/api/v1/namespaces/${namespace}/pods`, selector) : [];
}

/** The pods with these labels that run, have an address and stay. */
export async function runningPods(
  lens: Lens,
  namespace: string,
  selector: Record<string, string>,
): Promise<KubeObject[]> {
  const pods = await lens.list(`/api/v1/namespaces/${namespace}/pods`, selector);
  return pods.filter(
    ({ status, metadata }) => status?.phase === 'Running' && status?.podIP && !metadata['deletionTimestamp'],
  );
}

/**
 * Why a pod does not serve a port: none of its own programs listens there, or one that listens runs another image, whatever
 * the other containers of the pod run.
 */
export async function whyNotServing(
  lens: Lens,
  { metadata: { namespace = '', name } }: KubeObject,
  port: number,
  image?: string,
): Promise<string | undefined> {
  const serving = await lens.serving(namespace, name, port);
  if (!serving) return `no program of pod ${name} listens on port ${port}`;
  if (!image || serving.image.includes(image)) return undefined;
  return `pod ${name} answers on port ${port} by container ${serving.container}, which runs ${serving.image}`;
}

/**
 * Why a pod keeps nobody out: it does not answer at the address even itself. Policies do not stand between a pod and its own
 * address, so that what they keep out is told from what is not there.
 */
export async function whySilent(
  lens: Lens,
  { metadata: { namespace = '', name } }: KubeObject,
  target: { host: string; port: number; protocol?: 'TCP' | 'UDP' },
): Promise<string | undefined> {
  const { verdict } = await lens.connect({ namespace, pod: name }, target);
  return verdict === 'delivered' ? undefined : `pod ${name} does not listen on port ${target.port}`;
}
