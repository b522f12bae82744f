// daemonsets.apps
import { formatSelector } from '../store/selectors';
import { age, columns, containersAndImages } from './columns';
import type { ResourceDefinition } from './definition';
import { defaultTemplate } from './pod-spec/defaults';
import { oneOf } from './pod-spec/validate';
import { immutableSelector, keepStatus, validateWorkload } from './workload';

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
    oneOf(object['spec'].updateStrategy.type, ['RollingUpdate', 'OnDelete'], 'spec.updateStrategy.type', errors);
  },
  validateUpdate: immutableSelector,
};
