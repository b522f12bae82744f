// Why a pod cannot go to a node: the scheduler's filter plug-ins in their order, with their texts.
// kubernetes pkg/scheduler/framework/plugins.
import type {
  Affinity,
  Node,
  Pod,
  PodAffinityTerm,
  PodSpec,
  SelectorTerm,
  SpreadConstraint,
  Taint,
  Toleration,
} from '../kinds';
import { matchesExpression, matchesLabels, matchesSelector } from '../selectors';
import type { KubeObject } from '../store/types';
import { hostPorts, NodeInfo, podRequests } from './node-info';

export interface Refusal {
  reasons: string[];
  /** Evicting pods of the node could make room. */
  preemptable: boolean;
}

/** All nodes, and what is known of namespaces: for rules that look beyond one node. */
export interface Surroundings {
  nodes: readonly NodeInfo[];
  namespaceLabels(name: string): Readonly<Record<string, string>> | undefined;
  /** The volumes that a pod's claims are bound to. */
  volumesOf?(pod: Pod): readonly KubeObject[];
}

type Filter = (pod: Pod, info: NodeInfo, around: Surroundings) => Refusal | undefined;

const never = (...reasons: string[]): Refusal => ({ reasons, preemptable: false });
const full = (...reasons: string[]): Refusal => ({ reasons, preemptable: true });

export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (!effect || effect === taint.effect) &&
      (key === undefined || key === '' ? operator === 'Exists' : key === taint.key) &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );
}

export function matchesTerm(term: SelectorTerm, info: NodeInfo): boolean {
  const { labels, name } = info.node.metadata;
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((expression) => matchesExpression(expression, labels)) &&
    matchFields.every((expression) => matchesExpression(expression, { 'metadata.name': name }))
  );
}

const unschedulable: Filter = (pod, { node }) => {
  const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  return node.spec?.unschedulable && !tolerates(pod.spec.tolerations, taint)
    ? never('node(s) were unschedulable')
    : undefined;
};

