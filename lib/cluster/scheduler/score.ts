// Which of the nodes that fit is best: preferences first, equal pods apart, then the emptiest node.
// DIFFERS: the real scheduler weighs normalised scores of a dozen plug-ins and breaks ties at random; here the order is fixed.
import { controllerOf } from '../controllers/owners';
import type { Affinity, Pod } from '../kinds';
import { matchesSelector } from '../selectors';
import { domain, matchesTerm, present, type Surroundings, tolerates } from './filters';
import type { NodeInfo } from './node-info';

type PodAffinity = NonNullable<Affinity['podAffinity']>;

/** Compared from left to right; the smallest wins. */
export function rank(pod: Pod, info: NodeInfo, around: Surroundings): (number | string)[] {
  const owner = controllerOf(pod)?.uid ?? '';
  return [
    -preference(pod, info) - company(pod, info, around),
    crowd(pod, info, around),
    info.byController.get(owner) ?? 0,
    fullness(info),
    info.pods.size,
    info.node.metadata.name,
  ];
}

function preference(pod: Pod, info: NodeInfo): number {
  const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const wanted = terms.reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, info) ? weight : 0), 0);
  const disliked = (info.node.spec?.taints ?? []).filter(
    (taint) => taint.effect === 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, taint),
  );
  return wanted - disliked.length * 100;
}

/** The weights of the preferred terms of pod affinity that a node would meet, less those of anti-affinity. */
function company(pod: Pod, info: NodeInfo, around: Surroundings): number {
  const sum = (affinity: PodAffinity | undefined) =>
    (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).reduce(
      (total, { weight, podAffinityTerm }) => total + (present(podAffinityTerm, pod, info, around) ? weight : 0),
      0,
    );
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  return sum(podAffinity) - sum(podAntiAffinity);
}

/** How many pods of its kind are in a node's domain, for constraints that only wish for an even spread. */
function crowd(pod: Pod, info: NodeInfo, around: Surroundings): number {
  let total = 0;
  for (const { whenUnsatisfiable, topologyKey, labelSelector } of pod.spec.topologySpreadConstraints ?? []) {
    if (whenUnsatisfiable !== 'ScheduleAnyway') continue;
    const own = domain(info, topologyKey);
    for (const node of around.nodes)
      if (domain(node, topologyKey) === own)
        for (const other of node.pods.values())
          if (
            other.metadata.namespace === pod.metadata.namespace &&
            matchesSelector(labelSelector, other.metadata.labels)
          )
            total++;
  }
  return total;
}

/** The share of its processors and memory that is asked for, in steps of five percent. */
function fullness({ requested, allocatable }: NodeInfo): number {
  const share = (name: string) => (requested[name] ?? 0) / (allocatable[name] || 1);
  return Math.round(((share('cpu') + share('memory')) / 2) * 20);
}

export function better(a: (number | string)[], b: (number | string)[]): boolean {
  for (let i = 0; i < a.length; i++) {
    const [left, right] = [a[i] as number, b[i] as number];
    if (left !== right) return left < right;
  }
  return false;
}
