// Jobs: pods that run to their end, counted once each, with back-off and deadlines. kubernetes pkg/controller/job.
import { type Condition, findCondition, type Pod, podFinished, podReady } from '../../kinds';
import type { KubeObject } from '../../store/types';
import { type ControllerContext, type MakeController, splitKey } from '../controller';
import { setCondition } from '../deployment/status';
import { equal } from '../equal';
import { claim, controllerOf, indexByController, ownerKeys } from '../owners';
import { createJobPod, formatIndexes, indexOf, isTracked, parseIndexes, untrack } from './pods';
import { earlySuccess, failedIndexes, failuresOf, verdictOf } from './policies';

const JOBS = 'jobs.batch';
const BACKOFF_MS = 10_000;
const MAX_BACKOFF_MS = 600_000;
const COMPONENT = { component: 'job-controller' };

interface Failure {
  reason: string;
  message: string;
}

interface JobStatus {
  failedIndexes?: string;
  active?: number;
  ready?: number;
  succeeded?: number;
  failed?: number;
  completedIndexes?: string;
  startTime?: string;
  completionTime?: string;
  conditions?: Condition[];
  terminating?: number;
  uncountedTerminatedPods?: object;
}

export const job: MakeController = (context) => {
  indexByController(context.store, 'pods');
  return {
    name: 'job',
    watches: {
      [JOBS]: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
      pods: ownerKeys(context.store, 'Job', JOBS),
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const found = context.store.get(JOBS, namespace, name);
      if (found) return reconcile(context, found);
      releaseOrphans(context, namespace, name);
      return undefined;
    },
  };
};

/** Pods of a job that is gone wait for nobody. */
function releaseOrphans({ store, client }: ControllerContext, namespace: string, name: string): void {
  for (const pod of store.list('pods', namespace) as Pod[]) {
    const owner = controllerOf(pod);
    if (owner?.kind === 'Job' && owner.name === name && isTracked(pod)) untrack(client, pod);
  }
}

const finished = (status: JobStatus): Condition | undefined =>
  status.conditions?.find(({ type, status: on }) => (type === 'Complete' || type === 'Failed') && on === 'True');

function reconcile(context: ControllerContext, seen: KubeObject): number | undefined {
  const { store, client, clock } = context;
  const before: JobStatus = seen['status'] ?? {};
  const pods = claim(store, client, 'pods', seen, seen['spec'].selector) as Pod[];
  if (finished(before)) return afterEnd(context, seen, pods);
  const status: JobStatus = { ...before };
  if (!seen['spec'].suspend) status.startTime ??= clock.timestamp();
  const ruled = count(seen, pods, status);
  const failure = ruled ?? failureOf(seen, status, clock.now());
  const early = earlySuccess(seen, parseIndexes(status.completedIndexes));
  const active = pods.filter((pod) => !podFinished(pod) && !pod.metadata.deletionTimestamp);
  let again: number | undefined;
  if (failure) end(context, seen, status, active, 'Failed', failure);
  else if (early) end(context, seen, status, active, 'Complete', { reason: 'SuccessPolicy', message: early });
  else if (isComplete(seen, status, active)) end(context, seen, status, active, 'Complete', COMPLETED);
  else again = manage(context, seen, status, active, pods);
  write(context, seen, status);
  for (const pod of pods) if (isTracked(pod) && counts(pod)) untrackNow(context, pod);
  return again;
}

const COMPLETED = { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };

/** A pod that has ended, or is being deleted before it did. */
const counts = (pod: Pod): boolean => podFinished(pod) || pod.metadata.deletionTimestamp !== undefined;

