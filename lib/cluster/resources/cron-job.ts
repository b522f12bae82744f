// cronjobs.batch
import { age, columns, containersAndImages } from './columns';
import { scheduleProblem } from './cron-problem';
import type { ResourceDefinition } from './definition';
import { legacyVersion } from './definition';
import { since } from './duration';
import { defaultJobSpec } from './job';
import { validateJobSpec } from './job-rules';
import { validateTimeZone } from './time-zone';
import { nonNegative, oneOf } from './validation/values';
import { keepStatus } from './workload';

export const cronJob: ResourceDefinition = {
  group: 'batch',
  versions: [{ name: 'v1' }, legacyVersion('batch', 'v1beta1', 'CronJob', '1.21', '1.25')],
  kind: 'CronJob',
  plural: 'cronjobs',
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  generation: true,
  columns: columns(
    'Name',
    'Schedule',
    'Timezone',
    'Suspend:boolean',
    'Active:integer',
    'Last Schedule',
    'Age',
    'Containers*',
    'Images*',
    'Selector*',
  ),
  row: (object, now) => {
    const { spec, status } = object;
    return [
      object.metadata.name,
      spec?.schedule ?? '',
      spec?.timeZone ?? '<none>',
      spec?.suspend ? 'True' : 'False',
      status?.active?.length ?? 0,
      status?.lastScheduleTime ? since(status.lastScheduleTime, now) : '<none>',
      age(object, now),
      ...containersAndImages(spec?.jobTemplate?.spec?.template),
      '<none>',
    ];
  },
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.concurrencyPolicy ??= 'Allow';
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    if (!spec.jobTemplate) return;
    spec.jobTemplate.metadata = { creationTimestamp: null, ...spec.jobTemplate.metadata };
    // The job inside gets only its pod template's defaults: the rest is set when the job is made.
    const job = (spec.jobTemplate.spec ??= {});
    const before = new Set(Object.keys(job));
    defaultJobSpec(job);
    for (const key of Object.keys(job)) if (!before.has(key)) delete job[key];
  },
  prepareCreate(object) {
    object['status'] = {};
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    const { schedule, jobTemplate, concurrencyPolicy, timeZone } = object['spec'];
    const { spec } = structuredClone({ spec: jobTemplate?.spec ?? {} });
    defaultJobSpec(spec);
    validateJobSpec(spec, 'spec.jobTemplate.spec', errors);
    if (!schedule) errors.required('spec.schedule');
    else {
      const problem = scheduleProblem(schedule);
      if (problem) errors.invalid('spec.schedule', schedule, problem);
      if (schedule.includes('TZ'))
        errors.invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead');
    }
    nonNegative(object['spec'].startingDeadlineSeconds, 'spec.startingDeadlineSeconds', errors);
    oneOf(concurrencyPolicy, ['Allow', 'Forbid', 'Replace'], 'spec.concurrencyPolicy', errors);
    for (const part of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'])
      nonNegative(object['spec'][part], `spec.${part}`, errors);
    validateTimeZone(timeZone, 'spec.timeZone', errors);
    if (object.metadata.name?.length > 52)
      errors.invalid('metadata.name', object.metadata.name, 'must be no more than 52 characters');
  },
};
