// oc describe for kinds that have no describer of their own: every field, as kubectl prints custom resources.
import { type Dyn, isMap } from '../object';
import type { Writer } from './writer';

const HIDDEN = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
  '.metadata.selfLink',
]);

export function describeGeneric(w: Writer, object: Dyn): void {
  const { metadata } = object;
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  fields(w, 0, object, '');
}

/** `creationTimestamp` → `Creation Timestamp`. */
const smart = (name: string): string => {
  if (name === 'apiVersion') return 'API Version';
  const spaced = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  const first = spaced.charAt(0).toUpperCase() + spaced.slice(1);
  return first.replace(/\b(Ip|Uid|Url|Api|Cidr|Dns|Id|Tls)\b/g, (word) => word.toUpperCase());
};

function fields(w: Writer, level: number, value: Dyn, path: string): void {
  for (const key of Object.keys(value).sort()) {
    const at = `${path}.${key}`;
    if (HIDDEN.has(at)) continue;
    const item = value[key];
    if (isMap(item)) {
      w.line(level, `${smart(key)}:`);
      fields(w, level + 1, item, at);
    } else if (Array.isArray(item)) {
      w.line(level, `${smart(key)}:`);
      for (const one of item) {
        if (isMap(one)) fields(w, level + 1, one, at);
        else w.line(level + 1, text(one));
      }
    } else w.line(level, `${smart(key)}:\t${text(item)}`);
  }
}

const text = (value: Dyn): string => (value === null ? '<nil>' : String(value).replaceAll('\n', '\n\t'));
