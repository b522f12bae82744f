// RFC 7386: JSON merge patch.
import { type Dyn, isMap } from '../object';

export function mergePatch(target: Dyn, patch: Dyn): Dyn {
  if (!isMap(patch)) return patch;
  const out: Dyn = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = mergePatch(out[key], value);
  }
  return out;
}

/** The patch that makes `before` into `after`; undefined when they are equal. */
export function diffMerge(before: Dyn, after: Dyn): Dyn {
  if (!isMap(before) || !isMap(after)) return JSON.stringify(before) === JSON.stringify(after) ? undefined : after;
  const out: Dyn = {};
  for (const key of Object.keys(before)) if (!(key in after)) out[key] = null;
  for (const [key, value] of Object.entries(after)) {
    const change = key in before ? diffMerge(before[key], value) : value;
    if (change !== undefined) out[key] = change;
  }
  return Object.keys(out).length > 0 ? out : undefined;
}

/** `apply`'s patch for kinds without Go types: changes against what is there, deletions of what was applied last. */
export function threeWayMerge(original: Dyn, modified: Dyn, current: Dyn): Dyn {
  const out: Dyn = {};
  for (const key of Object.keys(original ?? {})) if (!(key in modified)) out[key] = null;
  for (const [key, value] of Object.entries(modified)) {
    const inner =
      isMap(value) && isMap(current?.[key])
        ? threeWayMerge(original?.[key] ?? {}, value, current[key])
        : diffMerge(current?.[key], value);
    if (inner !== undefined && !(isMap(inner) && isMap(value) && Object.keys(inner).length === 0)) out[key] = inner;
  }
  return out;
}
