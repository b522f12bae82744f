// jobs.batch
import { formatSelector } from '../store/selectors';
import type { KubeObject } from '../store/types';
import { age, columns, containersAndImages } from './columns';
import type { ResourceDefinition } from './definition';
import { humanDuration } from './duration';
import { validateJobSpec } from './job-rules';
import { defaultTemplate } from './pod-spec/defaults';
import { keepStatus } from './workload';

const condition = (job: KubeObject, type: string): boolean =>
  (job['status']?.conditions ?? []).some(
    (c: { type: string; status: string }) => c.type === type && c.status === 'True',
  );

function phase(job: KubeObject): string {
  if (condition(job, 'Complete')) return 'Complete';
  if (condition(job, 'Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp) return 'Terminating';
  if (condition(job, 'Suspended')) return 'Suspended';
  if (condition(job, 'FailureTarget')) return 'FailureTarget';
  return condition(job, 'SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function completions({ spec, status }: KubeObject): string {
  const done = status?.succeeded ?? 0;
  if (typeof spec?.completions === 'number') return `${done}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

function duration({ status }: KubeObject, now: number): string {
  if (!status?.startTime) return '';
  return humanDuration(
    (status.completionTime ? Date.parse(status.completionTime) : now) - Date.parse(status.startTime),
  );
}

/** Shared with CronJob's template. Works in place. */
// biome-ignore lint/suspicious/noExplicitAny: a job's specification
export function defaultJobSpec(spec: any): void {
  if (spec.completions === undefined && spec.parallelism === undefined) {
    spec.completions = 1;
    spec.parallelism = 1;
  }
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
  spec.manualSelector ??= false;
  if (!spec.manualSelector) delete spec.manualSelector;
  defaultTemplate(spec);
}

const NAME_LABELS = ['batch.kubernetes.io/job-name', 'job-name'];
const UID_LABELS = ['batch.kubernetes.io/controller-uid', 'controller-uid'];

function generateSelector(job: KubeObject): void {
  const { spec, metadata } = job;
  if (spec.manualSelector) return;
  const meta = (spec.template.metadata ??= { creationTimestamp: null });
  const labels = (meta.labels ??= {});
  for (const label of NAME_LABELS) labels[label] = metadata.name;
  for (const label of UID_LABELS) labels[label] = metadata.uid;
  spec.selector ??= {};
  spec.selector.matchLabels = { ...spec.selector.matchLabels, 'batch.kubernetes.io/controller-uid': metadata.uid };
}

export const job: ResourceDefinition = {
  group: 'batch',
  versions: [{ name: 'v1' }],
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  generation: true,
  orphanByDefault: true,
  columns: columns('Name', 'Status', 'Completions', 'Duration', 'Age', 'Containers*', 'Images*', 'Selector*'),
  row: (object, now) => [
    object.metadata.name,
    phase(object),
    completions(object),
    duration(object, now),
    age(object, now),
    ...containersAndImages(object['spec']?.template),
    formatSelector(object['spec']?.selector),
  ],
  selectable: ({ status }) => ({ 'status.successful': String(status?.succeeded ?? 0) }),
  default(object) {
    defaultJobSpec((object['spec'] ??= {}));
    const labels = object['spec'].template?.metadata?.labels;
    if (labels && Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels };
  },
  prepareCreate(object) {
    object['status'] = {};
    if (object['spec'].template) generateSelector(object);
  },
  prepareUpdate: keepStatus,
  validate: (object, errors) => validateJobSpec(object['spec'], 'spec', errors),
  validateUpdate(object, old, errors) {
    const immutable = (part: string) => {
      if (JSON.stringify(object['spec'][part]) !== JSON.stringify(old['spec'][part]))
        errors.invalid(`spec.${part}`, JSON.stringify(object['spec'][part]) ?? null, 'field is immutable');
    };
    if (object['spec'].completionMode !== 'Indexed') immutable('completions');
    immutable('selector');
    if (!old['spec'].suspend) immutable('template');
    immutable('completionMode');
  },
};
