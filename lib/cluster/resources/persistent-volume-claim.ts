// persistentvolumeclaims
import { age, columns } from './columns';
import type { Cell, ResourceDefinition } from './definition';
import { canonicalQuantity, quantityValue } from './quantity';
import { validateSelector } from './validation/metadata';
import { dnsSubdomain } from './validation/names';
import { keepStatus } from './workload';

const SHORT: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** `RWO,ROX`, each once, in the fixed order of the real printer. */
export const accessModes = (modes: string[] | undefined): string =>
  Object.keys(SHORT)
    .filter((mode) => modes?.includes(mode))
    .map((mode) => SHORT[mode])
    .join(',');

/** Shared with StatefulSet's claim templates. Works in place. */
// biome-ignore lint/suspicious/noExplicitAny: a claim or a claim template
export function defaultClaim(claim: any): void {
  claim.spec ??= {};
  claim.spec.volumeMode ??= 'Filesystem';
  claim.status = { phase: 'Pending', ...claim.status };
}

const MODES = Object.keys(SHORT);

export const persistentVolumeClaim: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  namespaced: true,
  subresources: ['status'],
  returnsDeleted: true,
  columns: columns(
    'Name',
    'Status',
    'Volume',
    'Capacity',
    'Access Modes',
    'StorageClass',
    'VolumeAttributesClass',
    'Age',
    'VolumeMode*',
  ),
  row(object, now): Cell[] {
    const { spec, status, metadata } = object;
    const bound = Boolean(spec?.volumeName);
    return [
      metadata.name,
      metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
      spec?.volumeName ?? '',
      bound ? canonicalQuantity(status?.capacity?.storage ?? '0') : '',
      bound ? accessModes(status?.accessModes) : '',
      metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '',
      spec?.volumeAttributesClassName ?? '<unset>',
      age(object, now),
      spec?.volumeMode ?? 'Filesystem',
    ];
  },
  default: defaultClaim,
  prepareCreate(object) {
    object['status'] = { phase: 'Pending' };
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    const { accessModes: modes = [], resources, selector, volumeMode, storageClassName } = object['spec'];
    if (modes.length === 0) errors.required('spec.accessModes', 'at least 1 access mode is required');
    if (selector) validateSelector(selector, 'spec.selector', errors);
    for (const mode of modes)
      if (!MODES.includes(mode)) errors.notSupported('spec.accessModes', mode, [...MODES].sort());
    if (modes.includes('ReadWriteOncePod') && modes.length > 1)
      errors.forbidden('spec.accessModes', 'may not use ReadWriteOncePod with other access modes');
    const size = resources?.requests?.storage;
    if (size === undefined) errors.required('spec.resources[storage]');
    else if (quantityValue(size) <= 0)
      errors.invalid('spec.resources[storage]', canonicalQuantity(size), 'must be greater than zero');
    if (storageClassName)
      for (const problem of dnsSubdomain(storageClassName))
        errors.invalid('spec.storageClassName', storageClassName, problem);
    if (!['Block', 'Filesystem'].includes(volumeMode))
      errors.notSupported('spec.volumeMode', volumeMode, ['Block', 'Filesystem']);
  },
  validateUpdate(object, old, errors) {
    const fixed = ({
      resources: _r,
      volumeName: _v,
      volumeAttributesClassName: _a,
      ...rest
    }: Record<string, unknown>) => JSON.stringify(rest);
    const bound = old['spec'].volumeName;
    if (fixed(object['spec']) !== fixed(old['spec']) || (bound && bound !== object['spec'].volumeName))
      errors.forbidden(
        'spec',
        'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
      );
    const [now, before] = [object['spec'].resources?.requests?.storage, old['spec'].resources?.requests?.storage];
    if (now === before || quantityValue(now) === quantityValue(before)) return;
    if (!bound)
      errors.forbidden(
        'spec',
        'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
      );
    else if (quantityValue(now) < quantityValue(before))
      errors.forbidden('spec.resources.requests.storage', 'field can not be less than previous value');
  },
};
