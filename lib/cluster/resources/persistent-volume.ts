// persistentvolumes
import { age, columns } from './columns';
import type { Cell, ResourceDefinition } from './definition';
import { accessModes } from './persistent-volume-claim';
import { validateNodeSelector } from './pod-spec/validate-placement';
import { validateHostPath } from './pod-spec/validate-volumes';
import { canonicalQuantity, quantityValue } from './quantity';
import { dnsSubdomain } from './validation/names';
import { oneOf } from './validation/values';
import { keepStatus } from './workload';

const NOT_SOURCES = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]); // prettier-ignore

const MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

export const persistentVolume: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  namespaced: false,
  subresources: ['status'],
  returnsDeleted: true,
  columns: columns(
    'Name',
    'Capacity',
    'Access Modes',
    'Reclaim Policy',
    'Status',
    'Claim',
    'StorageClass',
    'VolumeAttributesClass',
    'Reason',
    'Age',
    'VolumeMode*',
  ),
  row(object, now): Cell[] {
    const { spec, status, metadata } = object;
    return [
      metadata.name,
      canonicalQuantity(spec?.capacity?.storage ?? '0'),
      accessModes(spec?.accessModes),
      spec?.persistentVolumeReclaimPolicy ?? 'Retain',
      metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
      spec?.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '',
      metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '',
      spec?.volumeAttributesClassName ?? '<unset>',
      status?.reason ?? '',
      age(object, now),
      spec?.volumeMode ?? 'Filesystem',
    ];
  },
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.persistentVolumeReclaimPolicy ??= 'Retain';
    spec.volumeMode ??= 'Filesystem';
    if (spec.hostPath) spec.hostPath.type ??= '';
  },
  prepareCreate(object) {
    object['status'] = { phase: 'Pending' };
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    const { spec } = object;
    if (!spec.accessModes?.length) errors.required('spec.accessModes');
    for (const mode of (spec.accessModes ?? []) as string[])
      if (!MODES.includes(mode)) errors.notSupported('spec.accessModes', mode, MODES);
    if ((spec.accessModes ?? []).includes('ReadWriteOncePod') && spec.accessModes.length > 1)
      errors.forbidden('spec.accessModes', 'may not use ReadWriteOncePod with other access modes');
    if (Object.keys(spec.capacity ?? {}).length === 0) errors.required('spec.capacity');
    else if (Object.keys(spec.capacity).length > 1 || spec.capacity.storage === undefined)
      errors.notSupported('spec.capacity', Object.keys(spec.capacity)[0], ['storage']);
    for (const [name, amount] of Object.entries((spec.capacity ?? {}) as Record<string, string>))
      if (quantityValue(amount) <= 0)
        errors.invalid(`spec.capacity[${name}]`, canonicalQuantity(amount), 'must be greater than zero');
    const reclaim = spec.persistentVolumeReclaimPolicy;
    if (reclaim) oneOf(reclaim, ['Delete', 'Recycle', 'Retain'], 'spec.persistentVolumeReclaimPolicy', errors);
    if (spec.nodeAffinity?.required)
      validateNodeSelector(spec.nodeAffinity.required, 'spec.nodeAffinity.required', errors);
    if (spec.hostPath) validateHostPath(spec.hostPath, 'spec.hostPath', errors);
    if (spec.local && !spec.local.path) errors.required('spec.local.path');
    if (spec.local && !spec.nodeAffinity?.required)
      errors.required('spec.nodeAffinity', 'Local volume requires node affinity');
    if (spec.storageClassName)
      for (const problem of dnsSubdomain(spec.storageClassName))
        errors.invalid('spec.storageClassName', spec.storageClassName, problem);
    oneOf(spec.volumeMode, ['Block', 'Filesystem'], 'spec.volumeMode', errors);
    const sources = Object.keys(spec).filter((key) => !NOT_SOURCES.has(key));
    if (sources.length === 0) errors.required('spec', 'must specify a volume type');
    for (const extra of sources.slice(1)) errors.forbidden(`spec.${extra}`, 'may not specify more than 1 volume type');
  },
  validateUpdate(object, old, errors) {
    const sources = (spec: object) =>
      JSON.stringify(
        Object.entries(spec)
          .filter(([key]) => !NOT_SOURCES.has(key))
          .sort(),
      );
    if (sources(object['spec']) !== sources(old['spec']))
      errors.forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation');
    if (object['spec'].volumeMode !== old['spec'].volumeMode)
      errors.invalid('volumeMode', object['spec'].volumeMode, 'field is immutable');
  },
};
