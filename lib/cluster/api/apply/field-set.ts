// Sets of fields as managedFields writes them: intersection, difference, paths.
import type { FieldSet } from '../../store/types';

/** The fields themselves: a set with nothing below it, or one that has `.`. */
const isMember = (set: FieldSet): boolean => Object.keys(set).length === 0 || set['.'] !== undefined;

const below = (set: FieldSet): [string, FieldSet][] => Object.entries(set).filter(([key]) => key !== '.');

export const isEmpty = (set: FieldSet): boolean => Object.keys(set).length === 0;

function combine(a: FieldSet, b: FieldSet | undefined, keep: (inB: boolean) => boolean): FieldSet | undefined {
  const result: FieldSet = {};
  for (const [key, inner] of below(a)) {
    const other = b?.[key];
    const rest = combine(inner, other, keep);
    const member = isMember(inner) && keep(other !== undefined && isMember(other));
    if (rest) result[key] = member ? { '.': {}, ...rest } : rest;
    else if (member) result[key] = {};
  }
  return isEmpty(result) ? undefined : result;
}

/** The members of `a` that are no members of `b`. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet => combine(a, b, (inB) => !inB) ?? {};

export const intersection = (a: FieldSet, b: FieldSet): FieldSet => combine(a, b, (inB) => inB) ?? {};

/** Only fields with nothing below them, without the structures that hold them. */
export function leaves(set: FieldSet): FieldSet {
  const result: FieldSet = {};
  for (const [key, inner] of below(set)) {
    const rest = leaves(inner);
    if (!isEmpty(rest)) result[key] = rest;
    else if (below(inner).length === 0) result[key] = {};
  }
  return result;
}

function step(key: string): string {
  const rest = key.slice(2);
  if (key.startsWith('f:')) return `.${rest}`;
  if (key.startsWith('v:')) return `[=${rest}]`;
  const parts = Object.entries(JSON.parse(rest) as object).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `[${parts.join(',')}]`;
}

/** `.spec.template.spec.containers[name="c"].image` of each member. */
export function paths(set: FieldSet, prefix = ''): string[] {
  return below(set).flatMap(([key, inner]) => {
    const at = prefix + step(key);
    return [...(isMember(inner) ? [at] : []), ...paths(inner, at)];
  });
}
