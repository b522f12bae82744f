// replicationcontrollers: the ancestor of replica sets, with a plain map as its selector.
import { formatLabels, selectsMap } from '../store/selectors';
import { age, columns, containersAndImages } from './columns';
import type { ResourceDefinition } from './definition';
import { defaultTemplate } from './pod-spec/defaults';
import { validateTemplate } from './pod-spec/validate';
import { nonNegative } from './validation/values';
import { keepStatus, scaleOf } from './workload';

export const replicationController: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],
  generation: true,
  orphanByDefault: true,
  scale: { ...scaleOf, selector: ({ spec }) => formatLabels(spec?.selector).replace('<none>', '') },
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
      formatLabels(spec?.selector),
    ];
  },
  selectable: ({ status }) => ({ 'status.replicas': String(status?.replicas ?? 0) }),
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.replicas ??= 1;
    const labels = spec.template?.metadata?.labels;
    if (labels && Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
    if (labels && Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels };
    defaultTemplate(spec);
  },
  prepareCreate(object) {
    object['status'] = { replicas: 0 };
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    const { spec } = object;
    nonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors);
    if (Object.keys(spec.selector ?? {}).length === 0) errors.required('spec.selector');
    nonNegative(spec.replicas, 'spec.replicas', errors);
    validateTemplate(spec, selectsMap(spec.selector, spec.template?.metadata?.labels), 'spec', errors);
  },
};
