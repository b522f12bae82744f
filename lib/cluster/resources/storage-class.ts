// storageclasses.storage.k8s.io
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { oneOf } from './validation/values';

/** Annotations of the class that a claim gets which names none. */
export const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
] as const;

export const isDefaultClass = ({ metadata }: KubeObject): boolean =>
  DEFAULT_CLASS.some((name) => metadata.annotations?.[name] === 'true');

export const storageClass: ResourceDefinition = {
  group: 'storage.k8s.io',
  versions: [{ name: 'v1' }],
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  namespaced: false,
  columns: columns('Name', 'Provisioner', 'ReclaimPolicy', 'VolumeBindingMode', 'AllowVolumeExpansion', 'Age'),
  row: (object, now) => {
    return [
      object.metadata.name + (isDefaultClass(object) ? ' (default)' : ''),
      object['provisioner'] ?? '',
      object['reclaimPolicy'] ?? 'Delete',
      object['volumeBindingMode'] ?? 'Immediate',
      object['allowVolumeExpansion'] ?? false,
      age(object, now),
    ];
  },
  default(object) {
    object['reclaimPolicy'] ??= 'Delete';
    object['volumeBindingMode'] ??= 'Immediate';
  },
  validate(object, errors) {
    if (!object['provisioner']) errors.required('provisioner');
    oneOf(object['reclaimPolicy'], ['Delete', 'Retain'], 'reclaimPolicy', errors);
    oneOf(object['volumeBindingMode'], ['Immediate', 'WaitForFirstConsumer'], 'volumeBindingMode', errors);
  },
  validateUpdate(object, old, errors) {
    for (const part of ['provisioner', 'reclaimPolicy', 'volumeBindingMode'])
      if (object[part] !== old[part]) errors.forbidden(part, `updates to ${part} are forbidden.`);
    if (JSON.stringify(object['parameters']) !== JSON.stringify(old['parameters']))
      errors.forbidden('parameters', 'updates to parameters are forbidden.');
  },
};
