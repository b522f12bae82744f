// What admission does for storage: the default class, protection of what is in use, and which claims may grow
// (plugin/pkg/admission/storage: setdefault, storageobjectinuseprotection, persistentvolume/resize).

import { quantityValue } from '../../resources/quantity';
import { isDefaultClass } from '../../resources/storage-class';
import { forbidden } from '../../store/errors';
import type { ObjectStore } from '../../store/store';
import type { KubeObject } from '../../store/types';
import type { Plugin } from './admission';

const CLASSES = 'storageclasses.storage.k8s.io';
const LEGACY_CLASS = 'volume.beta.kubernetes.io/storage-class';
export const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection';
export const VOLUME_PROTECTION = 'kubernetes.io/pv-protection';
const PROTECTION: Record<string, string> = {
  persistentvolumeclaims: CLAIM_PROTECTION,
  persistentvolumes: VOLUME_PROTECTION,
};

/** The newest of the classes that are marked as the default. */
export function defaultClass(store: ObjectStore): KubeObject | undefined {
  const made = ({ metadata }: KubeObject) => Date.parse(metadata.creationTimestamp);
  return store
    .list(CLASSES)
    .filter(isDefaultClass)
    .sort((a, b) => made(b) - made(a) || (a.metadata.name < b.metadata.name ? -1 : 1))[0];
}

/** Whether a claim leaves the class to the cluster; '' asks for none. */
export const namesNoClass = ({ spec, metadata }: KubeObject): boolean =>
  spec?.storageClassName === undefined && metadata.annotations?.[LEGACY_CLASS] === undefined;

export const storage: Plugin = ({ operation, resource, object, old, subresource }, { store }) => {
  const protection = PROTECTION[resource];
  if (!protection || subresource) return;
  if (operation === 'CREATE') {
    const { finalizers = [] } = object.metadata;
    if (!finalizers.includes(protection)) object.metadata.finalizers = [...finalizers, protection];
    if (resource === 'persistentvolumeclaims' && namesNoClass(object)) {
      const preferred = defaultClass(store);
      if (preferred) object['spec'].storageClassName = preferred.metadata.name;
    }
  } else if (operation === 'UPDATE' && resource === 'persistentvolumeclaims' && old) resize(object, old, store);
};

function resize(claim: KubeObject, old: KubeObject, store: ObjectStore): void {
  const size = ({ spec }: KubeObject) => quantityValue(spec?.resources?.requests?.storage ?? '0');
  if (size(claim) <= size(old) || old['status']?.phase !== 'Bound') return;
  const found = store.get(CLASSES, undefined, old['spec'].storageClassName ?? '');
  if (!found?.['allowVolumeExpansion'])
    throw forbidden(
      'persistentvolumeclaims',
      claim.metadata.name,
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
}
