// Horizontal autoscalers: keep the target between its bounds. kubernetes pkg/controller/podautoscaler.
// DIFFERS: there is no load to measure; metrics are unknown, as where no metrics server runs.
import { type Condition, findCondition } from '../kinds';
import type { KubeObject } from '../store/types';
import { type ControllerContext, type MakeController, splitKey } from './controller';
import { setCondition } from './deployment/status';
import { equal } from './equal';

const SCALERS = 'horizontalpodautoscalers.autoscaling';
const COMPONENT = { component: 'horizontal-pod-autoscaler' };
const PERIOD_MS = 15_000;
const TARGETS: Record<string, string> = {
  Deployment: 'deployments.apps',
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicationController: 'replicationcontrollers',
  DeploymentConfig: 'deploymentconfigs.apps.openshift.io',
};
const NO_METRICS =
  'the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';

export const horizontalPodAutoscaler: MakeController = (context) => ({
  name: 'horizontalpodautoscaler',
  watches: { [SCALERS]: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`] },
  reconcile(key) {
    const { namespace, name } = splitKey(key);
    const scaler = context.store.get(SCALERS, namespace, name);
    if (!scaler) return undefined;
    reconcile(context, scaler);
    return PERIOD_MS;
  },
});

function reconcile({ store, client, events, clock }: ControllerContext, scaler: KubeObject): void {
  const { scaleTargetRef, minReplicas = 1, maxReplicas } = scaler['spec'];
  const { namespace } = scaler.metadata;
  const resource = TARGETS[scaleTargetRef.kind] ?? '';
  const target = store.get(resource, namespace, scaleTargetRef.name);
  const current: number = target?.['spec'].replicas ?? 0;
  const desired = current === 0 ? 0 : Math.min(Math.max(current, minReplicas), maxReplicas);
  const conditions: Condition[] = !target
    ? [
        {
          type: 'AbleToScale',
          status: 'False',
          reason: 'FailedGetScale',
          message: `the HPA controller was unable to get the target's current scale: ${resource} "${scaleTargetRef.name}" not found`,
        },
      ]
    : [
        {
          type: 'AbleToScale',
          status: 'True',
          reason: 'SucceededGetScale',
          message: "the HPA controller was able to get the target's current scale",
        },
        current === 0
          ? {
              type: 'ScalingActive',
              status: 'False',
              reason: 'ScalingDisabled',
              message: 'scaling is disabled since the replica count of the target is zero',
            }
          : { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: NO_METRICS },
      ];
  if (target && desired !== current) {
    client.patch(resource, namespace, scaleTargetRef.name, { spec: { replicas: desired } });
    const why =
      current < minReplicas
        ? 'Current number of replicas below Spec.MinReplicas'
        : 'Current number of replicas above Spec.MaxReplicas';
    events.record(scaler, 'Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${why}`, COMPONENT);
  }
  let list: Condition[] = scaler['status']?.conditions ?? [];
  for (const condition of conditions) list = setCondition(list, condition, clock.timestamp());
  const failed = conditions.find(({ status }) => status === 'False');
  if (failed && findCondition(scaler['status']?.conditions, failed.type)?.reason !== failed.reason)
    events.record(scaler, 'Warning', failed.reason ?? '', failed.message ?? '', COMPONENT);
  const status = {
    ...scaler['status'],
    currentMetrics: null,
    currentReplicas: current,
    desiredReplicas: desired,
    conditions: list.map(({ lastUpdateTime: _, ...condition }) => condition),
  };
  const now = store.get(SCALERS, namespace, scaler.metadata.name);
  if (now && !equal(status, now['status'])) client.updateStatus(SCALERS, { ...now, status });
}
