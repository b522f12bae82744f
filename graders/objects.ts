// Objects of the API by kind and name, pods and their state: what several graders look up.
import { z } from 'zod';
import type { KubeObject, Lens } from '../lib/grading/contract';
import { count, labelsOf, name, text } from './parameters';

/** Which objects are meant. */
export const reference = {
  apiVersion: z.string().default('v1').describe('As in a manifest: `apps/v1`.'),
  kind: name.describe('As in a manifest: `Deployment`.'),
  namespace: name.optional().describe('None for objects of the whole cluster.'),
  name: name.optional(),
  selector: labelsOf.optional(),
};

export interface Reference {
  apiVersion: string;
  kind: string;
  namespace?: string | undefined;
  name?: string | undefined;
  selector?: Record<string, string> | undefined;
}

/** The reference in words: `deployment db in shop`. */
export function title({ kind, namespace, name, selector }: Reference): string {
  const which = name ?? (selector ? `with ${text(selector)}` : '');
  return `${kind.toLowerCase()}${which ? ` ${which}` : ''}${namespace ? ` in ${namespace}` : ''}`;
}

/** The objects that are meant, or why there are none. */
export async function findObjects(lens: Lens, given: Reference): Promise<KubeObject[] | string> {
  const base = given.apiVersion.includes('/') ? `/apis/${given.apiVersion}` : `/api/${given.apiVersion}`;
  const served = await lens.get(base);
  const resources = (served?.['resources'] ?? []) as { name: string; kind: string }[];
  const resource = resources.find((each) => each.kind === given.kind && !each.name.includes('/'));
  if (!resource) return `the cluster knows no kind ${given.kind} in ${given.apiVersion}`;
  const path = `${base}${given.namespace ? `/namespaces/${given.namespace}` : ''}/${resource.name}`;
  if (!given.name) return lens.list(path, given.selector);
  const object = await lens.get(`${path}/${given.name}`);
  if (object) return [object];
  if (given.namespace && !(await lens.get(`/api/v1/namespaces/${given.namespace}`)))
    return `there is no project ${given.namespace}`;
  const others = (await lens.list(path)).map(({ metadata }) => metadata.name);
  return `there is no ${title(given)}${others.length > 0 ? `; there ${others.length === 1 ? 'is' : 'are'} ${others.slice(0, 5).join(', ')}` : ''}`;
}

interface ContainerStatus {
  name: string;
  state?: { waiting?: { reason?: string }; terminated?: { reason?: string } };
}

export const isReady = (pod: KubeObject): boolean =>
  ((pod['status']?.conditions ?? []) as { type: string; status: string }[]).some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  ) && !pod.metadata['deletionTimestamp'];

/** Pods that are ready and whose programs really run. */
export async function readyPods(lens: Lens, pods: readonly KubeObject[]): Promise<KubeObject[]> {
  const ready: KubeObject[] = [];
  for (const pod of pods)
    if (isReady(pod) && (await lens.runs(pod.metadata.namespace ?? '', pod.metadata.name))) ready.push(pod);
  return ready;
}

interface Container {
  name: string;
  [field: string]: unknown;
}

const OF_PROGRAM = ['image', 'command', 'args', 'env'] as const; // what admission leaves as the template has it

/** Whether a pod was made of a template as it is now: its containers run the same programs. */
export function isOfTemplate({ spec }: KubeObject, template: KubeObject['spec']): boolean {
  const own = (spec?.containers ?? []) as Container[];
  return ((template?.spec?.containers ?? []) as Container[]).every((wanted) => {
    const found = own.find(({ name }) => name === wanted.name);
    return found && OF_PROGRAM.every((field) => JSON.stringify(found[field]) === JSON.stringify(wanted[field]));
  });
}

/** Why a pod is not ready, in a sentence. */
export function whyNotReady(pod: KubeObject): string {
  const { name } = pod.metadata;
  if (pod.metadata['deletionTimestamp']) return `pod ${name} is being deleted`;
  const conditions = (pod['status']?.conditions ?? []) as { type: string; status: string; message?: string }[];
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled) return `pod ${name} is on no node: ${unscheduled.message ?? ''}`;
  const statuses = [
    ...(pod['status']?.initContainerStatuses ?? []),
    ...(pod['status']?.containerStatuses ?? []),
  ] as ContainerStatus[];
  const stopped = statuses.find(({ state }) => state?.waiting ?? state?.terminated);
  const reason = stopped?.state?.waiting?.reason ?? stopped?.state?.terminated?.reason;
  return reason
    ? `pod ${name} is not ready: container ${stopped?.name} is in ${reason}`
    : `pod ${name} runs and is not ready`;
}

/** `2 of 3 pods are ready`. */
export const readyOf = (ready: number, all: number): string =>
  `${ready} of ${count(all, 'pod')} ${ready === 1 ? 'is' : 'are'} ready`;
