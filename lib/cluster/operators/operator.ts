// What an operator is: it keeps its objects in place, and reports on them in its ClusterOperator.
import type { Controller, ControllerContext } from '../controllers/controller';
import { setCondition } from '../controllers/deployment/status';
import { equal } from '../controllers/equal';
import type { Condition } from '../kinds';
import type { KubeObject, ResourceId, StoreEvent } from '../store/types';
import { ensure, type Manifest } from './manifest';

export const VERSION = '4.18.6';
const OPERATORS = 'clusteroperators.config.openshift.io';

export interface RelatedObject {
  group: string;
  resource: string;
  name: string;
  namespace?: string;
}

export interface OperatorPlan {
  /** Of the ClusterOperator. */
  name: string;
  manifests(): readonly Manifest[];
  /** Kinds whose changes concern it, besides the workloads in its manifests. */
  watches: readonly ResourceId[];
  related: readonly RelatedObject[];
  /** Work beyond keeping the manifests: configuration that follows an object. Returns what it has to say, if anything. */
  configure?(context: ControllerContext): Outcome | undefined;
  /** What `Available` says when all is well. */
  message: string;
}

interface Outcome {
  /** Conditions in the operator's own words, in place of those of its workloads. */
  conditions?: readonly Condition[];
  related?: readonly RelatedObject[];
  /** Milliseconds after which it wants to look again. */
  again?: number;
}

const WORKLOADS = new Set(['deployments.apps', 'daemonsets.apps']);

export function operator(context: ControllerContext, plan: OperatorPlan): Controller {
  const manifests = plan.manifests();
  const mine = new Set(
    manifests.map(({ resource, object }) => `${resource} ${object.metadata.namespace ?? ''}/${object.metadata.name}`),
  );
  const about = ({ type, resource, object }: StoreEvent): string[] => {
    const key = `${resource} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    return mine.has(key) && (type === 'DELETED' || WORKLOADS.has(resource)) ? ['/cluster'] : [];
  };
  const resources = new Set(manifests.map(({ resource }) => resource));
  return {
    name: `${plan.name}-operator`,
    watches: {
      ...Object.fromEntries([...resources].map((resource) => [resource, about])),
      ...Object.fromEntries(plan.watches.map((resource) => [resource, () => ['/cluster']])),
      namespaces: () => ['/cluster'],
    },
    reconcile() {
      ensure(context, manifests);
      const outcome = plan.configure?.(context);
      report(context, plan, manifests, outcome);
      return outcome?.again;
    },
  };
}

function report(
  context: ControllerContext,
  plan: OperatorPlan,
  manifests: readonly Manifest[],
  outcome: Outcome | undefined,
): void {
  const { store, client, clock, serves, release } = context;
  if (!serves(OPERATORS)) return;
  const found =
    store.get(OPERATORS, undefined, plan.name) ?? client.create(OPERATORS, { metadata: { name: plan.name }, spec: {} });
  const waiting = manifests.flatMap(({ resource, object }) => {
    const workload = store.get(resource, object.metadata.namespace, object.metadata.name);
    const text = workload && WORKLOADS.has(resource) ? notReady(resource, workload) : undefined;
    return text ? [text] : [];
  });
  const conditions: Condition[] = [
    { type: 'Degraded', status: 'False', reason: 'AsExpected', message: '' },
    {
      type: 'Progressing',
      status: waiting.length > 0 ? 'True' : 'False',
      reason: waiting.length > 0 ? 'Deploying' : 'AsExpected',
      message: waiting.join('\n'),
    },
    {
      type: 'Available',
      status: isDown(store, manifests) ? 'False' : 'True',
      reason: 'AsExpected',
      message: plan.message,
    },
    { type: 'Upgradeable', status: 'True', reason: 'AsExpected', message: '' },
  ];
  const own = new Set(outcome?.conditions?.map(({ type }) => type));
  let list: Condition[] = found['status']?.conditions ?? [];
  for (const condition of [...conditions.filter(({ type }) => !own.has(type)), ...(outcome?.conditions ?? [])])
    list = setCondition(list, condition, clock.timestamp());
  const status = {
    conditions: list.map(({ lastUpdateTime: _, ...condition }) => condition),
    versions: [{ name: 'operator', version: release }],
    relatedObjects: outcome?.related ?? plan.related,
    extension: null,
  };
  if (!equal(status, found['status'])) client.updateStatus(OPERATORS, { ...found, status });
}

/** Nothing of a workload that should run does. */
function isDown(store: ControllerContext['store'], manifests: readonly Manifest[]): boolean {
  return manifests.some(({ resource, object }) => {
    const workload = store.get(resource, object.metadata.namespace, object.metadata.name);
    const status = workload?.['status'] ?? {};
    if (resource === 'deployments.apps') return (workload?.['spec'].replicas ?? 1) > 0 && !status.availableReplicas;
    return resource === 'daemonsets.apps' && status.desiredNumberScheduled > 0 && !status.numberAvailable;
  });
}

/** The network operator's own sentences (pkg/controller/statusmanager/pod_status.go). */
function notReady(resource: ResourceId, workload: KubeObject): string | undefined {
  const { namespace, name } = workload.metadata;
  const { status = {}, spec } = workload;
  if (resource === 'daemonsets.apps') {
    if (status.desiredNumberScheduled === 0)
      return `DaemonSet "${namespace}/${name}" is not yet scheduled on any nodes`;
    if (status.numberUnavailable > 0)
      return `DaemonSet "${namespace}/${name}" is not available (awaiting ${status.numberUnavailable} nodes)`;
    return undefined;
  }
  const missing = (spec?.replicas ?? 1) - (status.availableReplicas ?? 0);
  return missing > 0 ? `Deployment "${namespace}/${name}" is not available (awaiting ${missing} nodes)` : undefined;
}
