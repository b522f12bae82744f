// A pod's status from what its containers do: phase, conditions, quality of service. kubernetes pkg/kubelet/status/generate.go
// and kubelet_pods.go (getPhase).
import { type Condition, type Container, type ContainerStatus, findCondition, type Pod } from '../kinds';
import { quantityValue } from '../resources/quantity';

export interface Seen {
  containers: ContainerStatus[];
  init: ContainerStatus[];
  /** The network is set up. */
  sandbox: boolean;
  /** A phase that overrules: eviction, a deadline. */
  failed?: { reason: string; message: string };
  now: string;
}

const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** Init containers are done when each ended well, or, for a sidecar, has started. */
function initialized(pod: Pod, statuses: ContainerStatus[]): boolean {
  return (pod.spec.initContainers ?? []).every((container) => {
    const status = statuses.find(({ name }) => name === container.name);
    if (isSidecar(container))
      return (
        status?.started === true || (status && (status.state.terminated ?? status.lastState.terminated)) !== undefined
      );
    return status?.state.terminated?.exitCode === 0;
  });
}

export function phaseOf(pod: Pod, { containers, init, failed }: Seen): string {
  if (failed) return 'Failed';
  const policy = pod.spec.restartPolicy ?? 'Always';
  for (const container of pod.spec.initContainers ?? []) {
    if (isSidecar(container)) continue;
    const ended = init.find(({ name }) => name === container.name)?.state.terminated;
    if (ended && ended.exitCode !== 0 && policy === 'Never') return 'Failed';
  }
  if (!initialized(pod, init)) return 'Pending';
  let [waiting, running, stopped, succeeded] = [0, 0, 0, 0];
  for (const { state, lastState } of containers) {
    const ended = state.terminated ?? (state.waiting && lastState.terminated);
    if (state.running) running++;
    else if (!ended) waiting++;
    else {
      stopped++;
      if (ended.exitCode === 0) succeeded++;
    }
  }
  if (waiting > 0) return 'Pending';
  if (running > 0) return 'Running';
  if (policy === 'Always') return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

export function conditionsOf(pod: Pod, seen: Seen, phase: string): Condition[] {
  const ready = unready(pod, seen, phase);
  const started = initialized(pod, seen.init) || phase === 'Succeeded';
  const init: Pick<Condition, 'status' | 'reason' | 'message'> = started
    ? { status: 'True', ...(phase === 'Succeeded' && { reason: 'PodCompleted' }) }
    : { status: 'False', reason: 'ContainersNotInitialized', message: incomplete(pod, seen) };
  const next: Condition[] = [
    { type: 'PodReadyToStartContainers', status: seen.sandbox ? 'True' : 'False' },
    { type: 'Initialized', ...init },
    { type: 'Ready', ...ready },
    { type: 'ContainersReady', ...ready },
    findCondition(pod.status?.conditions, 'PodScheduled') ?? { type: 'PodScheduled', status: 'True' },
  ];
  const own = next.map((condition) => dated(condition, pod, seen.now));
  const known = new Set(own.map(({ type }) => type));
  return [...own, ...(pod.status?.conditions ?? []).filter(({ type }) => !known.has(type))];
}

function dated(condition: Condition, pod: Pod, now: string): Condition {
  const old = findCondition(pod.status?.conditions, condition.type);
  const lastTransitionTime = old?.status === condition.status ? (old.lastTransitionTime ?? now) : now;
  return { ...condition, lastProbeTime: null, lastTransitionTime };
}

function unready(
  pod: Pod,
  { containers, init }: Seen,
  phase: string,
): Pick<Condition, 'status' | 'reason' | 'message'> {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const sidecars = init.filter(({ name }) => pod.spec.initContainers?.some((c) => c.name === name && isSidecar(c)));
  const names = [...sidecars, ...containers].filter(({ ready }) => !ready).map(({ name }) => name);
  if (names.length === 0 && phase !== 'Pending') return { status: 'True' };
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${names.join(' ')}]`,
  };
}

function incomplete(pod: Pod, { init }: Seen): string {
  const names = (pod.spec.initContainers ?? [])
    .filter((container) => !init.find(({ name }) => name === container.name)?.state.terminated)
    .map(({ name }) => name);
  return `containers with incomplete status: [${names.join(' ')}]`;
}

/** pkg/apis/core/v1/helper/qos. */
export function qosClass(pod: Pod): string {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const amount = (of: Record<string, string | number> | undefined, name: string) => quantityValue(of?.[name]);
  const names = ['cpu', 'memory'];
  const guaranteed = all.every(({ resources }) =>
    names.every((name) => {
      const limit = amount(resources?.limits, name);
      return limit > 0 && (resources?.requests?.[name] === undefined || amount(resources.requests, name) === limit);
    }),
  );
  if (guaranteed) return 'Guaranteed';
  const any = all.some(({ resources }) =>
    names.some((name) => amount(resources?.limits, name) > 0 || amount(resources?.requests, name) > 0),
  );
  return any ? 'Burstable' : 'BestEffort';
}
