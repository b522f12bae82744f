// configmaps
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import type { FieldErrors } from './validation/field-errors';
import { configKey, dnsSubdomain } from './validation/names';

const MAX_BYTES = 1024 * 1024;

/** Shared with secrets: an object marked immutable stays so, data and all. */
export function immutableData(
  object: KubeObject,
  old: KubeObject,
  parts: readonly string[],
  errors: FieldErrors,
): void {
  if (!old['immutable']) return;
  if (!object['immutable']) errors.forbidden('immutable', 'field is immutable when `immutable` is set');
  for (const part of parts)
    if (JSON.stringify(object[part]) !== JSON.stringify(old[part]))
      errors.forbidden(part, 'field is immutable when `immutable` is set');
}

export const configMap: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  columns: columns('Name', 'Data', 'Age'),
  row: (object, now) => [
    object.metadata.name,
    Object.keys(object['data'] ?? {}).length + Object.keys(object['binaryData'] ?? {}).length,
    age(object, now),
  ],
  nameRule: dnsSubdomain,
  validate(object, errors) {
    let size = 0;
    for (const part of ['data', 'binaryData'])
      for (const [key, value] of Object.entries(object[part] ?? {})) {
        for (const problem of configKey(key)) errors.invalid(`${part}[${key}]`, key, problem);
        size += key.length + (value as string).length;
      }
    for (const key of Object.keys(object['binaryData'] ?? {}))
      if (Object.hasOwn(object['data'] ?? {}, key))
        errors.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
    if (size > MAX_BYTES) errors.tooLong('', MAX_BYTES);
  },
  validateUpdate: (object, old, errors) => immutableData(object, old, ['data', 'binaryData'], errors),
};
