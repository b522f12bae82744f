// How far a rollout may go at a time: maxSurge, maxUnavailable and what follows from them.
import type { KubeObject } from '../../store/types';

export const desired = (deployment: KubeObject): number => deployment['spec'].replicas ?? 1;
export const replicasOf = (set: KubeObject): number => set['spec'].replicas ?? 1;
export const availableOf = (set: KubeObject): number => set['status']?.availableReplicas ?? 0;
export const sum = (sets: KubeObject[], of: (set: KubeObject) => number): number =>
  sets.reduce((total, set) => total + of(set), 0);

/** A number or percentage of `total`, rounded as asked. */
export function scaled(value: number | string | undefined, total: number, round: (n: number) => number): number {
  if (value === undefined) return round(total / 4); // 25 % by default
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? round((Number(value.slice(0, -1)) * total) / 100) : Number(value);
}

export const isRolling = (deployment: KubeObject): boolean => deployment['spec'].strategy?.type !== 'Recreate';

export function maxSurge(deployment: KubeObject): number {
  if (!isRolling(deployment)) return 0;
  return scaled(deployment['spec'].strategy?.rollingUpdate?.maxSurge, desired(deployment), Math.ceil);
}

export function maxUnavailable(deployment: KubeObject): number {
  if (!isRolling(deployment) || desired(deployment) === 0) return 0;
  const value = deployment['spec'].strategy?.rollingUpdate?.maxUnavailable;
  const unavailable = Math.min(scaled(value, desired(deployment), Math.floor), desired(deployment));
  return unavailable === 0 && maxSurge(deployment) === 0 ? 1 : unavailable; // both zero would never move
}

/** The size that the new replica set may have now. */
export function newReplicas(deployment: KubeObject, old: KubeObject[], set: KubeObject | undefined): number {
  if (!isRolling(deployment)) return desired(deployment);
  const most = desired(deployment) + maxSurge(deployment);
  const now = set ? replicasOf(set) : 0;
  const total = sum(old, replicasOf) + now;
  if (total >= most) return now;
  return now + Math.min(most - total, desired(deployment) - now);
}
