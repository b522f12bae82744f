// Keeps a number of equal pods: what ReplicaSet and ReplicationController share. kubernetes pkg/controller/replicaset.
import {
  type Condition,
  findCondition,
  type LabelSelector,
  type Pod,
  podActive,
  podAvailable,
  podReady,
} from '../kinds';
import { matchesLabels, matchesSelector } from '../selectors';
import type { Alike } from '../store/bucket';
import { ApiError } from '../store/errors';
import type { ObjectStore } from '../store/store';
import type { KubeObject, ResourceId } from '../store/types';
import { type Controller, type ControllerContext, splitKey } from './controller';
import { equal } from './equal';
import { asSelector, claim, controllerOf, hasOrphans, indexByController, ownedBy, ownerKeys } from './owners';
import { createPod, deletePod } from './pod-template';

interface ReplicaKind {
  name: string;
  kind: string;
  resource: ResourceId;
  component: string;
}

/** A controller for one of the two kinds. */
export function replicaController(context: ControllerContext, what: ReplicaKind): Controller {
  const { store } = context;
  indexByController(store, 'pods');
  tallyReplicas(store);
  return {
    name: what.name,
    watches: {
      [what.resource]: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
      pods: ownerKeys(store, what.kind, what.resource),
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = store.get(what.resource, namespace, name);
      return set && reconcile(context, what, set);
    },
  };
}

const BY_LOOK = 'replicas';

/** A replica set asks of its pods how many are there and ready, not which: ten thousand are not visited at each change of one. */
function tallyReplicas(store: ObjectStore): void {
  store.tally('pods', BY_LOOK, (object) => {
    const owner = controllerOf(object);
    if (!owner) return undefined;
    const pod = object as Pod;
    return { group: owner.uid, look: `${podActive(pod)} ${podReady(pod)} ${JSON.stringify(pod.metadata.labels)}` };
  });
}

function reconcile(context: ControllerContext, what: ReplicaKind, set: KubeObject): number | undefined {
  const { store } = context;
  takeAndLetGo(context, set);
  const failure = set.metadata.deletionTimestamp ? undefined : scale(context, what, set);
  takeAndLetGo(context, set);
  const min = (set['spec'].minReadySeconds ?? 0) * 1000;
  const isTimed = min > 0 && activeOf(store, set).some(({ sample }) => podReady(sample as Pod));
  const timed = isTimed ? (ownedBy(store, 'pods', set) as Pod[]).filter(podActive) : undefined;
  writeStatus(context, what, set, timed, failure);
  if (failure) throw failure;
  return timed && untilAvailable(timed, min, context.clock.now());
}

const activeOf = (store: ObjectStore, set: KubeObject): Alike[] =>
  store.alike('pods', BY_LOOK, set.metadata.uid).filter(({ sample }) => podActive(sample as Pod));

const total = (alike: Alike[]): number => alike.reduce((sum, { count }) => sum + count, 0);

/** Adopts orphans and lets go of pods, if there are any such. */
function takeAndLetGo({ store, client }: ControllerContext, set: KubeObject): void {
  const selector = asSelector(set['spec'].selector) as LabelSelector | undefined;
  const fits = ({ sample }: Alike) => matchesSelector(selector, sample.metadata.labels);
  if (hasOrphans(store, 'pods', set) || !store.alike('pods', BY_LOOK, set.metadata.uid).every(fits))
    claim(store, client, 'pods', set, selector);
}

const BURST = 100; // pods made at a time: their events name the set again. The real controllers make 500

