// replicasets.apps
import { formatSelector } from '../store/selectors';
import { age, columns, containersAndImages } from './columns';
import type { ResourceDefinition } from './definition';
import { defaultTemplate } from './pod-spec/defaults';
import { immutableSelector, keepStatus, scaleOf, validateWorkload } from './workload';

export const replicaSet: ResourceDefinition = {
  group: 'apps',
  versions: [{ name: 'v1' }],
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],
  generation: true,
  scale: scaleOf,
  columns: columns(
    'Name',
    'Desired:integer',
    'Current:integer',
    'Ready:integer',
    'Age',
    'Containers*',
    'Images*',
    'Selector*',
  ),
  row: (object, now) => {
    const { spec, status } = object;
    return [
      object.metadata.name,
      spec?.replicas ?? 0,
      status?.replicas ?? 0,
      status?.readyReplicas ?? 0,
      age(object, now),
      ...containersAndImages(spec?.template),
      formatSelector(spec?.selector),
    ];
  },
  selectable: ({ status }) => ({ 'status.replicas': String(status?.replicas ?? 0) }),
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.replicas ??= 1;
    defaultTemplate(spec);
  },
  prepareCreate(object) {
    object['status'] = { replicas: 0 };
  },
  prepareUpdate: keepStatus,
  validate: (object, errors) => validateWorkload(object, 'replica set', errors),
  validateUpdate: immutableSelector,
};
