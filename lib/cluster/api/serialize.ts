// Objects as bytes. An object is never changed in place, so its JSON is made once, whoever asks, and copied from then on.
import { stringify } from 'yaml';
import type { KubeObject } from '../store/types';

const bodies = new WeakMap<object, Buffer>();
const LINE_FEED = Buffer.from('\n');

/** Everything but kind and apiVersion, in the order of Go's structures: an item of a typed list. */
export function itemBytes(object: KubeObject): Buffer {
  let body = bodies.get(object);
  if (!body) {
    const { kind: _kind, apiVersion: _apiVersion, metadata, ...rest } = object;
    body = Buffer.from(JSON.stringify({ metadata, ...rest }));
    bodies.set(object, body);
  }
  return body;
}

/** The parts of `{"kind":…,"apiVersion":…,"metadata":…}`. */
export const objectParts = (object: KubeObject): [Buffer, Buffer] => [
  Buffer.from(`{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},`),
  itemBytes(object).subarray(1),
];

/** Parts with commas between them. */
export function joined(head: string, items: readonly Buffer[], tail: string): Buffer {
  const parts: Buffer[] = [Buffer.from(head)];
  const comma = Buffer.from(',');
  items.forEach((item, i) => void (i === 0 ? parts.push(item) : parts.push(comma, item)));
  parts.push(Buffer.from(tail));
  return Buffer.concat(parts);
}

/** The wire form of a JSON text; Go's encoder ends with a line feed. */
export function encode(json: Buffer | string, format: 'json' | 'yaml', indented: boolean): Buffer {
  if (format === 'yaml')
    return Buffer.from(stringify(JSON.parse(json.toString()), { aliasDuplicateObjects: false, lineWidth: 0 }));
  if (indented) return Buffer.from(`${JSON.stringify(JSON.parse(json.toString()), undefined, 2)}\n`);
  return typeof json === 'string' ? Buffer.from(`${json}\n`) : Buffer.concat([json, LINE_FEED]);
}