function scale(
  { store, client, events }: ControllerContext,
  { component }: ReplicaKind,
  set: KubeObject,
): ApiError | undefined {
  const wanted: number = set['spec'].replicas ?? 1;
  const present = total(activeOf(store, set));
  try {
    for (let i = present; i < Math.min(wanted, present + BURST); i++)
      createPod({ client, events, owner: set, template: set['spec'].template, component });
    if (present > wanted) {
      const active = (ownedBy(store, 'pods', set) as Pod[]).filter(podActive);
      for (const pod of inOrderOfDeletion(active).slice(0, present - wanted))
        deletePod(client, events, set, pod, component);
    }
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/** The pods that are missed least come first: ActivePodsWithRanks of controller_utils.go. */
function inOrderOfDeletion(pods: Pod[]): Pod[] {
  const onNode = new Map<string, number>();
  for (const { spec } of pods) if (spec.nodeName) onNode.set(spec.nodeName, (onNode.get(spec.nodeName) ?? 0) + 1);
  const rank = (pod: Pod): (number | string)[] => {
    const ready = findCondition(pod.status?.conditions, 'Ready');
    const restarts = Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount));
    return [
      pod.spec.nodeName ? 1 : 0,
      ['Pending', 'Unknown', 'Running'].indexOf(pod.status?.phase ?? 'Pending'),
      ready?.status === 'True' ? 1 : 0,
      Number(pod.metadata.annotations?.[DELETION_COST] ?? 0),
      -(onNode.get(pod.spec.nodeName ?? '') ?? 0),
      ready?.status === 'True' ? -Date.parse(ready.lastTransitionTime ?? '') || 0 : 0,
      -restarts,
      -Date.parse(pod.metadata.creationTimestamp) || 0,
      pod.metadata.name,
    ];
  };
  const ranked = pods.map((pod) => ({ pod, rank: rank(pod) }));
  ranked.sort((a, b) => compareRanks(a.rank, b.rank));
  return ranked.map(({ pod }) => pod);
}

function compareRanks(a: (number | string)[], b: (number | string)[]): number {
  for (let i = 0; i < a.length; i++) {
    const [left, right] = [a[i] as number, b[i] as number];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** `timed`: the pods one by one, where being available is a matter of time. */
function writeStatus(
  { store, client, clock }: ControllerContext,
  { resource }: ReplicaKind,
  seen: KubeObject,
  timed: Pod[] | undefined,
  failure: ApiError | undefined,
): void {
  const set = store.get(resource, seen.metadata.namespace, seen.metadata.name);
  if (!set) return;
  const template = set['spec'].template?.metadata?.labels ?? {};
  const min = set['spec'].minReadySeconds ?? 0;
  const conditions = failureCondition(set['status']?.conditions ?? [], failure, clock.timestamp());
  const active = activeOf(store, set);
  const ready = active.filter(({ sample }) => podReady(sample as Pod));
  const available = timed?.filter((pod) => podAvailable(pod, min, clock.now())).length ?? total(ready);
  const status = {
    replicas: total(active),
    fullyLabeledReplicas:
      total(active.filter(({ sample }) => matchesLabels(template, sample.metadata.labels))) || undefined,
    readyReplicas: total(ready) || undefined,
    availableReplicas: available || undefined,
    observedGeneration: set.metadata.generation,
    ...(conditions.length > 0 && { conditions }),
  };
  if (!equal(status, set['status']))
    client.updateStatus(resource, { ...set, status: JSON.parse(JSON.stringify(status)) });
}

function failureCondition(old: Condition[], failure: ApiError | undefined, now: string): Condition[] {
  const rest = old.filter(({ type }) => type !== 'ReplicaFailure');
  if (!failure) return rest;
  const known = findCondition(old, 'ReplicaFailure');
  // kept as it was first: the message names a pod that is another one each time, and a new status would call for another try
  // (replica_set_utils.go calculateStatus)
  if (known) return [...rest, known];
  const condition: Condition = {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: now,
    reason: 'FailedCreate',
    message: failure.message,
  };
  return [...rest, condition];
}

/** When the next ready pod becomes available. */
function untilAvailable(pods: Pod[], min: number, now: number): number | undefined {
  const waits = pods
    .filter(podReady)
    .map((pod) => Date.parse(findCondition(pod.status?.conditions, 'Ready')?.lastTransitionTime ?? '') + min - now)
    .filter((wait) => wait > 0);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}