const taints: Filter = (pod, { node }) => {
  const taint = (node.spec?.taints ?? []).find(
    (each) => each.effect !== 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, each),
  );
  return taint && never(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`);
};

const nodeAffinity: Filter = (pod, info) => {
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const fits =
    matchesLabels(pod.spec.nodeSelector ?? {}, info.node.metadata.labels) &&
    (!terms || terms.some((term) => matchesTerm(term, info)));
  return fits ? undefined : never("node(s) didn't match Pod's node affinity/selector");
};

const ports: Filter = (pod, info) =>
  hostPorts(pod).some((port) => info.holdsPort(port))
    ? full("node(s) didn't have free ports for the requested pod ports")
    : undefined;

const resources: Filter = (pod, info) => {
  const reasons: string[] = [];
  const { pods: most } = info.allocatable;
  if (most !== undefined && info.pods.size + 1 > most) reasons.push('Too many pods');
  for (const [name, amount] of Object.entries(podRequests(pod)))
    if (amount > 0 && amount > (info.allocatable[name] ?? 0) - (info.requested[name] ?? 0))
      reasons.push(`Insufficient ${name}`);
  return reasons.length > 0 ? full(...reasons) : undefined;
};

const volumes: Filter = (pod, info, around) => {
  if (!pod.spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim)) return undefined;
  const elsewhere = around.volumesOf?.(pod).some(({ spec }) => {
    const terms: SelectorTerm[] | undefined = spec.nodeAffinity?.required?.nodeSelectorTerms;
    return terms && !terms.some((term) => matchesTerm(term, info));
  });
  return elsewhere ? never('node(s) had volume node affinity conflict') : undefined;
};

export const domain = (info: NodeInfo, key: string): string | undefined => info.node.metadata.labels?.[key];

const topologySpread: Filter = (pod, info, around) => {
  for (const constraint of pod.spec.topologySpreadConstraints ?? []) {
    if (constraint.whenUnsatisfiable !== 'DoNotSchedule') continue;
    const own = domain(info, constraint.topologyKey);
    if (own === undefined)
      return never("node(s) didn't match pod topology spread constraints (missing required label)");
    const counts = spread(pod, constraint, around);
    const self = matchesSelector(constraint.labelSelector, pod.metadata.labels) ? 1 : 0;
    if ((counts.get(own) ?? 0) + self - Math.min(...counts.values()) > constraint.maxSkew)
      return full("node(s) didn't match pod topology spread constraints");
  }
  return undefined;
};

/** Matching pods by topology domain, over the nodes that the pod could use at all. */
function spread(pod: Pod, { topologyKey, labelSelector }: SpreadConstraint, around: Surroundings): Map<string, number> {
  const counts = new Map<string, number>();
  for (const info of around.nodes) {
    const value = domain(info, topologyKey);
    if (value === undefined || nodeAffinity(pod, info, around)) continue;
    const here = [...info.pods.values()].filter(
      (other) =>
        other.metadata.namespace === pod.metadata.namespace &&
        !other.metadata.deletionTimestamp &&
        matchesSelector(labelSelector, other.metadata.labels),
    );
    counts.set(value, (counts.get(value) ?? 0) + here.length);
  }
  return counts;
}

/** Whether a pod is one that a term of `by` speaks of. */
function concerns(term: PodAffinityTerm, by: Pod, other: Pod, around: Surroundings): boolean {
  const namespace = other.metadata.namespace ?? '';
  const chosen =
    term.namespaces?.includes(namespace) ||
    (term.namespaceSelector && matchesSelector(term.namespaceSelector, around.namespaceLabels(namespace))) ||
    (!term.namespaces?.length && !term.namespaceSelector && namespace === by.metadata.namespace);
  return Boolean(chosen) && matchesSelector(term.labelSelector, other.metadata.labels);
}

/** Whether a pod that the term speaks of runs in the same topology domain. */
export function present(term: PodAffinityTerm, pod: Pod, info: NodeInfo, around: Surroundings): boolean {
  const own = domain(info, term.topologyKey);
  return (
    own !== undefined &&
    around.nodes.some(
      (node) =>
        domain(node, term.topologyKey) === own &&
        [...node.pods.values()].some((other) => concerns(term, pod, other, around)),
    )
  );
}

const required = (affinity: Affinity['podAffinity']): PodAffinityTerm[] =>
  affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

const podAffinity: Filter = (pod, info, around) => {
  for (const term of required(pod.spec.affinity?.podAffinity)) {
    if (domain(info, term.topologyKey) === undefined) return never("node(s) didn't match pod affinity rules");
    if (present(term, pod, info, around)) continue;
    // the first of a group may start where no other of the group is yet
    const anywhere = around.nodes.some((node) =>
      [...node.pods.values()].some((other) => concerns(term, pod, other, around)),
    );
    if (anywhere || !concerns(term, pod, pod, around)) return never("node(s) didn't match pod affinity rules");
  }
  if (required(pod.spec.affinity?.podAntiAffinity).some((term) => present(term, pod, info, around)))
    return full("node(s) didn't match pod anti-affinity rules");
  return existingAntiAffinity(pod, info, around);
};

const existingAntiAffinity: Filter = (pod, info, around) => {
  for (const node of around.nodes)
    for (const other of node.pods.values())
      for (const term of required(other.spec.affinity?.podAntiAffinity)) {
        const same = domain(node, term.topologyKey) === domain(info, term.topologyKey);
        if (same && domain(info, term.topologyKey) !== undefined && concerns(term, other, pod, around))
          return full("node(s) didn't satisfy existing pods anti-affinity rules");
      }
  return undefined;
};

/** Whether a daemon's pod may run on a node at all: its affinity and its taints, whatever runs there. */
export function fitsNode(spec: PodSpec, node: Node): boolean {
  const info = new NodeInfo(node);
  const pod = { spec } as Pod;
  const around = { nodes: [info], namespaceLabels: () => undefined };
  return !taints(pod, info, around) && !nodeAffinity(pod, info, around);
}

/** Cheap ones; the rest are asked only when a cluster has such rules. */
const NODE_FILTERS: readonly Filter[] = [unschedulable, taints, nodeAffinity, ports, resources, volumes];

export function refusal(pod: Pod, info: NodeInfo, around: Surroundings, affinityInUse: boolean): Refusal | undefined {
  for (const filter of NODE_FILTERS) {
    const found = filter(pod, info, around);
    if (found) return found;
  }
  return topologySpread(pod, info, around) ?? (affinityInUse ? podAffinity(pod, info, around) : undefined);
}
