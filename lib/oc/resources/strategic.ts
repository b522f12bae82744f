// Strategic merge patches out of two or three objects (apimachinery util/strategicpatch), for the lists that built-in kinds merge by key.
import { type Dyn, isMap } from '../object';

/** The key by which a list's items are the same; `` marks lists of plain values that are merged. */
const MERGE_KEYS: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  secrets: 'name',
  hostAliases: 'ip',
  taints: 'key',
  conditions: 'type',
  ownerReferences: 'uid',
  topologySpreadConstraints: 'topologyKey',
  finalizers: '',
};

/** `ports` are merged by the port of a service or a container. */
function mergeKey(field: string, items: Dyn[]): string | undefined {
  if (field !== 'ports') return MERGE_KEYS[field];
  if (items.some((item) => isMap(item) && 'containerPort' in item)) return 'containerPort';
  return items.some((item) => isMap(item) && 'port' in item) ? 'port' : undefined;
}

interface Wanted {
  changes: boolean;
  deletions: boolean;
}

const same = (a: Dyn, b: Dyn): boolean => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));

function ordered(value: Dyn): Dyn {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, ordered(value[key])]),
  );
}

/** The patch from one object to another; an empty object when they are equal. */
export const twoWay = (before: Dyn, after: Dyn): Dyn => diffMap(before, after, { changes: true, deletions: true });

/** The patch of `apply`: what differs now, and what was applied last but is wanted no more. */
export function threeWay(original: Dyn, modified: Dyn, current: Dyn): Dyn {
  const delta = diffMap(current, modified, { changes: true, deletions: false });
  const deletions = diffMap(original, modified, { changes: false, deletions: true });
  return join(deletions, delta);
}

function diffMap(before: Dyn, after: Dyn, wanted: Wanted): Dyn {
  const out: Dyn = {};
  if (wanted.deletions)
    for (const key of Object.keys(before ?? {})) if (!(key in after) && before[key] !== null) out[key] = null;
  for (const [key, value] of Object.entries(after)) {
    const old = before?.[key];
    if (old === undefined || old === null) {
      if (wanted.changes && value !== undefined && value !== null) out[key] = value;
    } else if (isMap(old) && isMap(value)) {
      const inner = diffMap(old, value, wanted);
      if (Object.keys(inner).length > 0) out[key] = inner;
    } else if (Array.isArray(old) && Array.isArray(value)) diffList(out, key, old, value, wanted);
    else if (wanted.changes && !same(old, value)) out[key] = value;
  }
  return out;
}

function diffList(out: Dyn, field: string, before: Dyn[], after: Dyn[], wanted: Wanted): void {
  const key = mergeKey(field, [...before, ...after]);
  if (key === undefined || key === '') {
    if (wanted.changes && !same(before, after)) out[field] = after;
    return;
  }
  const items: Dyn[] = [];
  for (const item of after) {
    const old = before.find((one) => one[key] === item[key]);
    if (!old) {
      if (wanted.changes) items.push(item);
      continue;
    }
    const inner = diffMap(old, item, wanted);
    if (Object.keys(inner).length > 0) items.push({ ...inner, [key]: item[key] });
  }
  const gone = wanted.deletions ? before.filter((item) => !after.some((one) => one[key] === item[key])) : [];
  for (const item of gone) items.push({ $patch: 'delete', [key]: item[key] });
  const moved = !same(
    before.map((item) => item[key]),
    after.map((item) => item[key]),
  );
  if (items.length === 0 && !(moved && wanted.changes && gone.length === 0 && before.length === after.length)) return;
  out[`$setElementOrder/${field}`] = after.map((item) => ({ [key]: item[key] }));
  if (items.length > 0) out[field] = items;
}

/** Two patches as one; lists of items by key are joined. */
function join(a: Dyn, b: Dyn): Dyn {
  const out: Dyn = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const old = out[key];
    if (isMap(old) && isMap(value)) out[key] = join(old, value);
    else if (Array.isArray(old) && Array.isArray(value) && !key.startsWith('$')) out[key] = joinItems(key, old, value);
    else out[key] = value;
  }
  return out;
}

function joinItems(field: string, a: Dyn[], b: Dyn[]): Dyn[] {
  const key = mergeKey(field, [...a, ...b]);
  if (!key) return b;
  const out = [...b];
  for (const item of a) {
    const at = out.findIndex((one) => one[key] === item[key]);
    if (at < 0) out.push(item);
    else if (item.$patch === undefined) out[at] = join(item, out[at]);
  }
  return out;
}

/** A strategic merge patch applied to an object: lists with a key are merged by it, `$patch: delete` takes away. */
export function strategicMerge(base: Dyn, patch: Dyn, field = ''): Dyn {
  if (Array.isArray(patch)) return mergeLists(Array.isArray(base) ? base : [], patch, field);
  if (!isMap(patch)) return patch;
  if (patch['$patch'] === 'replace') return without(patch, '$patch');
  const out: Dyn = isMap(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete out[key];
    else out[key] = strategicMerge(out[key], value, key);
  }
  return out;
}

const without = (map: Dyn, name: string): Dyn =>
  Object.fromEntries(Object.entries(map).filter(([key]) => key !== name));

function mergeLists(base: Dyn[], patch: Dyn[], field: string): Dyn[] {
  const key = mergeKey(field, [...base, ...patch]);
  if (key === undefined) return patch;
  if (key === '') return [...base, ...patch.filter((item) => !base.includes(item))];
  const out = [...base];
  for (const item of patch) {
    const at = out.findIndex((one) => one[key] === item[key]);
    if (item['$patch'] === 'delete') {
      if (at >= 0) out.splice(at, 1);
    } else if (at >= 0) out[at] = strategicMerge(out[at], item);
    else out.push(item);
  }
  return out;
}
