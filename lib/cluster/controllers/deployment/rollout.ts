// One step of a rollout. kubernetes pkg/controller/deployment/{rolling,recreate,sync}.go.
import { podFinished } from '../../kinds';
import type { KubeObject } from '../../store/types';
import type { ControllerContext } from '../controller';
import { podsOf } from '../owners';
import { availableOf, desired, maxSurge, maxUnavailable, newReplicas, replicasOf, sum } from './limits';
import { DESIRED, RESOURCE, revisionOf, scaleSet } from './replica-sets';

const byCreation = (a: KubeObject, b: KubeObject) =>
  Number(a.metadata.creationTimestamp > b.metadata.creationTimestamp) -
    Number(a.metadata.creationTimestamp < b.metadata.creationTimestamp) || revisionOf(a) - revisionOf(b);

const active = (sets: KubeObject[]) => sets.filter((set) => replicasOf(set) > 0);

/** True when the deployment's size was changed since its replica sets were last scaled. */
export const isScaling = (deployment: KubeObject, sets: KubeObject[]): boolean =>
  active(sets).some((set) => {
    const noted = set.metadata.annotations?.[DESIRED];
    return noted !== undefined && Number(noted) !== desired(deployment);
  });

/** Follows a change of the deployment's size: in full when one replica set is active, in proportion when several are. */
export function scale(
  context: ControllerContext,
  deployment: KubeObject,
  current: KubeObject | undefined,
  old: KubeObject[],
): void {
  const all = current ? [...old, current] : old;
  const running = active(all);
  const latest = current ?? [...old].sort((a, b) => revisionOf(b) - revisionOf(a))[0];
  if (running.length <= 1) {
    const only = running[0] ?? latest;
    if (only) scaleSet(context, deployment, only, desired(deployment));
    return;
  }
  if (current && replicasOf(current) === desired(deployment) && availableOf(current) === desired(deployment)) {
    for (const set of active(old)) scaleSet(context, deployment, set, 0);
    return;
  }
  proportionally(context, deployment, running);
}

function proportionally(context: ControllerContext, deployment: KubeObject, sets: KubeObject[]): void {
  const allowed = desired(deployment) > 0 ? desired(deployment) + maxSurge(deployment) : 0;
  const total = sum(sets, replicasOf);
  let left = allowed - total;
  const grow = left > 0;
  const sorted = [...sets].sort(
    (a, b) => replicasOf(b) - replicasOf(a) || (grow ? byCreation(b, a) : byCreation(a, b)),
  );
  const sizes = sorted.map((set) => {
    const share = total === 0 ? 0 : Math.round((replicasOf(set) * allowed) / total) - replicasOf(set);
    const part = grow ? Math.min(Math.max(share, 0), left) : Math.max(Math.min(share, 0), left);
    left -= part;
    return replicasOf(set) + part;
  });
  sorted.forEach((set, i) => {
    scaleSet(context, deployment, set, Math.max(0, (sizes[i] ?? 0) + (i === 0 ? left : 0)));
  });
}

/** Moves pods from the old replica sets to the new one, within what may be missing and what may be too many. */
export function roll(context: ControllerContext, deployment: KubeObject, current: KubeObject, old: KubeObject[]): void {
  const now = replicasOf(current);
  const wanted = now > desired(deployment) ? desired(deployment) : newReplicas(deployment, old, current);
  if (wanted !== now) {
    scaleSet(context, deployment, current, wanted);
    return;
  }
  shrinkOld(context, deployment, current, old);
}

function shrinkOld(context: ControllerContext, deployment: KubeObject, current: KubeObject, old: KubeObject[]): void {
  const running = active(old).sort(byCreation);
  if (running.length === 0) return;
  const least = desired(deployment) - maxUnavailable(deployment);
  const missing = replicasOf(current) - availableOf(current);
  let unhealthyBudget = sum([...running, current], replicasOf) - least - missing;
  if (unhealthyBudget <= 0) return;
  const sizes = new Map(running.map((set) => [set.metadata.name, replicasOf(set)]));
  for (const set of running) {
    const part = Math.min(unhealthyBudget, Math.max(0, replicasOf(set) - availableOf(set)));
    sizes.set(set.metadata.name, replicasOf(set) - part);
    unhealthyBudget -= part;
  }
  let budget = sum([...running, current], availableOf) - least;
  for (const set of running) {
    const size = sizes.get(set.metadata.name) ?? 0;
    const part = Math.max(0, Math.min(budget, size));
    sizes.set(set.metadata.name, size - part);
    budget -= part;
  }
  for (const set of running) scaleSet(context, deployment, set, sizes.get(set.metadata.name) ?? 0);
}

/** Ends all old pods first; true when they are gone and the new replica set may come. */
export function oldAreGone(context: ControllerContext, deployment: KubeObject, old: KubeObject[]): boolean {
  const running = active(old);
  for (const set of running) scaleSet(context, deployment, set, 0);
  return running.length === 0 && old.every((set) => podsOf(context.store, set).every(podFinished));
}

/** Deletes replica sets beyond the history that the deployment keeps. */
export function cleanUp({ client }: ControllerContext, deployment: KubeObject, old: KubeObject[]): void {
  const limit: number = deployment['spec'].revisionHistoryLimit ?? 10;
  const idle = old.filter(
    (set) => !set.metadata.deletionTimestamp && replicasOf(set) === 0 && (set['status']?.replicas ?? 0) === 0,
  );
  const surplus = idle.sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, old.length - limit));
  for (const { metadata } of surplus) client.delete(RESOURCE, metadata.namespace, metadata.name);
}
