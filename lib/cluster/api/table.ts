// Objects as tables and as bare metadata: what `kubectl get` prints is what the server says.

import { nameColumn } from '../resources/columns';
import type { Column } from '../resources/definition';
import type { Served } from '../resources/registry';
import type { KubeObject } from '../store/types';

/** How much of each object goes into a row: the query parameter includeObject. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

const metadataOnly = ({ metadata }: KubeObject): KubeObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
});

const described = ({ name, type, format = '', description, priority = 0 }: Column) => ({
  name,
  type,
  format,
  description: description ?? (name === nameColumn.name ? nameColumn.description : ''),
  priority,
});

interface ListMeta {
  resourceVersion?: string;
  continue?: string;
  remainingItemCount?: number;
}

/** `stored`: in the stored version, whose shape the printers know; rows carry the version asked for. */
export function tableOf(
  { definition }: Served,
  stored: readonly KubeObject[],
  meta: ListMeta,
  now: number,
  include: IncludeObject,
  columns = true,
): Record<string, unknown> {
  const row = (object: KubeObject) => ({
    cells: definition.row(object, now, true),
    ...(include !== 'None' && { object: include === 'Object' ? object : metadataOnly(object) }),
  });
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: meta,
    columnDefinitions: columns ? definition.columns.map(described) : null,
    rows: stored.map(row),
  };
}

export const partialOf = metadataOnly;

export const partialList = (objects: readonly KubeObject[], metadata: ListMeta): Record<string, unknown> => ({
  kind: 'PartialObjectMetadataList',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
  items: objects.map(metadataOnly),
});
