// Puts an applied configuration into a live object and takes fields out, guided by the schema's lists and maps.
import type { FieldType, Schema } from '../../resources/schema/schema';
import type { FieldSet } from '../../store/types';
import { children } from '../managed-fields';

type Json = unknown;

interface Place {
  schema: Schema;
  owner: string;
  field: string;
  type: FieldType;
}

const partsOf = ({ schema, owner, field, type }: Place, value: Json) => children(schema, owner, field, type, value);

function rebuild(type: FieldType, parts: Iterable<[string, Json]>): Json {
  if (type.wraps[0] === 'list') return [...parts].map(([, value]) => value);
  return Object.fromEntries([...parts].map(([key, value]) => [key.slice(2), value]));
}

/** `applied` laid over `live`; what it does not name stays. */
export function merged(place: Place, live: Json, applied: Json): Json {
  const over = partsOf(place, applied);
  const under = live === undefined || live === null ? undefined : partsOf(place, live);
  if (!over || !under) return applied;
  const result = new Map<string, Json>(under.map(([key, value]) => [key, value]));
  for (const [key, value, type, owner, field] of over)
    result.set(key, merged({ schema: place.schema, owner, field, type }, result.get(key), value));
  return rebuild(place.type, result);
}

const isMember = (set: FieldSet) => Object.keys(set).length === 0 || set['.'] !== undefined;

/** `value` without the members of `gone`; a structure is emptied first, then removed if it is a member itself. */
export function without(place: Place, value: Json, gone: FieldSet): Json {
  const parts = partsOf(place, value);
  if (!parts) return value;
  const kept: [string, Json][] = [];
  for (const [key, each, type, owner, field] of parts) {
    const inner = gone[key];
    if (!inner) kept.push([key, each]);
    else if (!isMember(inner) || holdsMore({ schema: place.schema, owner, field, type }, each, inner))
      kept.push([key, without({ schema: place.schema, owner, field, type }, each, inner)]);
  }
  return rebuild(place.type, kept);
}

/** Whether something stays below a structure that goes: then the structure stays too. */
function holdsMore(place: Place, value: Json, gone: FieldSet): boolean {
  const parts = partsOf(place, value);
  if (!parts || Object.keys(gone).length === 0) return false;
  return parts.some(([key, each, type, owner, field]) => {
    const inner = gone[key];
    return !inner || !isMember(inner) || holdsMore({ schema: place.schema, owner, field, type }, each, inner);
  });
}
