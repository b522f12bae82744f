// deployments.apps
import { formatSelector } from '../store/selectors';
import { age, columns, containersAndImages } from './columns';
import type { ResourceDefinition } from './definition';
import { defaultTemplate } from './pod-spec/defaults';
import { nonNegative, oneOf, validateShare } from './validation/values';
import { emptyStatus, immutableSelector, keepStatus, scaleOf, validateWorkload } from './workload';

const isZero = (value: unknown) => value === 0 || value === '0%';

export const deployment: ResourceDefinition = {
  group: 'apps',
  versions: [{ name: 'v1' }],
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],
  generation: true,
  scale: scaleOf,
  columns: columns('Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers*', 'Images*', 'Selector*'),
  row: (object, now) => {
    const { spec, status } = object;
    return [
      object.metadata.name,
      `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
      status?.updatedReplicas ?? 0,
      status?.availableReplicas ?? 0,
      age(object, now),
      ...containersAndImages(spec?.template),
      formatSelector(spec?.selector),
    ];
  },
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
    spec.strategy ??= {};
    spec.strategy.type ??= 'RollingUpdate';
    if (spec.strategy.type === 'RollingUpdate')
      spec.strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...spec.strategy.rollingUpdate };
    defaultTemplate(spec);
  },
  prepareCreate: emptyStatus,
  prepareUpdate: keepStatus,
  validate(object, errors) {
    validateWorkload(object, 'deployment', errors);
    const { strategy, minReadySeconds, progressDeadlineSeconds = 0, revisionHistoryLimit } = object['spec'];
    if (strategy.type === 'Recreate' && strategy.rollingUpdate)
      errors.forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'");
    oneOf(strategy.type, ['Recreate', 'RollingUpdate'], 'spec.strategy.type', errors);
    validateShare(strategy.rollingUpdate?.maxUnavailable, 'spec.strategy.rollingUpdate.maxUnavailable', true, errors);
    validateShare(strategy.rollingUpdate?.maxSurge, 'spec.strategy.rollingUpdate.maxSurge', false, errors);
    if (
      strategy.rollingUpdate &&
      isZero(strategy.rollingUpdate.maxSurge) &&
      isZero(strategy.rollingUpdate.maxUnavailable)
    )
      errors.invalid(
        'spec.strategy.rollingUpdate.maxUnavailable',
        strategy.rollingUpdate.maxUnavailable,
        'may not be 0 when `maxSurge` is 0',
      );
    nonNegative(minReadySeconds, 'spec.minReadySeconds', errors);
    nonNegative(revisionHistoryLimit, 'spec.revisionHistoryLimit', errors);
    if (progressDeadlineSeconds <= (minReadySeconds ?? 0))
      errors.invalid('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than minReadySeconds');
  },
  validateUpdate: immutableSelector,
};
