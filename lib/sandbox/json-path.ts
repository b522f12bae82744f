// kubectl's JSONPath for those above the cluster: the values that a template finds in an object.
import { findJsonPath } from '../oc/jsonpath/evaluate';
import { parseJsonPath } from '../oc/jsonpath/parse';

/** Braces may be left out: `.spec.replicas`. @throws for a path that is none */
export function findValues(path: string, object: unknown): unknown[] {
  const template = path.startsWith('{') ? path : `{${path.startsWith('.') ? path : `.${path}`}}`;
  return findJsonPath(parseJsonPath(template), object as never, { allowMissing: true }).flat();
}
