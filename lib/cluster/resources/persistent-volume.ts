// persistentvolumes
import { age, columns } from './columns';
import type { Cell, ResourceDefinition } from './definition';
import { accessModes } from './persistent-volume-claim';
import { canonicalQuantity } from './quantity';
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
    if (Object.keys(spec.capacity ?? {}).length === 0) errors.required('spec.capacity');
    else if (Object.keys(spec.capacity).length > 1 || spec.capacity.storage === undefined)
      errors.notSupported('spec.capacity', Object.keys(spec.capacity)[0], ['storage']);
    const sources = Object.keys(spec).filter((key) => !NOT_SOURCES.has(key));
    if (sources.length === 0) errors.required('spec', 'must specify a volume type');
    for (const extra of sources.slice(1)) errors.forbidden(`spec.${extra}`, 'may not specify more than 1 volume type');
  },
};
