// What a fieldRef such as metadata.name means for a pod, as far as kubectl looks it up: fields of the metadata only.
import type { Dyn } from '../object';

export function fieldOf(pod: Dyn, path: string): string {
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (subscript) return pod.metadata[subscript[1] as string]?.[subscript[2] as string] ?? '';
  if (!path.startsWith('metadata.')) return '';
  const value = path.split('.').reduce((at: Dyn, key) => at?.[key], pod);
  if (typeof value !== 'object' || value === null) return value === undefined || value === null ? '' : String(value);
  return Object.keys(value)
    .sort()
    .map((key) => `${key}="${value[key]}"`)
    .join('\n');
}
