// DaemonSets: a pod on every node that fits, rolled node by node. kubernetes pkg/controller/daemon.
import {
  type Node,
  type Pod,
  type PodSpec,
  podActive,
  podAvailable,
  podFinished,
  podReady,
  type Toleration,
} from '../kinds';
import { fitsNode } from '../scheduler/filters';
import type { KubeObject } from '../store/types';
import { type ControllerContext, type MakeController, splitKey } from './controller';
import { scaled } from './deployment/limits';
import { equal } from './equal';
import { claim, indexByController, ownerKeys } from './owners';
import { createPod, deletePod } from './pod-template';
import { hashOf, indexRevisions, REVISION_HASH, syncRevision } from './revisions';

const SETS = 'daemonsets.apps';
const COMPONENT = 'daemonset-controller';
const TOLERATED: readonly [key: string, effect: string][] = [
  ['node.kubernetes.io/not-ready', 'NoExecute'],
  ['node.kubernetes.io/unreachable', 'NoExecute'],
  ['node.kubernetes.io/disk-pressure', 'NoSchedule'],
  ['node.kubernetes.io/memory-pressure', 'NoSchedule'],
  ['node.kubernetes.io/pid-pressure', 'NoSchedule'],
  ['node.kubernetes.io/unschedulable', 'NoSchedule'],
];

export const daemonSet: MakeController = (context) => {
  indexByController(context.store, 'pods');
  indexRevisions(context);
  const { store } = context;
  return {
    name: 'daemonset',
    watches: {
      [SETS]: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
      pods: ownerKeys(store, 'DaemonSet', SETS),
      nodes: ({ object, old }) =>
        old && old['spec'] === object['spec'] && old.metadata.labels === object.metadata.labels
          ? []
          : store.list(SETS).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = store.get(SETS, namespace, name);
      return set && !set.metadata.deletionTimestamp ? reconcile(context, set) : undefined;
    },
  };
};

function withTolerations(spec: PodSpec): Toleration[] {
  const added = TOLERATED.map(([key, effect]): Toleration => ({ key, effect, operator: 'Exists' }));
  if (spec.hostNetwork)
    added.push({ key: 'node.kubernetes.io/network-unavailable', effect: 'NoSchedule', operator: 'Exists' });
  const own = spec.tolerations ?? [];
  return [...own, ...added.filter((each) => !own.some((mine) => equal(mine, each)))];
}

function reconcile(context: ControllerContext, set: KubeObject): number | undefined {
  const { store, client } = context;
  const pods = claim(store, client, 'pods', set, set['spec'].selector) as Pod[];
  const inUse = new Set(pods.map(({ metadata }) => metadata.labels?.[REVISION_HASH] ?? ''));
  const hash = hashOf(syncRevision(context, set, inUse));
  const spec: PodSpec = { ...set['spec'].template.spec, tolerations: withTolerations(set['spec'].template.spec) };
  const nodes = (store.list('nodes') as Node[]).filter((node) => fitsNode(spec, node));
  const wanted = new Set(nodes.map(({ metadata }) => metadata.name));
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) byNode.set(nodeOf(pod), [...(byNode.get(nodeOf(pod)) ?? []), pod]);
  manage(context, set, spec, hash, wanted, byNode);
  const now = (claim(store, client, 'pods', set, set['spec'].selector) as Pod[]).filter(podActive);
  if (set['spec'].updateStrategy?.type !== 'OnDelete') roll(context, set, hash, wanted, now);
  return writeStatus(context, set, hash, wanted, now);
}

/** The node a pod is meant for, also before the scheduler bound it. */
function nodeOf({ spec }: Pod): string {
  if (spec.nodeName) return spec.nodeName;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms[0]?.matchFields?.[0]?.values?.[0] ?? '';
}

function manage(
  context: ControllerContext,
  set: KubeObject,
  spec: PodSpec,
  hash: string,
  wanted: Set<string>,
  byNode: Map<string, Pod[]>,
): void {
  const { client, events } = context;
  for (const [node, pods] of byNode)
    for (const [i, pod] of pods.filter(({ metadata }) => !metadata.deletionTimestamp).entries()) {
      if (podFinished(pod) && pod.status?.phase === 'Failed') {
        events.record(
          set,
          'Warning',
          'FailedDaemonPod',
          `Found failed daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${node}, will try to kill it`,
          { component: COMPONENT },
        );
        deletePod(client, events, set, pod, COMPONENT);
      } else if (!wanted.has(node) || i > 0) deletePod(client, events, set, pod, COMPONENT);
    }
  for (const node of wanted) if (!byNode.has(node)) createOn(context, set, spec, hash, node);
}

function createOn(
  { client, events }: ControllerContext,
  set: KubeObject,
  spec: PodSpec,
  hash: string,
  node: string,
): void {
  createPod({
    client,
    events,
    owner: set,
    template: { ...set['spec'].template, spec },
    component: COMPONENT,
    adjust(pod) {
      pod.metadata['labels'] = {
        ...(pod.metadata['labels'] as object),
        [REVISION_HASH]: hash,
        'pod-template-generation': String(set.metadata.generation ?? 1),
      };
      const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
      pod.spec.affinity = {
        ...pod.spec.affinity,
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
      };
    },
  });
}

const isAvailable = (set: KubeObject, pod: Pod, now: number) =>
  podAvailable(pod, set['spec'].minReadySeconds ?? 0, now);

/** Deletes pods of an old template, as many as may be missing at a time. */
function roll(
  { client, events, clock }: ControllerContext,
  set: KubeObject,
  hash: string,
  wanted: Set<string>,
  pods: Pod[],
): void {
  const budget = Math.max(
    1,
    scaled(set['spec'].updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, wanted.size, Math.ceil),
  );
  const old = pods.filter(({ metadata }) => metadata.labels?.[REVISION_HASH] !== hash);
  const missing = [...wanted].filter(
    (node) => !pods.some((pod) => nodeOf(pod) === node && isAvailable(set, pod, clock.now())),
  );
  let left = budget - missing.length;
  for (const pod of old) {
    if (!isAvailable(set, pod, clock.now())) deletePod(client, events, set, pod, COMPONENT);
    else if (left-- > 0) deletePod(client, events, set, pod, COMPONENT);
  }
}

function writeStatus(
  { store, client, clock }: ControllerContext,
  seen: KubeObject,
  hash: string,
  wanted: Set<string>,
  pods: Pod[],
): number | undefined {
  const set = store.get(SETS, seen.metadata.namespace, seen.metadata.name);
  if (!set) return undefined;
  const placed = pods.filter((pod) => wanted.has(nodeOf(pod)));
  const available = placed.filter((pod) => isAvailable(set, pod, clock.now())).length;
  const status = {
    ...set['status'],
    currentNumberScheduled: placed.length,
    numberMisscheduled: pods.length - placed.length,
    desiredNumberScheduled: wanted.size,
    numberReady: placed.filter(podReady).length,
    observedGeneration: set.metadata.generation,
    updatedNumberScheduled:
      placed.filter(({ metadata }) => metadata.labels?.[REVISION_HASH] === hash).length || undefined,
    numberAvailable: available || undefined,
    numberUnavailable: wanted.size - available || undefined,
  };
  const plain = JSON.parse(JSON.stringify(status));
  if (!equal(plain, set['status'])) client.updateStatus(SETS, { ...set, status: plain });
  const waits = set['spec'].minReadySeconds && available < placed.filter(podReady).length;
  return waits ? set['spec'].minReadySeconds * 1000 : undefined;
}
