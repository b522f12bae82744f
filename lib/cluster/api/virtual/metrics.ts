// metrics.k8s.io: what nodes and pods use, asked of the kubelets at the moment of the question.
import { type Pod, podFinished } from '../../kinds';
import type { Served } from '../../resources/registry';
import { notFound } from '../../store/errors';
import { matchesAll, parseLabelSelector } from '../../store/selectors';
import type { KubeObject } from '../../store/types';
import type { Answer, Call } from '../call';
import { answerObject } from '../objects';

const API = 'metrics.k8s.io/v1beta1';
const WINDOW = '15s';
/** What a node's own services use. */
const NODE = { cores: 0.25, bytes: 1.4 * 2 ** 30 };

const usage = (cores: number, bytes: number) => ({
  cpu: `${Math.round(cores * 1e9)}n`,
  memory: `${Math.round(bytes / 1024)}Ki`,
});

function metadata({ metadata: { name, namespace, labels } }: KubeObject, now: string) {
  return { name, ...(namespace && { namespace }), ...(labels && { labels }), creationTimestamp: now };
}

function podItem(call: Call, pod: Pod): KubeObject | undefined {
  const found = podFinished(pod) || !pod.spec.nodeName ? undefined : call.api.streams.usage(pod);
  if (!found) return undefined;
  const timestamp = call.api.operations.clock.timestamp();
  return {
    kind: 'PodMetrics',
    apiVersion: API,
    metadata: metadata(pod, timestamp) as KubeObject['metadata'],
    timestamp,
    window: WINDOW,
    containers: found.map(({ name, cores, bytes }) => ({ name, usage: usage(cores, bytes) })),
  };
}

function nodeItem(call: Call, node: KubeObject): KubeObject {
  const { store, clock } = call.api.operations;
  const total = { ...NODE };
  for (const pod of store.list('pods') as Pod[]) {
    if (pod.spec.nodeName !== node.metadata.name || podFinished(pod)) continue;
    for (const { cores, bytes } of call.api.streams.usage(pod) ?? []) {
      total.cores += cores;
      total.bytes += bytes;
    }
  }
  const timestamp = clock.timestamp();
  return {
    kind: 'NodeMetrics',
    apiVersion: API,
    metadata: metadata(node, timestamp) as KubeObject['metadata'],
    timestamp,
    window: WINDOW,
    usage: usage(total.cores, total.bytes),
  };
}

const itemOf = (call: Call, plural: string, object: KubeObject): KubeObject | undefined =>
  plural === 'nodes' ? nodeItem(call, object) : podItem(call, object as Pod);

export function getMetrics(call: Call, served: Served): Answer {
  const { plural, namespaced } = served.definition;
  const { namespace, name } = call.info;
  const found = call.api.operations.store.get(plural, namespaced ? namespace : undefined, name);
  const item = found && itemOf(call, plural, found);
  if (!item) throw notFound(`${plural}.metrics.k8s.io`, namespaced ? `${namespace}/${name}` : name);
  return answerObject(call, served, item);
}

export function listMetrics(call: Call, { definition: { plural, kind, namespaced } }: Served): Answer {
  const requirements = parseLabelSelector(call.query.get('labelSelector') ?? '');
  const objects = call.api.operations.store
    .list(plural, namespaced ? call.info.namespace || undefined : undefined)
    .filter(({ metadata: { labels } }) => matchesAll(requirements, labels));
  const items = objects.flatMap((object) => itemOf(call, plural, object) ?? []);
  return { code: 200, object: { kind: `${kind}List`, apiVersion: API, metadata: {}, items } };
}
