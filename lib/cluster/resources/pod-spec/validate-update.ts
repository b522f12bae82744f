// What may change in a pod that exists: ValidatePodUpdate.
import type { KubeObject } from '../../store/types';
import type { FieldErrors } from '../validation/field-errors';
import type { Part } from '../validation/values';

const MESSAGE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

const withImages = (containers: Part[] | undefined, from: Part[] | undefined) =>
  containers?.map((container, i) => ({ ...container, image: from?.[i]?.['image'] }));

/** Key order does not matter to equality. */
const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  const keys = Object.keys(a).filter((key) => (a as Part)[key] !== undefined);
  const others = Object.keys(b).filter((key) => (b as Part)[key] !== undefined);
  return keys.length === others.length && keys.every((key) => same((a as Part)[key], (b as Part)[key]));
};

export function validatePodUpdate(object: KubeObject, old: KubeObject, errors: FieldErrors): void {
  const spec: Part = object['spec'];
  const before: Part = old['spec'];
  for (const list of ['containers', 'initContainers'] as const)
    if ((spec[list] ?? []).length !== (before[list] ?? []).length) {
      errors.forbidden(`spec.${list}`, 'pod updates may not add or remove containers');
      return;
    }
  const tolerations: Part[] = spec['tolerations'] ?? [];
  const kept = ((before['tolerations'] ?? []) as Part[]).every((each) =>
    tolerations.some((t) => same({ ...t, tolerationSeconds: 0 }, { ...each, tolerationSeconds: 0 })),
  );
  if (!kept) {
    errors.forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds');
    return;
  }
  const allowed = {
    ...spec,
    containers: withImages(spec['containers'], before['containers']),
    ...(spec['initContainers'] && { initContainers: withImages(spec['initContainers'], before['initContainers']) }),
    activeDeadlineSeconds: before['activeDeadlineSeconds'],
    tolerations: before['tolerations'],
  };
  // DIFFERS: the real server appends a Go-syntax difference of the two specifications.
  if (!same(allowed, before)) errors.forbidden('spec', MESSAGE);
}
