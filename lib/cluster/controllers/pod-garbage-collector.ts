// Removes pods of nodes that are gone. kubernetes pkg/controller/podgc.
import { type Condition, type Pod, podFinished } from '../kinds';
import { type ControllerContext, type MakeController, splitKey } from './controller';
import { indexByNode, podsOn } from './pods-by-node';

const QUARANTINE_MS = 40_000; // a node may come back

export const podGarbageCollector: MakeController = (context) => {
  const { store, clock } = context;
  indexByNode(store);
  /** Nodes that are gone: since when. */
  const missing = new Map<string, number>();
  return {
    name: 'pod-garbage-collector',
    watches: {
      nodes: ({ type, object }) => (type === 'DELETED' ? [`/${object.metadata.name}`] : []),
      pods: ({ type, object, old }) => {
        const { nodeName } = (object as Pod).spec;
        const known = old && (old as Pod).spec.nodeName === nodeName;
        return type !== 'DELETED' && nodeName && !known && !store.get('nodes', undefined, nodeName)
          ? [`/${nodeName}`]
          : [];
      },
    },
    reconcile(key) {
      const { name } = splitKey(key);
      if (store.get('nodes', undefined, name)) {
        missing.delete(name);
        return undefined;
      }
      const since = missing.get(name) ?? clock.now();
      missing.set(name, since);
      if (since + QUARANTINE_MS > clock.now()) return since + QUARANTINE_MS - clock.now();
      missing.delete(name);
      for (const pod of podsOn(store, name)) remove(context, pod);
      return undefined;
    },
  };
};

function remove({ client, clock }: ControllerContext, pod: Pod): void {
  const condition: Condition = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: clock.timestamp(),
    reason: 'DeletionByPodGC',
    message: 'PodGC: node no longer exists',
  };
  const { namespace, name, uid } = pod.metadata;
  const phase = podFinished(pod) ? pod.status?.phase : 'Failed';
  const conditions = [...(pod.status?.conditions ?? []).filter(({ type }) => type !== condition.type), condition];
  client.updateStatus('pods', { ...pod, status: { ...pod.status, phase, conditions } });
  client.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
}
