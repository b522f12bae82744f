// JSON as Go's encoding/json writes it: sorted keys, four spaces, and <, >, & escaped.
import { type Dyn, isMap } from '../object';

/** Go's json.MarshalIndent of an unstructured object. */
export const toJson = (value: unknown, indent: string | number = 4): string =>
  goEscape(JSON.stringify(sorted(value), null, indent));

/** Go's json.Marshal. */
export const toCompactJson = (value: unknown): string => goEscape(JSON.stringify(sorted(value)));

const ESCAPED: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};
const goEscape = (text: string): string => text.replace(/[<>&\u2028\u2029]/g, (c) => ESCAPED[c] as string);

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  const out: Record<string, Dyn> = {};
  for (const key of Object.keys(value).sort()) out[key] = sorted(value[key]);
  return out;
}
