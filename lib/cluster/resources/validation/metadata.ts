// Rules for metadata, labels and selectors: apimachinery pkg/api/validation and pkg/apis/meta/v1/validation.
import type { KubeObject, ObjectMeta } from '../../store/types';
import type { FieldErrors } from './field-errors';
import type { NameRule } from './names';
import { dnsLabel, labelValue, qualifiedName } from './names';

const ANNOTATIONS_MAX_BYTES = 256 * 1024;

export function validateLabels(labels: Record<string, string> | undefined, field: string, errors: FieldErrors): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    for (const problem of qualifiedName(key)) errors.invalid(field, key, problem);
    for (const problem of labelValue(value)) errors.invalid(field, value, problem);
  }
}

function validateAnnotations(
  annotations: Record<string, string> | undefined,
  field: string,
  errors: FieldErrors,
): void {
  let size = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    for (const problem of qualifiedName(key.toLowerCase())) errors.invalid(field, key, problem);
    size += key.length + value.length;
  }
  if (size > ANNOTATIONS_MAX_BYTES) errors.tooLong(field, ANNOTATIONS_MAX_BYTES);
}

interface SelectorLike {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key?: string; operator?: string; values?: string[] }[];
}

export function validateSelector(selector: SelectorLike | undefined, field: string, errors: FieldErrors): void {
  validateLabels(selector?.matchLabels, `${field}.matchLabels`, errors);
  for (const [i, { key = '', operator = '', values = [] }] of (selector?.matchExpressions ?? []).entries()) {
    const at = `${field}.matchExpressions[${i}]`;
    if ((operator === 'In' || operator === 'NotIn') && values.length === 0)
      errors.required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    else if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0)
      errors.forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    else if (!['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator))
      errors.invalid(`${at}.operator`, operator, 'not a valid selector operator');
    for (const problem of qualifiedName(key)) errors.invalid(`${at}.key`, key, problem);
  }
}

export const emptySelector = (selector: SelectorLike | undefined): boolean =>
  Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions?.length ?? 0) === 0;

/** Name, namespace, labels, annotations, owners and finalizers of an object about to be stored. */
export function validateMeta(object: KubeObject, namespaced: boolean, nameRule: NameRule, errors: FieldErrors): void {
  const meta = object.metadata as Partial<ObjectMeta>;
  if (meta.generateName && !meta.name)
    for (const problem of nameRule(meta.generateName.replace(/-$/, 'a')))
      errors.invalid('metadata.generateName', meta.generateName, problem);
  if (!meta.name) errors.required('metadata.name', 'name or generateName is required');
  else for (const problem of nameRule(meta.name)) errors.invalid('metadata.name', meta.name, problem);
  if (namespaced)
    for (const problem of dnsLabel(meta.namespace ?? '')) errors.invalid('metadata.namespace', meta.namespace, problem);
  validateLabels(meta.labels, 'metadata.labels', errors);
  validateAnnotations(meta.annotations, 'metadata.annotations', errors);
  validateOwners(meta, errors);
}

function validateOwners(meta: Partial<ObjectMeta>, errors: FieldErrors): void {
  let controller: string | undefined;
  for (const owner of meta.ownerReferences ?? []) {
    const at = 'metadata.ownerReferences';
    for (const part of ['apiVersion', 'kind', 'name', 'uid'] as const)
      if (!owner[part])
        errors.invalid(
          `${at}.${part}`,
          owner[part] ?? '',
          `${part === 'apiVersion' ? 'version' : part} must not be empty`,
        );
    if (!owner.controller) continue;
    if (controller)
      errors.invalid(
        at,
        meta.ownerReferences,
        `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${owner.name}`,
      );
    controller = owner.name;
  }
}

const STANDARD_FINALIZERS = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);

/** Kinds of Kubernetes' own groups take only standard or fully qualified names; custom kinds any. */
export function validateFinalizers({ metadata }: KubeObject, builtin: boolean, errors: FieldErrors): void {
  for (const [i, finalizer] of (metadata.finalizers ?? []).entries()) {
    for (const problem of qualifiedName(finalizer)) errors.invalid('metadata.finalizers', finalizer, problem);
    if (builtin && !finalizer.includes('/') && !STANDARD_FINALIZERS.has(finalizer))
      errors.invalid(
        `metadata.finalizers[${i}]`,
        finalizer,
        'name is neither a standard finalizer name nor is it fully qualified',
      );
  }
}

/** What may never change: ValidateObjectMetaUpdate. */
export function validateMetaUpdate(object: KubeObject, old: KubeObject, errors: FieldErrors): void {
  const fixed = [
    'name',
    'namespace',
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ] as const;
  for (const key of fixed)
    if (object.metadata[key] !== old.metadata[key])
      errors.invalid(`metadata.${key}`, object.metadata[key] ?? '', 'field is immutable');
  if (!old.metadata.deletionTimestamp) return;
  const before = new Set(old.metadata.finalizers);
  const added = (object.metadata.finalizers ?? []).filter((each) => !before.has(each));
  if (added.length > 0)
    errors.forbidden(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((each) => JSON.stringify(each)).join(', ')}}`,
    );
}
