// Finding the pod that a workload means, and waiting for a pod.
import type { Cli } from '../cli';
import { type Resource, resourcePath } from '../client/discovery';
import { CliError } from '../errors';
import { type Dyn, groupVersion } from '../object';
import { parseLabelSelector, selectorText } from './labels';
import { select } from './select';

/** The pod of `NAME`, `pod/NAME`, `deployment/NAME`, …; for a workload, its first pod that is ready. */
export async function findPod(cli: Cli, word: string, timeoutMs = 60_000): Promise<Dyn> {
  const args = word.includes('/') ? [word] : ['pods', word];
  const { infos, errors } = await select(cli, { args });
  if (errors[0]) throw errors[0];
  const [info] = infos;
  if (!info) throw new CliError(`pod ${word} not found`);
  if (info.resource.kind === 'Pod') return info.object;
  return firstPod(cli, info.object, timeoutMs);
}

/** The labels that select an object's pods; throws for kinds that have none. */
export function podSelector(object: Dyn): string {
  const { kind, spec, apiVersion } = object;
  if (kind === 'Service') {
    if (!spec.selector || Object.keys(spec.selector).length === 0)
      throw new CliError(`invalid service '${object.metadata.name}': Service is defined without a selector`);
    return selectorText({ matchLabels: spec.selector });
  }
  if (kind === 'ReplicationController' || kind === 'DeploymentConfig')
    return selectorText({ matchLabels: spec.selector });
  if (['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'].includes(kind))
    return selectorText(spec.selector);
  const [group, version] = groupVersion(apiVersion);
  throw new CliError(`selector for ${group ? `${group}/` : ''}${version}, Kind=${kind} not implemented`);
}

/** The first pod of a workload, the way kubectl prefers them: running and ready before others. */
export async function firstPod(cli: Cli, object: Dyn, timeoutMs: number): Promise<Dyn> {
  const selector = podSelector(object);
  const namespace = object.metadata.namespace;
  const end = cli.now() + timeoutMs;
  for (;;) {
    const list = await cli.client.json('GET', `/api/v1/namespaces/${namespace}/pods`, {
      query: { labelSelector: selector },
    });
    const [best] = [...(list.items ?? [])].sort(byReadiness);
    if (best) return { apiVersion: 'v1', kind: 'Pod', ...best };
    if (cli.now() >= end) throw new CliError('timed out waiting for the condition');
    await cli.proc.sleep(POLL_MS);
  }
}

const POLL_MS = 1000;

const isReady = (pod: Dyn): boolean =>
  (pod.status?.conditions ?? []).some((c: Dyn) => c.type === 'Ready' && c.status === 'True');

function byReadiness(a: Dyn, b: Dyn): number {
  const rank = (pod: Dyn) =>
    (pod.spec?.nodeName ? 0 : 4) + (pod.status?.phase === 'Running' ? 0 : 2) + (isReady(pod) ? 0 : 1);
  return rank(a) - rank(b);
}

/** Watches one object until the test is true of it; undefined stands for an object that is gone. Throws at the timeout. */
export async function waitFor(
  cli: Cli,
  resource: Pick<Resource, 'group' | 'version' | 'name' | 'namespaced'>,
  at: { namespace: string; name: string },
  test: (object: Dyn | undefined) => boolean,
  timeoutMs: number,
): Promise<Dyn> {
  const path = resourcePath(resource as Resource, at.namespace);
  const fieldSelector = `metadata.name=${at.name}`;
  const abort = new AbortController();
  const timedOut = new CliError('timed out waiting for the condition');
  const cancel =
    timeoutMs > 0 && Number.isFinite(timeoutMs)
      ? cli.proc.machine.clock.after(timeoutMs, () => abort.abort(timedOut))
      : () => {};
  try {
    for (;;) {
      const list = await cli.client.json('GET', path, { query: { fieldSelector }, signal: abort.signal });
      const current = list.items?.[0];
      if (test(current)) return current;
      const query = { fieldSelector, resourceVersion: list.metadata?.resourceVersion };
      for await (const event of cli.client.watch(path, query, { signal: abort.signal })) {
        if (event.type === 'ERROR') break;
        if (event.type === 'BOOKMARK') continue;
        const object = event.type === 'DELETED' ? undefined : event.object;
        if (test(object)) return object;
      }
      if (abort.signal.aborted) throw timedOut;
    }
  } catch (error) {
    if (abort.signal.aborted) throw timedOut;
    throw error;
  } finally {
    cancel();
  }
}

/** The pods that a selector of the command line matches. */
export async function podsBySelector(cli: Cli, selector: string): Promise<Dyn[]> {
  parseLabelSelector(selector);
  const list = await cli.client.json('GET', `/api/v1/namespaces/${cli.namespace}/pods`, {
    query: { labelSelector: selector },
  });
  return list.items ?? [];
}

/** The container to use: the one named, the annotated default, or the first with a word about it. */
export async function chooseContainer(cli: Cli, pod: Dyn, named: string, quiet = false): Promise<string> {
  const all: Dyn[] = [
    ...pod.spec.containers,
    ...(pod.spec.initContainers ?? []),
    ...(pod.spec.ephemeralContainers ?? []),
  ];
  if (named) {
    if (!all.some((container) => container.name === named))
      throw new CliError(`container ${named} not found in pod ${pod.metadata.name}`);
    return named;
  }
  const preferred = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preferred && all.some((container) => container.name === preferred)) return preferred;
  const first = pod.spec.containers[0].name as string;
  if (all.length > 1 && !quiet) await cli.err(`Defaulted container "${first}" out of: ${listContainers(pod)}\n`);
  return first;
}

/** `a, b, c (init)`. */
export function listContainers(pod: Dyn): string {
  const names = (containers: Dyn[] | undefined, mark: string) => (containers ?? []).map((c) => `${c.name}${mark}`);
  return [
    ...names(pod.spec.containers, ''),
    ...names(pod.spec.ephemeralContainers, ' (ephem)'),
    ...names(pod.spec.initContainers, ' (init)'),
  ].join(', ');
}
