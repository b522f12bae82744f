// How many pods a disruption budget still lets go. kubernetes pkg/controller/disruption.
import { type Pod, podActive, podReady } from '../kinds';
import { matchesSelector } from '../selectors';
import type { KubeObject } from '../store/types';
import { type ControllerContext, type MakeController, splitKey } from './controller';
import { scaled } from './deployment/limits';
import { setCondition } from './deployment/status';
import { equal } from './equal';
import { controllerOf } from './owners';

const BUDGETS = 'poddisruptionbudgets.policy';
const OWNERS: Record<string, string> = {
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicationController: 'replicationcontrollers',
};

export const disruption: MakeController = (context) => ({
  name: 'disruption',
  watches: {
    [BUDGETS]: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
    pods: ({ object }) => {
      const { namespace, labels } = object.metadata;
      return context.store
        .list(BUDGETS, namespace)
        .filter((budget) => matchesSelector(budget['spec'].selector, labels))
        .map(({ metadata }) => `${namespace}/${metadata.name}`);
    },
  },
  reconcile(key) {
    const { namespace, name } = splitKey(key);
    const budget = context.store.get(BUDGETS, namespace, name);
    if (budget) reconcile(context, budget);
    return undefined;
  },
});

/** The size that the pods' controllers ask for. */
function expected({ store }: ControllerContext, pods: Pod[]): number {
  const owners = new Map<string, number>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    const found = owner && store.get(OWNERS[owner.kind] ?? '', pod.metadata.namespace, owner.name);
    owners.set(owner?.uid ?? pod.metadata.uid, found?.['spec'].replicas ?? 1);
  }
  return [...owners.values()].reduce((sum, n) => sum + n, 0);
}

function reconcile(context: ControllerContext, budget: KubeObject): void {
  const { store, client, clock } = context;
  const { selector, minAvailable, maxUnavailable } = budget['spec'];
  const pods = (store.list('pods', budget.metadata.namespace) as Pod[]).filter(
    (pod) => podActive(pod) && matchesSelector(selector, pod.metadata.labels),
  );
  const whole = typeof minAvailable === 'number' ? pods.length : expected(context, pods);
  const desiredHealthy =
    maxUnavailable !== undefined
      ? Math.max(0, whole - scaled(maxUnavailable, whole, Math.ceil))
      : scaled(minAvailable ?? 1, whole, Math.ceil);
  const currentHealthy = pods.filter(podReady).length;
  const disruptionsAllowed = pods.length === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const allowed = disruptionsAllowed > 0;
  const conditions = setCondition(
    budget['status']?.conditions ?? [],
    {
      type: 'DisruptionAllowed',
      status: allowed ? 'True' : 'False',
      reason: allowed ? 'SufficientPods' : 'InsufficientPods',
      message: '',
    },
    clock.timestamp(),
  );
  const status = {
    conditions: conditions.map(({ lastUpdateTime: _, ...condition }) => condition),
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed,
    expectedPods: whole,
    observedGeneration: budget.metadata.generation,
  };
  if (!equal(status, budget['status'])) client.updateStatus(BUDGETS, { ...budget, status });
}
