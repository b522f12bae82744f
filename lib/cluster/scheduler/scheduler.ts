// The scheduler: gives every pod a node, or says why it cannot. kubernetes pkg/scheduler.
import type { Cancel } from '../../sim/clock';
import type { ControllerContext } from '../controllers/controller';
import { type Condition, findCondition, type Node, type Pod, podFinished } from '../kinds';
import { type KubeObject, objectKey, type StoreEvent } from '../store/types';
import { type Refusal, refusal, type Surroundings } from './filters';
import { NodeInfo } from './node-info';
import { choose, priorityOf } from './preemption';
import { better, rank } from './score';

const NAME = 'default-scheduler';
const SLICE = 50; // pods placed before others get a turn: some ten milliseconds
const BUDGETS = 'poddisruptionbudgets.policy';
const FLUSH_MS = 300_000; // flushUnschedulablePodsLeftover

/** What came of making room: a node to be, or why it was not tried. */
interface Preempted {
  node?: string;
  words?: string;
}

export class Scheduler {
  private readonly nodes = new Map<string, NodeInfo>();
  private readonly queue = new Set<string>();
  private readonly waiting = new Set<string>();
  /** Those of the queue whose priority is not the usual one. */
  private readonly uneven = new Set<string>();
  /** The least priority of any pod that was ever placed: nothing of less importance can be moved away. */
  private lowest = Number.POSITIVE_INFINITY;
  /** Pods that wait for the place of ones that are ending. */
  private readonly nominated = new Map<string, Pod>();
  private readonly cancels: Cancel[] = [];
  private armed = false;
  private stopped = false;
  private held = false;
  private withAffinity = 0;
  /** Where the next pod begins to look, so that in a large cluster every node has its turn. */
  private nextStart = 0;

  constructor(private readonly context: ControllerContext) {}

  start(): void {
    const { store, clock } = this.context;
    for (const node of store.list('nodes')) this.onNode({ type: 'ADDED', resource: 'nodes', object: node });
    for (const pod of store.list('pods')) this.onPod({ type: 'ADDED', resource: 'pods', object: pod });
    this.cancels.push(
      store.subscribe('nodes', (event) => this.onNode(event)),
      store.subscribe('pods', (event) => this.onPod(event)),
      store.subscribe('persistentvolumeclaims', () => this.retry()),
      clock.every(FLUSH_MS, () => this.retry()),
    );
  }

  stop(): void {
    for (const cancel of this.cancels.splice(0)) cancel();
    this.stopped = true;
  }

  /** While held it places nothing: there is no scheduler. */
  hold(held: boolean): void {
    this.held = held;
    if (!held && this.queue.size > 0) this.arm();
  }

  /** Places everything that waits, at once; for a world that is being put together. */
  flush(): boolean {
    const any = this.queue.size > 0;
    while (this.queue.size > 0) this.slice();
    return any;
  }

  /** Places at most so many of the queued pods at once; gives how many. */
  take(most: number): number {
    if (this.held) return 0;
    const before = this.queue.size;
    this.slice(most);
    return Math.min(before, most);
  }

  private onNode({ type, object }: StoreEvent): void {
    const { name } = object.metadata;
    const known = this.nodes.get(name);
    if (type === 'DELETED') this.nodes.delete(name);
    else if (known) known.setNode(object as Node);
    else this.adopt(object as Node);
    this.retry();
  }

  private adopt(node: Node): void {
    const info = new NodeInfo(node);
    this.nodes.set(node.metadata.name, info);
    if (this.cancels.length === 0) return; // at the start the pods come after
    for (const pod of this.context.store.list('pods') as Pod[])
      if (pod.spec.nodeName === node.metadata.name) info.add(pod);
  }

