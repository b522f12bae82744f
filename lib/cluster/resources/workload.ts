// What Deployment, ReplicaSet, StatefulSet, DaemonSet and ReplicationController share: template, selector, scale.
import { formatSelector, selects } from '../store/selectors';
import type { KubeObject } from '../store/types';
import type { ScalePaths } from './definition';
import { validateTemplate } from './pod-spec/validate';
import type { FieldErrors } from './validation/field-errors';
import { goSelector } from './validation/field-errors';
import { emptySelector, validateSelector } from './validation/metadata';
import { nonNegative } from './validation/values';

const { isDeepStrictEqual: equal } = {
  isDeepStrictEqual: (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b),
};

/** `spec.replicas` with `spec.selector` as a LabelSelector. */
export const scaleOf: ScalePaths = {
  replicas: ({ spec }) => spec?.replicas ?? 0,
  statusReplicas: ({ status }) => status?.replicas ?? 0,
  selector: ({ spec }) => formatSelector(spec?.selector).replace('<none>', ''),
  withReplicas: (object, replicas) => ({ ...object, spec: { ...object['spec'], replicas } }),
};

/** Checks replicas, selector and template in the order of the real server's messages. */
export function validateWorkload(object: KubeObject, kind: string, errors: FieldErrors): void {
  const { spec } = object;
  nonNegative(spec?.replicas, 'spec.replicas', errors);
  if (!spec?.selector) errors.required('spec.selector');
  else {
    validateSelector(spec.selector, 'spec.selector', errors);
    if (emptySelector(spec.selector))
      errors.invalid('spec.selector', goSelector(spec.selector), `empty selector is invalid for ${kind}`);
  }
  const matches = emptySelector(spec?.selector)
    ? spec?.selector !== undefined
    : selects(spec?.selector, spec?.template?.metadata?.labels);
  validateTemplate(spec ?? {}, matches, 'spec', errors);
}

/** A selector of apps/v1 never changes. */
export function immutableSelector(object: KubeObject, old: KubeObject, errors: FieldErrors): void {
  if (!equal(object['spec']?.selector, old['spec']?.selector))
    errors.invalid('spec.selector', goSelector(object['spec']?.selector), 'field is immutable');
}

export const keepStatus = (object: KubeObject, old: KubeObject): void => {
  object['status'] = old['status'];
};

export const emptyStatus = (object: KubeObject): void => {
  object['status'] = {};
};