/** Counts what has ended since; gives the failure that a rule of the failure policy makes of it. */
function count(seen: KubeObject, pods: Pod[], status: JobStatus): Failure | undefined {
  let failure: Failure | undefined;
  const indexed = seen['spec'].completionMode === 'Indexed';
  const done = parseIndexes(status.completedIndexes);
  let [succeeded, failed] = [status.succeeded ?? 0, status.failed ?? 0];
  for (const pod of pods) {
    if (!isTracked(pod) || !counts(pod)) continue;
    if (pod.status?.phase !== 'Succeeded') {
      const { action, message = '' } = verdictOf(seen, pod);
      if (action !== 'Ignore') failed++;
      if (action === 'FailJob') failure ??= { reason: 'PodFailurePolicy', message };
    } else if (indexed) done.add(indexOf(pod));
    else succeeded++;
  }
  if (indexed) {
    succeeded = done.size;
    status.completedIndexes = formatIndexes(done);
  }
  status.succeeded = succeeded;
  status.failed = failed;
  const givenUp = failedIndexes(seen, pods, status.failedIndexes);
  if (givenUp) status.failedIndexes = formatIndexes(givenUp);
  return failure;
}

function untrackNow({ store, client }: ControllerContext, pod: Pod): void {
  const now = store.get('pods', pod.metadata.namespace, pod.metadata.name) as Pod | undefined;
  if (now?.metadata.uid === pod.metadata.uid) untrack(client, now);
}

