// nodes and pods of metrics.k8s.io: what they use at the moment. They are not stored; api/virtual/metrics.ts answers.
import { columns } from './columns';
import type { ResourceDefinition } from './definition';

const TYPES = {
  'metrics.NodeMetrics': {
    apiVersion: 'string',
    kind: 'string',
    metadata: 'ObjectMeta',
    timestamp: 'date!',
    usage: '{}quantity!',
    window: 'string!',
  },
  'metrics.PodMetrics': {
    apiVersion: 'string',
    containers: '[]metrics.ContainerMetrics!',
    kind: 'string',
    metadata: 'ObjectMeta',
    timestamp: 'date!',
    window: 'string!',
  },
  'metrics.ContainerMetrics': { name: 'string!', usage: '{}quantity!' },
};

const shared = {
  group: 'metrics.k8s.io',
  singular: '',
  needsNodes: true as const,
  verbs: ['get', 'list'] as const,
  columns: columns('Name', 'CPU', 'Memory', 'Window'),
};

export const nodeMetrics: ResourceDefinition = {
  ...shared,
  versions: [{ name: 'v1beta1', type: 'metrics.NodeMetrics' }],
  types: TYPES,
  kind: 'NodeMetrics',
  plural: 'nodes',
  namespaced: false,
  row: ({ metadata, usage, window }) => [metadata.name, usage?.cpu ?? '', usage?.memory ?? '', window ?? ''],
};

export const podMetrics: ResourceDefinition = {
  ...shared,
  versions: [{ name: 'v1beta1', type: 'metrics.PodMetrics' }],
  kind: 'PodMetrics',
  plural: 'pods',
  namespaced: true,
  row: ({ metadata, containers, window }) => [
    metadata.name,
    containers?.[0]?.usage?.cpu ?? '',
    containers?.[0]?.usage?.memory ?? '',
    window ?? '',
  ],
};
