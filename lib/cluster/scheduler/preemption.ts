// Which pods have to go so that a more important one finds a node: pkg/scheduler/framework/preemption.
import { type Pod, podReady } from '../kinds';
import { matchesSelector } from '../selectors';
import type { KubeObject } from '../store/types';
import { refusal, type Surroundings } from './filters';
import { NodeInfo } from './node-info';

export const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0;

export interface Candidate {
  node: string;
  victims: Pod[];
  /** Victims whose disruption budget forbids it. */
  violations: number;
}

const startedAt = ({ status, metadata }: Pod): string => status?.startTime ?? metadata.creationTimestamp;

/** The more important first; of equal ones, the one that has run longer. */
const byImportance = (a: Pod, b: Pod): number =>
  priorityOf(b) - priorityOf(a) || (startedAt(a) < startedAt(b) ? -1 : startedAt(a) > startedAt(b) ? 1 : 0);

/** Which of the pods a budget would not let go; each budget's allowance is spent in the order of the list. */
function violating(pods: readonly Pod[], budgets: readonly KubeObject[]): Set<Pod> {
  const left = new Map(budgets.map((budget) => [budget, budget['status']?.disruptionsAllowed ?? 0]));
  const found = new Set<Pod>();
  for (const pod of pods)
    for (const budget of budgets) {
      if (budget.metadata.namespace !== pod.metadata.namespace) continue;
      if (!matchesSelector(budget['spec'].selector, pod.metadata.labels) || !podReady(pod)) continue;
      left.set(budget, (left.get(budget) ?? 0) - 1);
      if ((left.get(budget) ?? 0) < 0) found.add(pod);
    }
  return found;
}

/** The fewest pods of a node that have to go; undefined if even all of lower priority are not enough. */
function victimsOn(
  pod: Pod,
  info: NodeInfo,
  around: Surroundings,
  budgets: readonly KubeObject[],
): Candidate | undefined {
  const lower = [...info.pods.values()].filter((other) => priorityOf(other) < priorityOf(pod)).sort(byImportance);
  if (lower.length === 0) return undefined;
  const trial = new NodeInfo(info.node);
  for (const other of info.pods.values()) if (priorityOf(other) >= priorityOf(pod)) trial.add(other);
  const there = { ...around, nodes: around.nodes.map((each) => (each === info ? trial : each)) };
  if (refusal(pod, trial, there, true)) return undefined;
  const forbidden = violating(lower, budgets);
  const victims: Pod[] = [];
  // those that a budget protects are given their place back first
  for (const other of [
    ...lower.filter((each) => forbidden.has(each)),
    ...lower.filter((each) => !forbidden.has(each)),
  ]) {
    trial.add(other);
    if (!refusal(pod, trial, there, true)) continue;
    trial.remove(other.metadata.uid);
    victims.push(other);
  }
  victims.sort(byImportance);
  return {
    node: info.node.metadata.name,
    victims,
    violations: victims.filter((each) => forbidden.has(each)).length,
  };
}

/** Smaller is better: budgets broken, the highest priority lost, the sum of them, their number, the youngest of the highest. */
function cost({ victims, violations }: Candidate): number[] {
  const sum = victims.reduce((total, pod) => total + priorityOf(pod) + 2 ** 31, 0);
  const [first] = victims;
  return [violations, first ? priorityOf(first) : 0, sum, victims.length, first ? -Date.parse(startedAt(first)) : 0];
}

function cheaper(a: Candidate, b: Candidate): boolean {
  const [left, right] = [cost(a), cost(b)];
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return (left[i] as number) < (right[i] as number);
  return a.node < b.node;
}

/** The node where the least is lost; `nodes` are those that refused the pod for want of what other pods hold. */
export function choose(
  pod: Pod,
  nodes: readonly NodeInfo[],
  around: Surroundings,
  budgets: readonly KubeObject[],
): Candidate | undefined {
  let best: Candidate | undefined;
  for (const info of nodes) {
    const found = victimsOn(pod, info, around, budgets);
    if (found && (!best || cheaper(found, best))) best = found;
  }
  return best;
}
