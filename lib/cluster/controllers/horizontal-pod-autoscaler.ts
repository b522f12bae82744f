// Horizontal autoscalers: keep the target between its bounds, and as large as its load asks for.
// kubernetes pkg/controller/podautoscaler. DIFFERS: of the metrics only cpu and memory of pods are known.
import { type Condition, findCondition, type Pod, podFinished, podReady } from '../kinds';
import { quantityValue } from '../resources/quantity';
import { matchesSelector } from '../selectors';
import type { KubeObject } from '../store/types';
import { type Controller, type ControllerContext, splitKey } from './controller';
import { setCondition } from './deployment/status';
import { equal } from './equal';

const SCALERS = 'horizontalpodautoscalers.autoscaling';
const COMPONENT = { component: 'horizontal-pod-autoscaler' };
const PERIOD_MS = 15_000;
const TOLERANCE = 0.1;
const STABLE_MS = 300_000; // downscale stabilization
const TARGETS: Record<string, string> = {
  Deployment: 'deployments.apps',
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicationController: 'replicationcontrollers',
  DeploymentConfig: 'deploymentconfigs.apps.openshift.io',
};

/** What a pod's containers use; undefined when nothing is known of it. */
export type Usage = (pod: Pod) => readonly { name: string; cores: number; bytes: number }[] | undefined;

interface Metric {
  type: string;
  resource?: { name: string; target: { type: string; averageUtilization?: number; averageValue?: string } };
}

/** What the load asks for, or why that cannot be said. */
interface Proposal {
  replicas: number;
  name: string;
  current?: object;
  failure?: string;
}

export function horizontalPodAutoscaler(context: ControllerContext, usage: Usage): Controller {
  /** Recent proposals by the scaler's uid, so that it does not shrink at every lull. */
  const recent = new Map<string, { at: number; replicas: number }[]>();
  return {
    name: 'horizontalpodautoscaler',
    watches: {
      [SCALERS]: ({ type, object }) => {
        if (type === 'DELETED') recent.delete(object.metadata.uid);
        return [`${object.metadata.namespace}/${object.metadata.name}`];
      },
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const scaler = context.store.get(SCALERS, namespace, name);
      if (!scaler) return undefined;
      reconcile(context, scaler, usage, recent);
      return PERIOD_MS;
    },
  };
}

const condition = (type: string, ok: boolean, reason: string, message: string): Condition => ({
  type,
  status: ok ? 'True' : 'False',
  reason,
  message,
});

function podsOf({ store }: ControllerContext, target: KubeObject): Pod[] {
  const { selector } = target['spec'];
  const labels = selector?.matchLabels || selector?.matchExpressions ? selector : { matchLabels: selector };
  return (store.list('pods', target.metadata.namespace) as Pod[]).filter(
    (pod) => !podFinished(pod) && !pod.metadata.deletionTimestamp && matchesSelector(labels, pod.metadata.labels),
  );
}

function propose(metric: Metric, pods: readonly Pod[], current: number, usage: Usage): Proposal {
  const { resource } = metric;
  const name = `${resource?.name ?? metric.type} resource utilization (percentage of request)`;
  const fail = (why: string): Proposal => ({
    replicas: current,
    name,
    failure: `the HPA was unable to compute the replica count: failed to get ${resource?.name ?? metric.type} utilization: ${why}`,
  });
  if (!resource || (resource.name !== 'cpu' && resource.name !== 'memory'))
    return fail(`unable to get metrics for ${metric.type}: not supported: other metrics than cpu and memory`);
  let [used, asked] = [0, 0];
  const ready = pods.filter(podReady);
  if (ready.length === 0) return fail(`no metrics returned from resource metrics API`);
  for (const pod of ready) {
    for (const { cores, bytes } of usage(pod) ?? []) used += resource.name === 'cpu' ? cores : bytes;
    for (const { name: container, resources } of pod.spec.containers) {
      const request = resources?.requests?.[resource.name];
      if (request === undefined && resource.target.averageUtilization !== undefined)
        return fail(`missing request for ${resource.name} in container ${container} of Pod ${pod.metadata.name}`);
      asked += quantityValue(request);
    }
  }
  const average = used / ready.length;
  const averageValue = resource.name === 'cpu' ? `${Math.round(average * 1000)}m` : `${Math.round(average)}`;
  const utilization = Math.floor((used * 100) / (asked || 1));
  const { averageUtilization, averageValue: wanted } = resource.target;
  const ratio =
    averageUtilization !== undefined ? utilization / averageUtilization : average / (quantityValue(wanted) || 1);
  const replicas = Math.abs(ratio - 1) <= TOLERANCE ? current : Math.ceil(ratio * ready.length);
  const seen = { averageValue, ...(averageUtilization !== undefined && { averageUtilization: utilization }) };
  return { replicas, name, current: { type: 'Resource', resource: { name: resource.name, current: seen } } };
}

/** At most double, or four more, at a time; and down only when nothing asked for more in the last minutes. */
function steady(current: number, wanted: number, past: { at: number; replicas: number }[], now: number): number {
  const kept = past.filter(({ at }) => at > now - STABLE_MS);
  past.splice(0, past.length, ...kept, { at: now, replicas: wanted });
  const upper = Math.max(current * 2, current + 4);
  const highest = Math.max(...past.map(({ replicas }) => replicas));
  return wanted >= current ? Math.min(wanted, upper) : Math.min(current, highest);
}

