// Deployments: replica sets by template, rolled from one to the next. kubernetes pkg/controller/deployment.
import { type Condition, findCondition } from '../../kinds';
import type { KubeObject } from '../../store/types';
import { type ControllerContext, type MakeController, splitKey } from '../controller';
import { equal } from '../equal';
import { claim, indexByController, ownerKeys } from '../owners';
import { isRolling, replicasOf } from './limits';
import { findNew, RESOURCE, REVISION, syncNew } from './replica-sets';
import { cleanUp, isScaling, oldAreGone, roll, scale } from './rollout';
import { setCondition, status } from './status';

const DEPLOYMENTS = 'deployments.apps';

export const deployment: MakeController = (context) => {
  indexByController(context.store, RESOURCE);
  const fromSet = ownerKeys(context.store, 'Deployment', DEPLOYMENTS);
  return {
    name: 'deployment',
    watches: {
      [DEPLOYMENTS]: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
      [RESOURCE]: fromSet,
      pods: (event) => (event.type === 'DELETED' ? deploymentOfPod(context, event.object) : []),
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const found = context.store.get(DEPLOYMENTS, namespace, name);
      return found && reconcile(context, found);
    },
  };
};

/** Recreate waits for the last old pod to go. */
function deploymentOfPod({ store }: ControllerContext, pod: KubeObject): string[] {
  const namespace = pod.metadata.namespace ?? '';
  const owner = pod.metadata.ownerReferences?.find(({ controller, kind }) => controller && kind === 'ReplicaSet');
  const set = owner && store.get(RESOURCE, namespace, owner.name);
  return (set?.metadata.ownerReferences ?? []).map(({ name }) => `${namespace}/${name}`);
}

function reconcile(context: ControllerContext, seen: KubeObject): number | undefined {
  const { store, client } = context;
  const sets = claim(store, client, RESOURCE, seen, seen['spec'].selector);
  if (seen.metadata.deletionTimestamp) return writeStatus(context, seen, false);
  const target = notePause(context, seen);
  const found = findNew(target, sets);
  const old = sets.filter((set) => set !== found);
  if (target['spec'].paused || isScaling(target, sets)) {
    const { set } = syncNew(context, target, old, found, false);
    scale(context, target, set, old);
    if (target['spec'].paused) cleanUp(context, target, old);
    return writeStatus(context, target, false);
  }
  const may = isRolling(target) || oldAreGone(context, target, old);
  const { set, created } = syncNew(context, target, old, found, may);
  if (set && may && !created) {
    if (isRolling(target)) roll(context, target, set, old);
    else scale(context, target, set, old);
  }
  noteRevision(context, target, set);
  const all = claim(store, client, RESOURCE, target, target['spec'].selector);
  if (finished(target, all))
    cleanUp(
      context,
      target,
      all.filter((each) => each.metadata.uid !== set?.metadata.uid),
    );
  return writeStatus(context, target, created);
}

const finished = (target: KubeObject, sets: KubeObject[]): boolean =>
  sets.filter((set) => replicasOf(set) > 0).length <= 1 &&
  (target['status']?.availableReplicas ?? 0) === (target['spec'].replicas ?? 1);

function noteRevision({ store, client }: ControllerContext, seen: KubeObject, set: KubeObject | undefined): void {
  const revision = set?.metadata.annotations?.[REVISION];
  const now = store.get(DEPLOYMENTS, seen.metadata.namespace, seen.metadata.name);
  if (!now || revision === undefined || now.metadata.annotations?.[REVISION] === revision) return;
  const annotations = { ...now.metadata.annotations, [REVISION]: revision };
  client.update(DEPLOYMENTS, { ...now, metadata: { ...now.metadata, annotations } });
}

/** Pausing and resuming stand in the Progressing condition, so that no deadline runs meanwhile. */
function notePause({ client, clock }: ControllerContext, target: KubeObject): KubeObject {
  const conditions: Condition[] = target['status']?.conditions ?? [];
  const known = findCondition(conditions, 'Progressing');
  const noted = known?.reason === 'DeploymentPaused';
  const paused: boolean = target['spec'].paused ?? false;
  if (
    known?.reason === 'ProgressDeadlineExceeded' ||
    paused === noted ||
    target['spec'].progressDeadlineSeconds === null
  )
    return target;
  const next: Condition = {
    type: 'Progressing',
    status: 'Unknown',
    reason: paused ? 'DeploymentPaused' : 'DeploymentResumed',
    message: paused ? 'Deployment is paused' : 'Deployment is resumed',
  };
  const status = { ...target['status'], conditions: setCondition(conditions, next, clock.timestamp()) };
  return client.updateStatus(DEPLOYMENTS, { ...target, status });
}

function writeStatus(
  { store, client, clock }: ControllerContext,
  seen: KubeObject,
  created: boolean,
): number | undefined {
  const target = store.get(DEPLOYMENTS, seen.metadata.namespace, seen.metadata.name);
  if (!target) return undefined;
  const sets = claim(store, client, RESOURCE, target, target['spec'].selector);
  const current = findNew(target, sets);
  const old = sets.filter((set) => set !== current);
  const next = status({ deployment: target, current, old, created, now: clock.now() });
  const plain = JSON.parse(JSON.stringify(next.status));
  if (!equal(plain, target['status'])) client.updateStatus(DEPLOYMENTS, { ...target, status: plain });
  return next.again;
}
