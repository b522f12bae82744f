// Objects as text. An object is never changed in place, so its JSON is made once, whoever asks.
import { stringify } from 'yaml';
import type { KubeObject } from '../store/types';

const bodies = new WeakMap<object, string>();

/** Everything but kind and apiVersion, in the order of Go's structures: metadata first. */
function bodyOf(object: KubeObject): string {
  let body = bodies.get(object);
  if (body === undefined) {
    const { kind: _kind, apiVersion: _apiVersion, metadata, ...rest } = object;
    body = JSON.stringify({ metadata, ...rest });
    bodies.set(object, body);
  }
  return body;
}

/** `{"kind":…,"apiVersion":…,"metadata":…}`. */
export function objectJson(object: KubeObject): string {
  return `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},${bodyOf(object).slice(1)}`;
}

/** An item of a typed list, which names its kind only once. */
export const itemJson = bodyOf;

export const pretty = (json: string): string => JSON.stringify(JSON.parse(json), undefined, 2);

const asYaml = (json: string): string => stringify(JSON.parse(json), { aliasDuplicateObjects: false, lineWidth: 0 });

/** The wire form of a JSON text; Go's encoder ends with a line feed. */
export const encode = (json: string, format: 'json' | 'yaml', indented: boolean): string =>
  format === 'yaml' ? asYaml(json) : `${indented ? pretty(json) : json}\n`;