  private onPod({ type, object, old }: StoreEvent): void {
    const pod = object as Pod;
    const info = this.nodes.get(pod.spec.nodeName ?? '');
    if (type === 'DELETED' || podFinished(pod)) {
      this.queue.delete(objectKey(pod));
      this.waiting.delete(objectKey(pod));
      this.nominated.delete(objectKey(pod));
      if (info?.remove(pod.metadata.uid)) this.retry();
      return;
    }
    if (pod.spec.nodeName) {
      this.lowest = Math.min(this.lowest, priorityOf(pod));
      this.nominated.delete(objectKey(pod));
      if (!info?.pods.has(pod.metadata.uid) || pod.metadata.labels !== old?.metadata.labels) info?.add(pod);
      else info.pods.set(pod.metadata.uid, pod);
      return;
    }
    if (pod.spec.affinity?.podAffinity || pod.spec.affinity?.podAntiAffinity) this.withAffinity++;
    if (!this.mine(pod) || (old && !changed(pod, old as Pod))) return;
    this.queue.add(objectKey(pod));
    if (priorityOf(pod) !== 0) this.uneven.add(objectKey(pod));
    this.arm();
  }

  private mine(pod: Pod): boolean {
    return (
      !pod.metadata.deletionTimestamp &&
      (pod.spec.schedulerName ?? NAME) === NAME &&
      (pod.spec.schedulingGates ?? []).length === 0
    );
  }

  private retry(): void {
    if (this.waiting.size === 0) return;
    for (const key of this.waiting) this.enqueue(key);
    this.waiting.clear();
    this.arm();
  }

