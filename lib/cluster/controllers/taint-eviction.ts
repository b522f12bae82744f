// Ends pods on nodes whose NoExecute taints they do not tolerate, or not for longer. kubernetes pkg/controller/tainteviction.
import { type Condition, type Node, type Pod, podFinished, type Taint } from '../kinds';
import { tolerates } from '../scheduler/filters';
import { type ControllerContext, type MakeController, splitKey } from './controller';
import { indexByNode, podsOn } from './pods-by-node';

const COMPONENT = 'taint-eviction-controller';

const keyOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;
const hard = (node: Node | undefined): Taint[] =>
  (node?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

export const taintEviction: MakeController = (context) => {
  const { store, events } = context;
  indexByNode(store);
  /** Pods that are to go later: since when. */
  const scheduled = new Map<string, number>();
  return {
    name: 'taint-eviction',
    watches: {
      pods: ({ type, object, old }) => {
        const pod = object as Pod;
        if (type === 'DELETED') scheduled.delete(pod.metadata.uid);
        const moved = !old || (old as Pod).spec !== pod.spec;
        return type !== 'DELETED' && moved && pod.spec.nodeName ? [keyOf(pod)] : [];
      },
      nodes: ({ type, object, old }) =>
        type === 'DELETED' || (old && old['spec'] === object['spec'])
          ? []
          : podsOn(store, object.metadata.name).map(keyOf),
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = store.get('pods', namespace, name) as Pod | undefined;
      if (!pod?.spec.nodeName || pod.metadata.deletionTimestamp || podFinished(pod)) return undefined;
      const taints = hard(store.get('nodes', undefined, pod.spec.nodeName) as Node | undefined);
      const left = remaining(pod, taints, scheduled.get(pod.metadata.uid), context.clock.now());
      if (left === undefined) {
        if (scheduled.delete(pod.metadata.uid))
          events.record(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`, {
            component: COMPONENT,
          });
        return undefined;
      }
      if (left <= 0) return evict(context, pod);
      if (!scheduled.has(pod.metadata.uid)) scheduled.set(pod.metadata.uid, context.clock.now());
      return left;
    },
  };
};

/** Milliseconds until a pod has to go; undefined: it may stay. */
function remaining(pod: Pod, taints: readonly Taint[], since: number | undefined, now: number): number | undefined {
  if (taints.length === 0) return undefined;
  const tolerations = pod.spec.tolerations ?? [];
  if (taints.some((taint) => !tolerates(tolerations, taint))) return 0;
  const limited = taints.flatMap((taint) =>
    tolerations
      .filter((each) => each.tolerationSeconds !== undefined && tolerates([each], taint))
      .map(({ tolerationSeconds = 0 }) => ({
        seconds: Math.max(0, tolerationSeconds),
        from: taint.timeAdded ? Date.parse(taint.timeAdded) : (since ?? now),
      })),
  );
  if (limited.length === 0) return undefined;
  return Math.min(...limited.map(({ seconds, from }) => from + seconds * 1000 - now));
}

function evict({ client, clock, events }: ControllerContext, pod: Pod): undefined {
  const { namespace, name, uid } = pod.metadata;
  const condition: Condition = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: clock.timestamp(),
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
  };
  events.record(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${namespace}/${name}`, {
    component: COMPONENT,
  });
  const conditions = [...(pod.status?.conditions ?? []).filter(({ type }) => type !== condition.type), condition];
  client.updateStatus('pods', { ...pod, status: { ...pod.status, conditions } });
  client.delete('pods', namespace, name, { preconditions: { uid } });
  return undefined;
}
