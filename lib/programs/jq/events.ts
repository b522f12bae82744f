// The events that a value is made of, as --stream and tostream give them, and the value that is made of them again.
import { isObject, type Json } from './json';
import { fail, setPath } from './paths';

/** Paths with leaves, and the path of the last part where an array or object ends. */
export function* eventsOf(value: Json, path: Json[] = []): Generator<Json> {
  const parts: [Json, Json][] = Array.isArray(value) ? [...value.entries()] : isObject(value) ? [...value] : [];
  const last = parts.at(-1);
  if (!last) {
    yield [path, value];
    return;
  }
  for (const [key, part] of parts) yield* eventsOf(part, [...path, key]);
  yield [[...path, last[0]]];
}

/** The values that events tell of; each is given when its last event has come. */
export function* valuesOf(events: Iterable<Json>): Generator<Json> {
  let value: Json = null;
  for (const event of events) {
    const [path, ...leaf] = Array.isArray(event) ? event : fail('Invalid streaming format');
    if (!Array.isArray(path)) return fail('Invalid streaming format');
    if (leaf.length > 0) value = setPath(value, path, leaf[0] as Json);
    const isWhole = leaf.length > 0 ? path.length === 0 : path.length <= 1;
    if (!isWhole) continue;
    yield value;
    value = null;
  }
}

/** An event without the first keys of its path; undefined if nothing is left of that. */
export function truncated(event: Json, depth: number): Json | undefined {
  const [path, ...leaf] = Array.isArray(event) ? event : [];
  return Array.isArray(path) && path.length > depth ? [path.slice(depth), ...leaf] : undefined;
}
