// Label selectors, compiled to predicates (apimachinery's labels package).
import type { LabelSelector, Labels } from './kube';

export type Matches = (labels: Labels) => boolean;

/** Compiles a selector; an empty one matches everything, an unknown operator nothing. */
export function compileSelector(selector: LabelSelector): Matches {
  const tests: Matches[] = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]) =>
      (labels) =>
        labels[key] === value,
  );
  for (const { key, operator, values } of selector.matchExpressions ?? [])
    tests.push(expression(key, operator, values ?? []));
  return (labels) => tests.every((test) => test(labels));
}

function expression(key: string, operator: string, values: string[]): Matches {
  const set = new Set(values);
  switch (operator) {
    case 'In':
      return (labels) => labels[key] !== undefined && set.has(labels[key]);
    case 'NotIn':
      return (labels) => labels[key] === undefined || !set.has(labels[key]);
    case 'Exists':
      return (labels) => labels[key] !== undefined;
    case 'DoesNotExist':
      return (labels) => labels[key] === undefined;
    default:
      return () => false;
  }
}

/** `app=db,tier=back`, as `oc` writes a map selector. */
export const formatLabels = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
