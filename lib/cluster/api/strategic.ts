// Strategic merge patches: lists merged by their keys, with the directives $patch, $retainKeys, $deleteFromPrimitiveList and
// $setElementOrder (apimachinery pkg/util/strategicpatch).
import { listRule } from '../resources/schema/lists';
import type { FieldType, Schema } from '../resources/schema/schema';
import { elementType } from '../resources/schema/schema';
import { badRequest } from '../store/errors';
import { equal } from './json';

type Json = unknown;
type Map_ = Record<string, Json>;

const DELETE_FROM = '$deleteFromPrimitiveList/';
const ORDER = '$setElementOrder/';
const DIRECTIVES = new Set(['$patch', '$retainKeys']);

const isMap = (value: Json): value is Map_ => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a new value; neither input is changed. */
export function strategicMerge(schema: Schema, type: string, target: Json, patch: Json): Json {
  return mergeMap(schema, { base: type, wraps: [], required: true }, target, patch as Map_);
}

function mergeMap(schema: Schema, type: FieldType, target: Json, patch: Map_): Json {
  const directive = patch['$patch'];
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge')
    throw badRequest(`Unknown patch strategy: ${JSON.stringify(directive)}`);
  const result: Map_ = { ...(isMap(target) ? target : {}) };
  const retained = patch['$retainKeys'];
  if (Array.isArray(retained)) for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  for (const [key, value] of Object.entries(patch))
    if (!key.startsWith('$')) mergeField(schema, type, result, key, value, patch);
  removeScalars(result, patch);
  orderOnly(schema, type, result, patch);
  return result;
}

function mergeField(schema: Schema, type: FieldType, result: Map_, key: string, value: Json, patch: Map_): void {
  if (value === null) {
    delete result[key];
    return;
  }
  const field = fieldOf(schema, type, key);
  const before = result[key];
  if (Array.isArray(value) && Array.isArray(before) && field)
    result[key] = mergeList(schema, type.base, key, field, before, value, patch[ORDER + key]);
  else if (Array.isArray(value))
    result[key] = fresh(value, patch[ORDER + key], field && listRule(type.base, key)?.patch);
  else if (isMap(value)) result[key] = mergeMap(schema, field ?? ANY, before, value);
  else result[key] = value;
}

const ANY: FieldType = { base: 'any', wraps: [], required: false };

function fieldOf(schema: Schema, type: FieldType, key: string): FieldType | undefined {
  if (type.wraps[0] === 'map') return elementType(type);
  return schema.fields(type.base)?.get(key);
}

/** A list where there was none: directives have nothing to do. */
function fresh(list: Json[], order: Json, key: string | undefined): Json[] {
  const items = list
    .filter((item) => !isMap(item) || item['$patch'] === undefined || item['$patch'] === 'merge')
    .map(withoutDirectives);
  return Array.isArray(order) ? inOrder(items, order, key) : items;
}

function mergeList(
  schema: Schema,
  owner: string,
  field: string,
  type: FieldType,
  target: Json[],
  patch: Json[],
  order: Json,
): Json[] {
  const key = listRule(owner, field)?.patch;
  if (key === undefined) return patch.map(withoutDirectives);
  if (key === '') {
    const merged = [...target, ...patch.filter((each) => !target.some((known) => equal(known, each)))];
    return Array.isArray(order) ? inOrder(merged, order, '') : merged;
  }
  if (patch.some((item) => isMap(item) && item['$patch'] === 'replace'))
    return patch.filter((item) => !isMap(item) || item['$patch'] !== 'replace').map(withoutDirectives);
  let result = [...target];
  for (const item of patch) result = mergeItem(schema, elementType(type), key, result, item);
  return Array.isArray(order) ? inOrder(result, order, key) : result;
}

function mergeItem(schema: Schema, type: FieldType, key: string, list: Json[], item: Json): Json[] {
  if (!isMap(item) || item[key] === undefined)
    throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
  const same = (each: Json) => isMap(each) && equal(each[key], item[key]);
  if (item['$patch'] === 'delete') return list.filter((each) => !same(each));
  const at = list.findIndex(same);
  if (at < 0) return [...list, mergeMap(schema, type, {}, item)];
  return list.with(at, mergeMap(schema, type, list[at], item));
}

/** The order that the patch names; items it does not name keep their place behind the one they stood behind. */
function inOrder(list: Json[], order: Json[], key: string | undefined): Json[] {
  const idOf = (item: Json) => (key && isMap(item) ? item[key] : item);
  const rank = (item: Json) => order.findIndex((each) => equal(idOf(each), idOf(item)));
  const named = list.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const result = [...named];
  list.forEach((item, i) => {
    if (rank(item) >= 0) return;
    const before = list[i - 1];
    result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, item);
  });
  return result;
}

function removeScalars(result: Map_, patch: Map_): void {
  for (const [directive, values] of Object.entries(patch)) {
    if (!directive.startsWith(DELETE_FROM) || !Array.isArray(values)) continue;
    const key = directive.slice(DELETE_FROM.length);
    const list = result[key];
    if (Array.isArray(list)) result[key] = list.filter((each) => !values.some((value) => equal(value, each)));
  }
}

/** An order without a list of changes: only reorders. */
function orderOnly(schema: Schema, type: FieldType, result: Map_, patch: Map_): void {
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(ORDER) || !Array.isArray(order)) continue;
    const key = directive.slice(ORDER.length);
    const list = result[key];
    if (patch[key] !== undefined || !Array.isArray(list) || !fieldOf(schema, type, key)) continue;
    result[key] = inOrder(list, order, listRule(type.base, key)?.patch);
  }
}

function withoutDirectives(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).filter(
    ([key, each]) => !DIRECTIVES.has(key) && !key.startsWith(ORDER) && !key.startsWith(DELETE_FROM) && each !== null,
  );
  return Object.fromEntries(entries.map(([key, each]) => [key, withoutDirectives(each)]));
}
