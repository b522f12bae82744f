// daemonsets.apps
import { formatSelector } from '../store/selectors';
import { age, columns, containersAndImages } from './columns';
import type { ResourceDefinition } from './definition';
import { defaultTemplate } from './pod-spec/defaults';
import { nonNegative, oneOf, validateShare } from './validation/values';
import { immutableSelector, keepStatus, validateWorkload } from './workload';

const none = (value: unknown) => value === undefined || value === 0 || value === '0%' || value === '0';

export const daemonSet: ResourceDefinition = {
  group: 'apps',
  versions: [{ name: 'v1' }],
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  generation: true,
  columns: columns(
    'Name',
    'Desired:integer',
    'Current:integer',
    'Ready:integer',
    'Up-to-date:integer',
    'Available:integer',
    'Node Selector',
    'Age',
    'Containers*',
    'Images*',
    'Selector*',
  ), // prettier-ignore
  row: (object, now) => {
    const { spec, status } = object;
    const node = Object.entries(spec?.template?.spec?.nodeSelector ?? {}).map(([key, value]) => `${key}=${value}`);
    return [
      object.metadata.name,
      status?.desiredNumberScheduled ?? 0,
      status?.currentNumberScheduled ?? 0,
      status?.numberReady ?? 0,
      status?.updatedNumberScheduled ?? 0,
      status?.numberAvailable ?? 0,
      node.sort().join(',') || '<none>',
      age(object, now),
      ...containersAndImages(spec?.template),
      formatSelector(spec?.selector),
    ];
  },
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.updateStrategy ??= {};
    spec.updateStrategy.type ??= 'RollingUpdate';
    if (spec.updateStrategy.type === 'RollingUpdate')
      spec.updateStrategy.rollingUpdate = { maxSurge: 0, maxUnavailable: 1, ...spec.updateStrategy.rollingUpdate };
    spec.revisionHistoryLimit ??= 10;
    defaultTemplate(spec);
  },
  prepareCreate(object) {
    object['status'] = { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    validateWorkload(object, 'daemonset', errors);
    const { updateStrategy, minReadySeconds, revisionHistoryLimit } = object['spec'];
    nonNegative(minReadySeconds, 'spec.minReadySeconds', errors);
    const { maxSurge, maxUnavailable } = updateStrategy.rollingUpdate ?? {};
    const at = 'spec.updateStrategy.rollingUpdate';
    if (updateStrategy.type === 'RollingUpdate') {
      validateShare(maxUnavailable, `${at}.maxUnavailable`, true, errors);
      validateShare(maxSurge, `${at}.maxSurge`, true, errors);
      if (!none(maxSurge) && !none(maxUnavailable))
        errors.invalid(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero');
      if (none(maxSurge) && none(maxUnavailable))
        errors.required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0');
    }
    nonNegative(revisionHistoryLimit, 'spec.revisionHistoryLimit', errors);
    oneOf(object['spec'].updateStrategy.type, ['RollingUpdate', 'OnDelete'], 'spec.updateStrategy.type', errors);
  },
  validateUpdate: immutableSelector,
};
