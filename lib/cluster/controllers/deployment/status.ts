// What a deployment says about itself: counts, Available, Progressing with its deadline. pkg/controller/deployment/progress.go.
import { type Condition, findCondition } from '../../kinds';
import type { KubeObject } from '../../store/types';
import { availableOf, desired, maxUnavailable, sum } from './limits';

const NO_DEADLINE = 2 ** 31 - 1;

export interface Progress {
  deployment: KubeObject;
  current: KubeObject | undefined;
  old: KubeObject[];
  created: boolean;
  now: number;
}

const replicas = (set: KubeObject): number => set['status']?.replicas ?? 0;

/** Puts a condition in; its transition time moves only when its status does. */
export function setCondition(conditions: Condition[], next: Condition, now: string): Condition[] {
  const old = findCondition(conditions, next.type);
  if (old && old.status === next.status && old.reason === next.reason && old.message === next.message)
    return conditions;
  const lastTransitionTime = old?.status === next.status ? (old.lastTransitionTime ?? now) : now;
  return [...conditions.filter(({ type }) => type !== next.type), { ...next, lastUpdateTime: now, lastTransitionTime }];
}

export function status(progress: Progress): { status: Record<string, unknown>; again: number | undefined } {
  const { deployment, current, old, now } = progress;
  const all = current ? [...old, current] : old;
  const total = sum(all, replicas);
  const available = sum(all, availableOf);
  const counts = {
    observedGeneration: deployment.metadata.generation,
    replicas: total || undefined,
    updatedReplicas: (current && replicas(current)) || undefined,
    readyReplicas: sum(all, (set) => set['status']?.readyReplicas ?? 0) || undefined,
    availableReplicas: available || undefined,
    unavailableReplicas: Math.max(0, total - available) || undefined,
    collisionCount: deployment['status']?.collisionCount,
  };
  const stamp = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const enough = available >= desired(deployment) - maxUnavailable(deployment);
  let conditions = setCondition(deployment['status']?.conditions ?? [], availability(enough), stamp);
  conditions = failure(conditions, all, stamp);
  const { conditions: progressed, again } = progressing(progress, counts, conditions, stamp);
  return { status: { ...counts, conditions: progressed }, again };
}

const availability = (enough: boolean): Condition => ({
  type: 'Available',
  status: enough ? 'True' : 'False',
  reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
  message: enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
});

function failure(conditions: Condition[], sets: KubeObject[], now: string): Condition[] {
  const found = sets.map((set) => findCondition(set['status']?.conditions, 'ReplicaFailure')).find(Boolean);
  if (!found) return conditions.filter(({ type }) => type !== 'ReplicaFailure');
  const { reason = '', message = '' } = found;
  return setCondition(conditions, { type: 'ReplicaFailure', status: found.status, reason, message }, now);
}

type Counts = {
  replicas?: number | undefined;
  updatedReplicas?: number | undefined;
  readyReplicas?: number | undefined;
  availableReplicas?: number | undefined;
};

function progressing(
  { deployment, current, created, now }: Progress,
  counts: Counts,
  conditions: Condition[],
  stamp: string,
): { conditions: Condition[]; again: number | undefined } {
  const deadline: number = deployment['spec'].progressDeadlineSeconds ?? 600;
  if (deployment['spec'].paused || deadline === NO_DEADLINE) return { conditions, again: undefined };
  const name = current?.metadata.name ?? '';
  const what = current ? `ReplicaSet "${name}"` : `Deployment "${deployment.metadata.name}"`;
  const set = (status: Condition['status'], reason: string, message: string, renew = false) => {
    const next: Condition = { type: 'Progressing', status, reason, message };
    const list = setCondition(conditions, next, stamp);
    if (!renew || list !== conditions) return list;
    return conditions.map((c) => (c.type === 'Progressing' ? { ...c, lastUpdateTime: stamp } : c));
  };
  const known = findCondition(conditions, 'Progressing');
  const before: Counts = deployment['status'] ?? {};
  if (created)
    return {
      conditions: set('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`),
      again: deadline * 1000,
    };
  if (complete(deployment, counts)) {
    const done = known?.reason === 'NewReplicaSetAvailable' && known.message?.includes(`"${name}"`);
    return {
      conditions: done ? conditions : set('True', 'NewReplicaSetAvailable', `${what} has successfully progressed.`),
      again: undefined,
    };
  }
  if (!known)
    return { conditions: set('True', 'FoundNewReplicaSet', `Found new replica set "${name}"`), again: deadline * 1000 };
  if (moved(before, counts))
    return { conditions: set('True', 'ReplicaSetUpdated', `${what} is progressing.`, true), again: deadline * 1000 };
  if (known.reason === 'NewReplicaSetAvailable') return { conditions, again: undefined };
  const left = Date.parse(known.lastUpdateTime ?? stamp) + deadline * 1000 - now;
  if (known.reason === 'ProgressDeadlineExceeded') return { conditions, again: undefined };
  if (left <= 0)
    return {
      conditions: set('False', 'ProgressDeadlineExceeded', `${what} has timed out progressing.`),
      again: undefined,
    };
  return { conditions, again: left + 1000 };
}

const complete = (deployment: KubeObject, { updatedReplicas = 0, replicas: all = 0, availableReplicas = 0 }: Counts) =>
  updatedReplicas === desired(deployment) && all === desired(deployment) && availableReplicas === desired(deployment);

/** Something went on: more new pods, fewer old ones, more ready or available. */
function moved(before: Counts, now: Counts): boolean {
  const old = (c: Counts) => (c.replicas ?? 0) - (c.updatedReplicas ?? 0);
  return (
    (now.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(now) < old(before) ||
    (now.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}
