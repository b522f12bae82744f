// horizontalpodautoscalers.autoscaling: v2 is stored, v1 is its older view.
import type { KubeObject } from '../store/types';
import { currentMetrics, targetMetrics } from './autoscaling/annotations';
import { validateAutoscaler } from './autoscaling/rules';
import { targetsCell } from './autoscaling/targets';
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { keepStatus } from './workload';

interface CpuMetric {
  type: string;
  resource?: { name?: string; target?: { averageUtilization?: number }; current?: { averageUtilization?: number } };
}

const cpu = (metrics: CpuMetric[] | undefined) =>
  metrics?.find(({ type, resource }) => type === 'Resource' && resource?.name === 'cpu')?.resource;

function fromV1(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: percent, ...spec } = object['spec'] ?? {};
  const { currentCPUUtilizationPercentage: _current, ...status } = object['status'] ?? {};
  const cpuTarget = { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } };
  const metrics = [...targetMetrics(object), ...(percent ? [{ type: 'Resource', resource: cpuTarget }] : [])];
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    spec: { ...spec, ...(metrics.length > 0 && { metrics }) },
    ...(object['status'] && { status: { ...status, currentMetrics: currentMetrics(object) } }),
  };
}

function toV1(object: KubeObject): KubeObject {
  const { metrics, behavior: _behavior, ...spec } = object['spec'] ?? {};
  const { currentMetrics: seen, conditions: _conditions, ...status } = object['status'] ?? {};
  const percent = cpu(metrics)?.target?.averageUtilization;
  const current = cpu(seen)?.current?.averageUtilization;
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    spec: { ...spec, ...(percent && { targetCPUUtilizationPercentage: percent }) },
    status: { ...status, ...(current !== undefined && { currentCPUUtilizationPercentage: current }) },
  };
}

export const horizontalPodAutoscaler: ResourceDefinition = {
  group: 'autoscaling',
  versions: [
    { name: 'v2', type: 'v2.HorizontalPodAutoscaler' },
    { name: 'v1', type: 'HorizontalPodAutoscaler', decode: fromV1, encode: toV1 },
  ],
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  columns: columns('Name', 'Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas', 'Age'),
  row: (object, now) => {
    const { spec, status } = object;
    return [
      object.metadata.name,
      `${spec?.scaleTargetRef?.kind ?? ''}/${spec?.scaleTargetRef?.name ?? ''}`,
      targetsCell(spec?.metrics ?? [], status?.currentMetrics ?? []),
      spec?.minReplicas === undefined ? '<unset>' : String(spec.minReplicas),
      spec?.maxReplicas ?? 0,
      status?.currentReplicas ?? 0,
      age(object, now),
    ];
  },
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.minReplicas ??= 1;
    spec.metrics ??= [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ];
  },
  prepareCreate(object) {
    object['status'] = { currentMetrics: null, desiredReplicas: 0 };
  },
  prepareUpdate: keepStatus,
  validate: validateAutoscaler,
};
