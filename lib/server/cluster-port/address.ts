// The address of an attempt's API on the cluster port: /attempts/<id>/<what the API server would be asked>.

export interface ClusterAddress {
  attemptId: string;
  /** Path and query with the prefix taken off. */
  path: string;
}

export const clusterPrefix = (attemptId: string): string => `/attempts/${attemptId}`;

/** Undefined when it is no such address. */
export function findClusterAddress(url: string): ClusterAddress | undefined {
  const match = /^\/attempts\/([A-Za-z0-9-]{1,64})(\/[^#]*|\?[^#]*|)$/.exec(url);
  const [, attemptId, rest = ''] = match ?? [];
  if (attemptId === undefined) return undefined;
  return { attemptId, path: rest.startsWith('/') ? rest : `/${rest}` };
}
