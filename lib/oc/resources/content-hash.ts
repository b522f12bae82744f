// The suffix that names a config map or secret by its content (kustomize's and kubectl's --append-hash).
import { createHash } from 'node:crypto';
import type { Dyn } from '../object';
import { toCompactJson } from '../printers/json';

const LETTERS: Record<string, string> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };
const LENGTH = 10;

/** Ten letters and digits that are no vowels and look like no others. */
export function contentHash(object: Dyn): string {
  const { kind, data = kind === 'Secret' ? null : '', type = '', metadata, binaryData } = object;
  const whole =
    kind === 'Secret'
      ? { data, kind, name: metadata.name, type }
      : { ...(binaryData ? { binaryData } : {}), data: data || '', kind, name: metadata.name };
  const hex = createHash('sha256').update(toCompactJson(whole)).digest('hex').slice(0, LENGTH);
  return [...hex].map((c) => LETTERS[c] ?? c).join('');
}
