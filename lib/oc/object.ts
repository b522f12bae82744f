// The shape of API objects as this room handles them: JSON of any kind, since the server may serve kinds nobody knew before.

// biome-ignore lint/suspicious/noExplicitAny: a field of an object of any kind, as JSON came from the server
export type Dyn = any;

interface ObjectMeta {
  name: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  [field: string]: Dyn;
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: Dyn;
}

/** A copy that shares nothing with the original. */
export const clone = <T>(value: T): T => structuredClone(value);

/** `true` for a JSON object, not for an array or null. */
export const isMap = (value: unknown): value is Record<string, Dyn> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isEmpty = (value: object | undefined | null): boolean => !value || Object.keys(value).length === 0;

/** Go's %q for ordinary text. */
export const quote = (text: string): string => JSON.stringify(text);

/** Group and version of an apiVersion: `apps/v1` → ['apps', 'v1'], `v1` → ['', 'v1']. */
export function groupVersion(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}