  private enqueue(key: string): void {
    this.queue.add(key);
    const [namespace, name] = key.split('/') as [string, string];
    const pod = this.context.store.get('pods', namespace, name) as Pod | undefined;
    if (pod && priorityOf(pod) !== 0) this.uneven.add(key);
  }

  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    void this.context.clock.yield().then(() => {
      this.armed = false;
      if (this.stopped || this.held) return;
      this.slice();
      if (this.queue.size > 0) this.arm();
    });
  }

  private slice(most = SLICE): void {
    for (const pod of this.next(most).slice(0, most)) {
      const { namespace, name } = pod.metadata;
      this.uneven.delete(objectKey(pod));
      if (!this.queue.delete(objectKey(pod))) continue;
      const now = this.context.store.get('pods', namespace, name) as Pod | undefined;
      if (now && !now.spec.nodeName) this.place(now);
    }
  }

  /** What waits, the most important first, of equal ones in the order they came. */
  private next(most: number): Pod[] {
    const keys = this.uneven.size > 0 ? [...this.queue] : firstOf(this.queue, most);
    const pods = keys.flatMap((key) => {
      const [namespace, name] = key.split('/') as [string, string];
      const pod = this.context.store.get('pods', namespace, name) as Pod | undefined;
      if (pod && !pod.spec.nodeName && this.mine(pod)) return [pod];
      this.queue.delete(key);
      this.uneven.delete(key);
      return [];
    });
    return this.uneven.size > 0 ? pods.sort((a, b) => priorityOf(b) - priorityOf(a)) : pods;
  }

  private place(pod: Pod): void {
    const claims = this.missingClaims(pod);
    if (claims) return this.refuse(pod, [], claims);
    const nodes = [...this.nodes.values()];
    const { store } = this.context;
    const around: Surroundings = {
      nodes,
      namespaceLabels: (name) => store.get('namespaces', undefined, name)?.metadata.labels,
      volumesOf: (each) => this.boundVolumes(each),
    };
    const refused: { info: NodeInfo; refusal: Refusal }[] = [];
    let best: { info: NodeInfo; rank: (number | string)[] } | undefined;
    const enough = enoughNodes(nodes.length);
    let fitting = 0;
    let seen = 0;
    for (; seen < nodes.length && fitting < enough; seen++) {
      const info = nodes[(this.nextStart + seen) % nodes.length] as NodeInfo;
      const no = refusal(pod, this.withNominated(pod, info), around, this.withAffinity > 0);
      if (no) {
        refused.push({ info, refusal: no });
        continue;
      }
      fitting++;
      const ranked = rank(pod, info, around);
      if (!best || better(ranked, best.rank)) best = { info, rank: ranked };
    }
    this.nextStart = nodes.length > 0 ? (this.nextStart + seen) % nodes.length : 0;
    if (best) return this.bind(pod, best.info);
    const refusals = refused.map((each) => each.refusal);
    const able = refused.filter((each) => each.refusal.preemptable).map(({ info }) => info);
    this.refuse(pod, refusals, undefined, this.preempt(pod, able, around));
  }

  /** A node as it is when the more important pods that were promised a place on it have come. */
  private withNominated(pod: Pod, info: NodeInfo): NodeInfo {
    if (this.nominated.size === 0) return info;
    const coming = [...this.nominated.values()].filter(
      (other) =>
        other.status?.nominatedNodeName === info.node.metadata.name &&
        other.metadata.uid !== pod.metadata.uid &&
        priorityOf(other) >= priorityOf(pod),
    );
    if (coming.length === 0) return info;
    const then = new NodeInfo(info.node);
    for (const each of [...info.pods.values(), ...coming]) then.add(each);
    return then;
  }

  /** Makes room by ending less important pods; gives what the event says of it. */
  private preempt(pod: Pod, able: readonly NodeInfo[], around: Surroundings): Preempted {
    if (pod.spec.preemptionPolicy === 'Never') return { words: 'not eligible due to preemptionPolicy=Never.' };
    const { nominatedNodeName } = pod.status ?? {};
    const promised = nominatedNodeName ? this.nodes.get(nominatedNodeName) : undefined;
    if (
      [...(promised?.pods.values() ?? [])].some(
        (each) => each.metadata.deletionTimestamp && priorityOf(each) < priorityOf(pod),
      )
    )
      return { words: 'not eligible due to a terminating pod on the nominated node.' };
    if (priorityOf(pod) <= this.lowest) return {};
    const found = choose(pod, able, around, this.context.store.list(BUDGETS));
    if (!found) return {};
    for (const victim of found.victims) this.evict(victim, pod, found.node);
    return { node: found.node };
  }

  private evict(victim: Pod, by: Pod, node: string): void {
    const { client, store, clock, events } = this.context;
    const { namespace, name } = victim.metadata;
    const now = store.get('pods', namespace, name) as Pod | undefined;
    if (!now || now.metadata.deletionTimestamp) return;
    const condition: Condition = {
      type: 'DisruptionTarget',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: clock.timestamp(),
      reason: 'PreemptionByScheduler',
      message: `${NAME}: preempting to accommodate a higher priority pod`,
    };
    client.updateStatus('pods', {
      ...now,
      status: { ...now.status, conditions: withCondition(now.status?.conditions, condition) },
    });
    client.delete('pods', namespace, name);
    events.record(victim, 'Normal', 'Preempted', `Preempted by pod ${by.metadata.uid} on node ${node}`, {
      component: NAME,
    });
  }

  private bind(pod: Pod, info: NodeInfo): void {
    const { store, events, clock } = this.context;
    const node = info.node.metadata.name;
    const condition = scheduled('True', clock.timestamp());
    const status = { ...pod.status, conditions: withCondition(pod.status?.conditions, condition) };
    // counted at once, as the real scheduler assumes a pod: the event may come only after the next one is placed
    info.add(store.update('pods', { ...pod, spec: { ...pod.spec, nodeName: node }, status }) as Pod);
    const { namespace, name } = pod.metadata;
    events.record(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`, {
      component: NAME,
    });
  }

  private refuse(pod: Pod, refusals: Refusal[], before?: string, preempted: Preempted = {}): void {
    const { client, events, clock, store } = this.context;
    const message = explain(this.nodes.size, refusals, before, preempted);
    this.waiting.add(objectKey(pod));
    events.record(pod, 'Warning', 'FailedScheduling', message, { component: NAME });
    const now = (store.get('pods', pod.metadata.namespace, pod.metadata.name) as Pod | undefined) ?? pod;
    const nominatedNodeName = preempted.node ?? now.status?.nominatedNodeName;
    const known = findCondition(now.status?.conditions, 'PodScheduled');
    if (known?.message === message && nominatedNodeName === now.status?.nominatedNodeName) return;
    const at = known?.status === 'False' ? (known.lastTransitionTime ?? clock.timestamp()) : clock.timestamp();
    const condition = { ...scheduled('False', at), reason: 'Unschedulable', message };
    const status = {
      ...now.status,
      phase: 'Pending',
      ...(nominatedNodeName && { nominatedNodeName }),
      conditions: withCondition(now.status?.conditions, condition),
    };
    const written = client.updateStatus('pods', { ...now, status }) as Pod;
    if (nominatedNodeName) this.nominated.set(objectKey(pod), written);
  }

  /** Claims that are not there or not bound yet. */
  private missingClaims(pod: Pod): string | undefined {
    for (const { persistentVolumeClaim: claim } of pod.spec.volumes ?? []) {
      if (!claim) continue;
      const found = this.context.store.get('persistentvolumeclaims', pod.metadata.namespace, claim.claimName);
      if (!found) return `persistentvolumeclaim "${claim.claimName}" not found`;
      if (found['status']?.phase !== 'Bound' && !this.bindsLater(found['spec']?.storageClassName))
        return 'pod has unbound immediate PersistentVolumeClaims';
    }
    return undefined;
  }

  /** The volumes that a pod's claims are bound to: each says on which nodes it can be used. */
  private boundVolumes(pod: Pod): KubeObject[] {
    const { store } = this.context;
    return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => {
      const found = claim && store.get('persistentvolumeclaims', pod.metadata.namespace, claim.claimName);
      const volume = found?.['spec'].volumeName && store.get('persistentvolumes', undefined, found['spec'].volumeName);
      return volume ? [volume] : [];
    });
  }

  private bindsLater(storageClass: string | undefined): boolean {
    const found = storageClass
      ? this.context.store.get('storageclasses.storage.k8s.io', undefined, storageClass)
      : undefined;
    return found?.['volumeBindingMode'] === 'WaitForFirstConsumer';
  }
}

function firstOf(keys: ReadonlySet<string>, most: number): string[] {
  const list: string[] = [];
  for (const key of keys) {
    if (list.length >= most) break;
    list.push(key);
  }
  return list;
}

const ALL_UP_TO = 100;

/** How many nodes that fit are compared: all of a small cluster, fewer of a hundred of a large one. numFeasibleNodesToFind. */
function enoughNodes(nodes: number): number {
  if (nodes <= ALL_UP_TO) return nodes;
  const percent = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(ALL_UP_TO, Math.floor((nodes * percent) / 100));
}

const scheduled = (status: 'True' | 'False', lastTransitionTime: string): Condition => ({
  type: 'PodScheduled',
  status,
  lastProbeTime: null,
  lastTransitionTime,
});

const withCondition = (conditions: Condition[] | undefined, next: Condition): Condition[] => [
  ...(conditions ?? []).filter(({ type }) => type !== next.type),
  next,
];

const changed = (pod: Pod, old: Pod): boolean => pod.spec !== old.spec || pod.metadata.labels !== old.metadata.labels;

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) … . preemption: …`: framework.FitError. */
function explain(total: number, refusals: Refusal[], before: string | undefined, preempted: Preempted): string {
  if (total === 0) return 'no nodes available to schedule pods';
  const tally = (texts: string[]) => {
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    return [...counts]
      .map(([text, n]) => `${n} ${text}`)
      .sort()
      .join(', ');
  };
  const head = `0/${total} nodes are available: `;
  const victims = before
    ? `${total} Preemption is not helpful for scheduling`
    : tally(
        refusals.map(({ preemptable }) =>
          preemptable ? 'No preemption victims found for incoming pod' : 'Preemption is not helpful for scheduling',
        ),
      );
  const why = `${head}${before ?? tally(refusals.flatMap(({ reasons }) => reasons))}.`;
  if (preempted.node) return why;
  return `${why} preemption: ${preempted.words ?? `${head}${victims}.`}`;
}