function bounded(wanted: number, min: number, max: number): { replicas: number; limit: Condition } {
  const text = (word: string) => `the desired replica count is ${word} replica count`;
  if (wanted > max)
    return {
      replicas: max,
      limit: condition('ScalingLimited', true, 'TooManyReplicas', text('more than the maximum')),
    };
  if (wanted < min)
    return { replicas: min, limit: condition('ScalingLimited', true, 'TooFewReplicas', text('less than the minimum')) };
  const limit = condition(
    'ScalingLimited',
    false,
    'DesiredWithinRange',
    'the desired count is within the acceptable range',
  );
  return { replicas: wanted, limit };
}

function reconcile(
  context: ControllerContext,
  scaler: KubeObject,
  usage: Usage,
  recent: Map<string, { at: number; replicas: number }[]>,
): void {
  const { store, clock } = context;
  const { scaleTargetRef, minReplicas = 1, maxReplicas, metrics = [] } = scaler['spec'];
  const { namespace, uid } = scaler.metadata;
  const resource = TARGETS[scaleTargetRef.kind] ?? '';
  const target = resource ? store.get(resource, namespace, scaleTargetRef.name) : undefined;
  if (!target) {
    const message = `the HPA controller was unable to get the target's current scale: ${resource} "${scaleTargetRef.name}" not found`;
    return write(context, scaler, [condition('AbleToScale', false, 'FailedGetScale', message)], 0, 0, []);
  }
  const current: number = target['spec'].replicas ?? 1;
  const able = "the HPA controller was able to get the target's current scale";
  if (current === 0) {
    const off = 'scaling is disabled since the replica count of the target is zero';
    const conditions = [
      condition('AbleToScale', true, 'SucceededGetScale', able),
      condition('ScalingActive', false, 'ScalingDisabled', off),
    ];
    return write(context, scaler, conditions, 0, 0, []);
  }
  const pods = podsOf(context, target);
  const proposals = (metrics as Metric[]).map((metric) => propose(metric, pods, current, usage));
  const known = proposals.filter(({ failure }) => failure === undefined);
  const seen = known.flatMap((each) => each.current ?? []);
  const outside = current < minReplicas || current > maxReplicas;
  if (known.length === 0 && !outside) {
    const failure = proposals[0]?.failure ?? '';
    const conditions = [
      condition('AbleToScale', true, 'SucceededGetScale', able),
      condition('ScalingActive', false, 'FailedGetResourceMetric', failure),
    ];
    return write(context, scaler, conditions, current, current, []);
  }
  const most = known.sort((a, b) => b.replicas - a.replicas)[0];
  const past = recent.get(uid) ?? [];
  recent.set(uid, past);
  const wanted = outside || !most ? current : steady(current, most.replicas, past, clock.now());
  const { replicas, limit } = bounded(wanted, minReplicas, maxReplicas);
  const active = most
    ? [
        condition(
          'ScalingActive',
          true,
          'ValidMetricFound',
          `the HPA was able to successfully calculate a replica count from ${most.name}`,
        ),
      ]
    : [];
  const scaled = rescale(context, scaler, { resource, name: scaleTargetRef.name, current, replicas, outside, most });
  const held = most !== undefined && most.replicas < current && replicas === current && !outside;
  const ableNow = scaled
    ? condition(
        'AbleToScale',
        true,
        'SucceededRescale',
        `the HPA controller was able to update the target scale to ${replicas}`,
      )
    : held
      ? condition(
          'AbleToScale',
          true,
          'ScaleDownStabilized',
          'recent recommendations were higher than current one, applying the highest recent recommendation',
        )
      : condition('AbleToScale', true, 'ReadyForNewScale', 'recommended size matches current size');
  write(context, scaler, [ableNow, ...active, limit], current, replicas, seen);
}

function rescale(
  { client, events }: ControllerContext,
  scaler: KubeObject,
  to: {
    resource: string;
    name: string;
    current: number;
    replicas: number;
    outside: boolean;
    most: Proposal | undefined;
  },
): boolean {
  const { resource, name, current, replicas, outside, most } = to;
  if (replicas === current) return false;
  client.patch(resource, scaler.metadata.namespace, name, { spec: { replicas } });
  const bounds =
    replicas > current
      ? 'Current number of replicas below Spec.MinReplicas'
      : 'Current number of replicas above Spec.MaxReplicas';
  const load = replicas > current ? `${most?.name} above target` : 'All metrics below target';
  const why = outside ? bounds : load;
  events.record(scaler, 'Normal', 'SuccessfulRescale', `New size: ${replicas}; reason: ${why}`, COMPONENT);
  return true;
}

function write(
  { store, client, events, clock }: ControllerContext,
  scaler: KubeObject,
  conditions: Condition[],
  currentReplicas: number,
  desiredReplicas: number,
  metrics: object[],
): void {
  let list: Condition[] = scaler['status']?.conditions ?? [];
  for (const each of conditions) list = setCondition(list, each, clock.timestamp());
  const failed = conditions.find(({ status, type }) => status === 'False' && type !== 'ScalingLimited');
  if (failed && findCondition(scaler['status']?.conditions, failed.type)?.reason !== failed.reason)
    events.record(scaler, 'Warning', failed.reason ?? '', failed.message ?? '', COMPONENT);
  const rescaled = desiredReplicas !== currentReplicas && { lastScaleTime: clock.timestamp() };
  const status = {
    ...scaler['status'],
    ...rescaled,
    currentMetrics: metrics.length > 0 ? metrics : null,
    currentReplicas,
    desiredReplicas,
    conditions: list.map(({ lastUpdateTime: _, ...each }) => each),
  };
  const now = store.get(SCALERS, scaler.metadata.namespace, scaler.metadata.name);
  if (now && !equal(status, now['status'])) client.updateStatus(SCALERS, { ...now, status });
}
