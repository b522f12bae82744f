// CronJobs: a job at each time that a schedule names. kubernetes pkg/controller/cronjob.
import type { KubeObject, ObjectInput } from '../store/types';
import { type ControllerContext, type MakeController, splitKey } from './controller';
import { nextTime } from './cron-schedule';
import { equal } from './equal';
import { controllerReference, indexByController, ownedBy, ownerKeys } from './owners';

const CRON_JOBS = 'cronjobs.batch';
const JOBS = 'jobs.batch';
const COMPONENT = { component: 'cronjob-controller' };
const MINUTE_MS = 60_000;
const TOO_MANY_MISSED = 100;

export const cronJob: MakeController = (context) => {
  indexByController(context.store, JOBS);
  return {
    name: 'cronjob',
    watches: {
      [CRON_JOBS]: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
      [JOBS]: ownerKeys(context.store, 'CronJob', CRON_JOBS),
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const found = context.store.get(CRON_JOBS, namespace, name);
      return found && !found.metadata.deletionTimestamp ? reconcile(context, found) : undefined;
    },
  };
};

const ended = (job: KubeObject): 'Complete' | 'Failed' | undefined =>
  (job['status']?.conditions ?? []).find(
    ({ type, status }: { type: string; status: string }) =>
      (type === 'Complete' || type === 'Failed') && status === 'True',
  )?.type;

function reconcile(context: ControllerContext, seen: KubeObject): number | undefined {
  const { store, clock } = context;
  const jobs = ownedBy(store, JOBS, seen);
  cleanUp(context, seen, jobs);
  const status = { ...seen['status'] };
  noteActive(context, seen, jobs, status);
  const again = schedule(context, seen, jobs, status);
  write(context, seen, status);
  return again === undefined ? undefined : Math.max(1, again - clock.now());
}

interface CronStatus {
  active?: {
    apiVersion: string;
    kind: string;
    name: string;
    namespace: string;
    uid: string;
    resourceVersion?: string;
  }[];
  lastScheduleTime?: string;
  lastSuccessfulTime?: string;
}

function noteActive({ events }: ControllerContext, seen: KubeObject, jobs: KubeObject[], status: CronStatus): void {
  for (const { name, uid } of status.active ?? []) {
    const job = jobs.find(({ metadata }) => metadata.uid === uid);
    const how = job && ended(job);
    if (!job) events.record(seen, 'Normal', 'MissingJob', `Active job went missing: ${name}`, COMPONENT);
    else if (how)
      events.record(seen, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${how}`, COMPONENT);
    if (job && how === 'Complete') status.lastSuccessfulTime = job['status'].completionTime;
  }
  status.active = jobs.filter((job) => !ended(job)).map((job) => reference(job));
  if (status.active.length === 0) delete status.active;
}

const reference = (job: KubeObject) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  name: job.metadata.name,
  namespace: job.metadata.namespace ?? '',
  uid: job.metadata.uid,
  resourceVersion: job.metadata.resourceVersion,
});

/** Starts what is due; gives the next time, or undefined when there is none. */
function schedule(
  context: ControllerContext,
  seen: KubeObject,
  jobs: KubeObject[],
  status: CronStatus,
): number | undefined {
  const { client, events, clock } = context;
  const { schedule: text, suspend, concurrencyPolicy, startingDeadlineSeconds, timeZone } = seen['spec'];
  if (suspend) return undefined;
  const since = Date.parse(status.lastScheduleTime ?? seen.metadata.creationTimestamp);
  const from = startingDeadlineSeconds ? Math.max(since, clock.now() - startingDeadlineSeconds * 1000) : since;
  let due: number | undefined;
  let next = nextTime(text, from, timeZone);
  for (let i = 0; next !== undefined && next <= clock.now() && i < TOO_MANY_MISSED; i++) {
    due = next;
    next = nextTime(text, next, timeZone);
  }
  if (next !== undefined && next <= clock.now()) next = nextTime(text, clock.now(), timeZone);
  if (due === undefined) return next;
  const active = jobs.filter((job) => !ended(job));
  if (concurrencyPolicy === 'Forbid' && active.length > 0) {
    events.record(
      seen,
      'Normal',
      'JobAlreadyActive',
      'Not starting job because prior execution is running and concurrency policy is Forbid',
      COMPONENT,
    );
    return next;
  }
  if (concurrencyPolicy === 'Replace')
    for (const { metadata } of active) {
      client.delete(JOBS, metadata.namespace, metadata.name, { propagationPolicy: 'Background' });
      events.record(seen, 'Normal', 'SuccessfulDelete', `Deleted job ${metadata.name}`, COMPONENT);
    }
  const made = client.create(JOBS, jobOf(seen, due));
  events.record(seen, 'Normal', 'SuccessfulCreate', `Created job ${made.metadata.name}`, COMPONENT);
  status.active = [...(concurrencyPolicy === 'Replace' ? [] : (status.active ?? [])), reference(made)];
  status.lastScheduleTime = `${new Date(due).toISOString().slice(0, 19)}Z`;
  return next;
}

function jobOf(seen: KubeObject, due: number): ObjectInput {
  const { metadata = {}, spec } = seen['spec'].jobTemplate;
  const at = `${new Date(due).toISOString().slice(0, 19)}Z`;
  return {
    metadata: {
      ...(metadata.labels && { labels: metadata.labels }),
      annotations: { ...metadata.annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': at },
      name: `${seen.metadata.name}-${due / MINUTE_MS}`,
      namespace: seen.metadata.namespace as string,
      ownerReferences: [controllerReference(seen)],
    },
    spec: structuredClone(spec),
  };
}

/** Deletes ended jobs beyond the history. */
function cleanUp({ client, events }: ControllerContext, seen: KubeObject, jobs: KubeObject[]): void {
  const limits = {
    Complete: seen['spec'].successfulJobsHistoryLimit ?? 3,
    Failed: seen['spec'].failedJobsHistoryLimit ?? 1,
  };
  for (const how of ['Complete', 'Failed'] as const) {
    const old = jobs
      .filter((job) => ended(job) === how && !job.metadata.deletionTimestamp)
      .sort((a, b) => (a['status'].startTime < b['status'].startTime ? -1 : 1));
    for (const { metadata } of old.slice(0, Math.max(0, old.length - limits[how]))) {
      client.delete(JOBS, metadata.namespace, metadata.name, { propagationPolicy: 'Background' });
      events.record(seen, 'Normal', 'SuccessfulDelete', `Deleted job ${metadata.name}`, COMPONENT);
    }
  }
}

function write({ store, client }: ControllerContext, seen: KubeObject, status: CronStatus): void {
  const now = store.get(CRON_JOBS, seen.metadata.namespace, seen.metadata.name);
  if (now && !equal(status, now['status'] ?? {})) client.updateStatus(CRON_JOBS, { ...now, status });
}
