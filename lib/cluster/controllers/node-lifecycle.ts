// Notices nodes that went silent, and marks nodes with taints for what their conditions say.
// kubernetes pkg/controller/nodelifecycle.
import { type Condition, findCondition, type Node, type Pod, podReady, type Taint } from '../kinds';
import { type Controller, type ControllerContext, splitKey } from './controller';
import { equal } from './equal';
import { indexByNode, podsOn } from './pods-by-node';

const GRACE_MS = 40_000; // node-monitor-grace-period
const COMPONENT = { component: 'node-controller' };
const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** Conditions that keep new pods away. */
const PRESSURES: Record<string, string> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
};
const OWN = new Set([NOT_READY, UNREACHABLE, UNSCHEDULABLE, ...Object.values(PRESSURES)]);

/** `silentSince`: since when a node's kubelet has not been heard, in milliseconds; undefined for one that is well. */
export function nodeLifecycle(
  context: ControllerContext,
  silentSince: (node: string) => number | undefined,
): Controller {
  const { store, clock } = context;
  indexByNode(store);
  return {
    name: 'node-lifecycle',
    watches: { nodes: ({ type, object }) => (type === 'DELETED' ? [] : [`/${object.metadata.name}`]) },
    reconcile(key) {
      const found = store.get('nodes', undefined, splitKey(key).name) as Node | undefined;
      if (!found) return undefined;
      const since = silentSince(found.metadata.name);
      const left = since === undefined ? 0 : since + GRACE_MS - clock.now();
      const node = since !== undefined && left <= 0 ? markUnknown(context, found) : found;
      syncTaints(context, node);
      if (ready(node)?.status !== 'True' && ready(node)) markPods(context, node);
      return left > 0 ? left : undefined;
    },
  };
}

const ready = (node: Node): Condition | undefined => findCondition(node.status?.conditions, 'Ready');

/** Nothing is known of a node that has not been heard for so long. */
function markUnknown({ client, clock, events }: ControllerContext, node: Node): Node {
  if (ready(node)?.status === 'Unknown') return node;
  const now = clock.timestamp();
  const conditions = (node.status?.conditions ?? []).map((condition) => ({
    ...condition,
    status: 'Unknown' as const,
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime: condition.status === 'Unknown' ? (condition.lastTransitionTime ?? now) : now,
  }));
  const { name } = node.metadata;
  events.record(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`, COMPONENT);
  return client.updateStatus('nodes', { ...node, status: { ...node.status, conditions } }) as Node;
}

function wantedTaints(node: Node, now: string): Taint[] {
  const state = ready(node)?.status;
  const away = state === 'False' ? NOT_READY : state === 'Unknown' ? UNREACHABLE : undefined;
  const pressures = Object.entries(PRESSURES).flatMap(([type, key]) =>
    findCondition(node.status?.conditions, type)?.status === 'True' ? [key] : [],
  );
  const avoided = [...pressures, ...(node.spec?.unschedulable ? [UNSCHEDULABLE] : []), ...(away ? [away] : [])];
  return [
    ...avoided.map((key) => ({ key, effect: 'NoSchedule', timeAdded: now })),
    ...(away ? [{ key: away, effect: 'NoExecute', timeAdded: now }] : []),
  ];
}

function syncTaints({ client, clock }: ControllerContext, node: Node): void {
  const before = node.spec?.taints ?? [];
  const same = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;
  const wanted = wantedTaints(node, clock.timestamp());
  const kept = before.filter((taint) => !OWN.has(taint.key) || wanted.some((each) => same(each, taint)));
  const taints = [...kept, ...wanted.filter((each) => !kept.some((taint) => same(each, taint)))];
  if (equal(taints, before)) return;
  client.patch('nodes', undefined, node.metadata.name, { spec: { taints: taints.length > 0 ? taints : null } });
}

/** Its pods take no connections any more, whatever they are. */
function markPods({ store, client, clock, events }: ControllerContext, node: Node): void {
  for (const pod of podsOn(store, node.metadata.name)) {
    if (!podReady(pod)) continue;
    const conditions = (pod.status?.conditions ?? []).map((condition) =>
      condition.type === 'Ready'
        ? { ...condition, status: 'False' as const, lastTransitionTime: clock.timestamp() }
        : condition,
    );
    client.updateStatus('pods', { ...(pod as Pod), status: { ...pod.status, conditions } });
    events.record(pod, 'Warning', 'NodeNotReady', 'Node is not ready', COMPONENT);
  }
}