function failureOf(
  seen: KubeObject,
  { failed = 0, startTime, failedIndexes: lost, completedIndexes }: JobStatus,
  now: number,
): Failure | undefined {
  const { backoffLimit = 6, activeDeadlineSeconds, suspend, maxFailedIndexes, completions } = seen['spec'];
  const given = parseIndexes(lost).size;
  if (maxFailedIndexes !== undefined && given > maxFailedIndexes)
    return {
      reason: 'MaxFailedIndexesExceeded',
      message: 'Job has exceeded the specified maximal number of failed indexes',
    };
  if (given > 0 && given + parseIndexes(completedIndexes).size >= completions)
    return { reason: 'FailedIndexes', message: 'Job has failed indexes' };
  if (failed > backoffLimit)
    return { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  if (activeDeadlineSeconds && !suspend && startTime && now >= Date.parse(startTime) + activeDeadlineSeconds * 1000)
    return { reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  return undefined;
}

function isComplete(seen: KubeObject, { succeeded = 0 }: JobStatus, active: Pod[]): boolean {
  const { completions } = seen['spec'];
  return completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
}

function end(
  { client, events, clock }: ControllerContext,
  seen: KubeObject,
  status: JobStatus,
  active: Pod[],
  type: 'Complete' | 'Failed',
  { reason, message }: Failure,
): void {
  for (const pod of active) client.delete('pods', pod.metadata.namespace, pod.metadata.name);
  const now = clock.timestamp();
  const first = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  for (const each of [first, type]) {
    const condition: Condition = { type: each, status: 'True', reason, message, lastProbeTime: now };
    const { lastUpdateTime: _, ...added } = setCondition([], condition, now)[0] ?? condition;
    status.conditions = [...(status.conditions ?? []).filter((c) => c.type !== each), added];
  }
  delete status.active;
  status.ready = 0;
  status.terminating = 0;
  if (type === 'Complete') {
    status.completionTime = now;
    events.record(seen, 'Normal', 'Completed', 'Job completed', COMPONENT);
  } else events.record(seen, 'Warning', reason, message, COMPONENT);
}

/** Creates and deletes pods until as many run as may; tells when to look again. */
function manage(
  context: ControllerContext,
  seen: KubeObject,
  status: JobStatus,
  active: Pod[],
  pods: Pod[],
): number | undefined {
  const { client, clock } = context;
  const { suspend, activeDeadlineSeconds } = seen['spec'];
  noteSuspension(context, seen, status);
  const wanted = suspend ? 0 : wantedActive(seen, status);
  let running = active.length;
  for (const pod of active.slice(wanted)) {
    client.delete('pods', pod.metadata.namespace, pod.metadata.name);
    running--;
  }
  const wait = running < wanted ? backoff(pods, status, clock.now()) : 0;
  if (wait <= 0)
    for (const index of nextIndexes(seen, status, active, wanted - running)) {
      createJobPod(context, seen, index, index === undefined ? 0 : failuresOf(seen, pods, index));
      running++;
    }
  status.active = running;
  status.ready = active.filter(podReady).length;
  status.terminating = pods.filter((pod) => pod.metadata.deletionTimestamp && !podFinished(pod)).length;
  const deadline =
    activeDeadlineSeconds && status.startTime
      ? Date.parse(status.startTime) + activeDeadlineSeconds * 1000 - clock.now()
      : undefined;
  const waits = [wait > 0 ? wait : undefined, deadline].filter((each): each is number => each !== undefined);
  return waits.length > 0 ? Math.max(1, Math.min(...waits)) : undefined;
}

function wantedActive(seen: KubeObject, { succeeded = 0, failedIndexes: lost }: JobStatus): number {
  const { parallelism = 1, completions } = seen['spec'];
  if (completions === undefined) return succeeded > 0 ? 0 : parallelism;
  return Math.min(parallelism, completions - succeeded - parseIndexes(lost).size);
}

/** After a failure the next pod waits, longer each time. */
function backoff(pods: Pod[], { failed = 0 }: JobStatus, now: number): number {
  const lost = pods.filter((pod) => pod.status?.phase === 'Failed');
  const failures = Math.max(failed, lost.length); // those that a policy ignores make it wait all the same
  if (failures === 0) return 0;
  const endOf = ({ status }: Pod) =>
    (status?.containerStatuses ?? []).map(({ state }) => Date.parse(state.terminated?.finishedAt ?? '') || 0);
  const last = Math.max(0, ...lost.flatMap(endOf));
  return last + Math.min(BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS) - now;
}

function nextIndexes(
  seen: KubeObject,
  { completedIndexes, failedIndexes: lost }: JobStatus,
  active: Pod[],
  n: number,
): (number | undefined)[] {
  if (n <= 0) return [];
  if (seen['spec'].completionMode !== 'Indexed') return Array.from({ length: n });
  const taken = new Set([...parseIndexes(completedIndexes), ...parseIndexes(lost), ...active.map(indexOf)]);
  const free: number[] = [];
  for (let i = 0; i < seen['spec'].completions && free.length < n; i++) if (!taken.has(i)) free.push(i);
  return free;
}

function noteSuspension({ events, clock }: ControllerContext, seen: KubeObject, status: JobStatus): void {
  const known = findCondition(status.conditions, 'Suspended');
  const suspend: boolean = seen['spec'].suspend ?? false;
  if ((known?.status === 'True') === suspend) return;
  const condition: Condition = {
    type: 'Suspended',
    status: suspend ? 'True' : 'False',
    reason: suspend ? 'JobSuspended' : 'JobResumed',
    message: suspend ? 'Job suspended' : 'Job resumed',
  };
  status.conditions = setCondition(status.conditions ?? [], condition, clock.timestamp());
  if (suspend) delete status.startTime;
  events.record(
    seen,
    'Normal',
    suspend ? 'Suspended' : 'Resumed',
    suspend ? 'Job suspended' : 'Job resumed',
    COMPONENT,
  );
}

function write({ store, client }: ControllerContext, seen: KubeObject, status: JobStatus): void {
  const now = store.get(JOBS, seen.metadata.namespace, seen.metadata.name);
  if (!now) return;
  const clean = Object.fromEntries(
    Object.entries({ ...status, uncountedTerminatedPods: {} }).filter(
      ([key, value]) =>
        value !== undefined && !(value === 0 && key !== 'ready' && key !== 'terminating') && value !== '',
    ),
  );
  if (!equal(clean, now['status'])) client.updateStatus(JOBS, { ...now, status: clean });
}

/** Pods of an ended job are let go; the job itself goes after its time to live. */
function afterEnd({ client, clock }: ControllerContext, seen: KubeObject, pods: Pod[]): number | undefined {
  for (const pod of pods) if (isTracked(pod) && counts(pod)) untrack(client, pod);
  const ttl: number | undefined = seen['spec'].ttlSecondsAfterFinished;
  const at = finished(seen['status'])?.lastTransitionTime;
  if (ttl === undefined || !at) return undefined;
  const left = Date.parse(at) + ttl * 1000 - clock.now();
  if (left > 0) return left;
  client.delete(JOBS, seen.metadata.namespace, seen.metadata.name, { propagationPolicy: 'Foreground' });
  return undefined;
}
