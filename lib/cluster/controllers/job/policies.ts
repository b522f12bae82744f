// What the failure of a pod means for its job, when indexes are given up, and when a job has succeeded early.
// kubernetes pkg/controller/job/{pod_failure_policy,success_policy,backoff_utils}.go.
import { type ContainerStatus, findCondition, type Pod } from '../../kinds';
import type { KubeObject } from '../../store/types';
import { indexOf, parseIndexes } from './pods';

interface FailureRule {
  action: 'Count' | 'FailIndex' | 'FailJob' | 'Ignore';
  onExitCodes?: { containerName?: string; operator: 'In' | 'NotIn'; values: number[] };
  onPodConditions?: { type: string; status?: string }[];
}

export interface Verdict {
  action: FailureRule['action'];
  /** Why the job failed, for FailJob. */
  message?: string;
}

const matchesCode = ({ state }: ContainerStatus, { operator, values }: NonNullable<FailureRule['onExitCodes']>) => {
  const code = state.terminated?.exitCode;
  if (!code) return false; // it did not fail
  return values.includes(code) === (operator === 'In');
};

function matches(rule: FailureRule, pod: Pod, i: number): string | undefined {
  const { onExitCodes, onPodConditions = [], action } = rule;
  const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
  const all = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  const found =
    onExitCodes &&
    all.find(
      (status) =>
        (!onExitCodes.containerName || status.name === onExitCodes.containerName) && matchesCode(status, onExitCodes),
    );
  if (found)
    return `Container ${found.name} for pod ${name} failed with exit code ${found.state.terminated?.exitCode} matching ${action} rule at index ${i}`;
  const condition = onPodConditions.find(
    ({ type, status = 'True' }) => findCondition(pod.status?.conditions, type)?.status === status,
  );
  return condition && `Pod ${name} has condition ${condition.type} matching ${action} rule at index ${i}`;
}

/** What the first rule that fits says of a failed pod; without one it counts. */
export function verdictOf(job: KubeObject, pod: Pod): Verdict {
  const rules: FailureRule[] = job['spec'].podFailurePolicy?.rules ?? [];
  for (const [i, rule] of rules.entries()) {
    const message = matches(rule, pod, i);
    if (message) return { action: rule.action, message };
  }
  return { action: 'Count' };
}

/** Failures of an index that count against its limit. */
export const failuresOf = (job: KubeObject, pods: readonly Pod[], index: number): number =>
  pods.filter(
    (pod) => indexOf(pod) === index && pod.status?.phase === 'Failed' && verdictOf(job, pod).action !== 'Ignore',
  ).length;

/** Indexes that are given up; undefined where the job has no such limit. */
export function failedIndexes(
  job: KubeObject,
  pods: readonly Pod[],
  before: string | undefined,
): Set<number> | undefined {
  const limit: number | undefined = job['spec'].backoffLimitPerIndex;
  if (limit === undefined) return undefined;
  const failed = parseIndexes(before);
  for (const pod of pods) {
    if (pod.status?.phase !== 'Failed') continue;
    const index = indexOf(pod);
    if (verdictOf(job, pod).action === 'FailIndex' || failuresOf(job, pods, index) > limit) failed.add(index);
  }
  return failed;
}

/** Why a job has succeeded though not all of its indexes have; undefined if it has not. */
export function earlySuccess(job: KubeObject, succeeded: ReadonlySet<number>): string | undefined {
  const rules: { succeededIndexes?: string; succeededCount?: number }[] = job['spec'].successPolicy?.rules ?? [];
  const at = rules.findIndex(({ succeededIndexes, succeededCount }) => {
    const wanted = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes);
    const done = wanted ? [...wanted].filter((index) => succeeded.has(index)) : [...succeeded];
    return done.length >= (succeededCount ?? wanted?.size ?? Number.POSITIVE_INFINITY);
  });
  return at < 0 ? undefined : `Matched rules at index ${at}`;
}
