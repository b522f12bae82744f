// The scheduler: gives every pod a node, or says why it cannot. kubernetes pkg/scheduler.
import type { Cancel } from '../../sim/clock';
import type { ControllerContext } from '../controllers/controller';
import { type Condition, findCondition, type Node, type Pod, podFinished } from '../kinds';
import { objectKey, type StoreEvent } from '../store/types';
import { type Refusal, refusal } from './filters';
import { NodeInfo } from './node-info';
import { better, rank } from './score';

const NAME = 'default-scheduler';
const SLICE = 50; // pods placed before others get a turn: some ten milliseconds
const FLUSH_MS = 300_000; // flushUnschedulablePodsLeftover

export class Scheduler {
  private readonly nodes = new Map<string, NodeInfo>();
  private readonly queue = new Set<string>();
  private readonly waiting = new Set<string>();
  private readonly cancels: Cancel[] = [];
  private armed = false;
  private stopped = false;
  private withAffinity = 0;

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

  /** Places everything that waits, at once; for a world that is being put together. */
  flush(): boolean {
    const any = this.queue.size > 0;
    while (this.queue.size > 0) this.slice();
    return any;
  }

  /** Places at most so many of the queued pods at once; gives how many. */
  take(most: number): number {
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
      if (info?.remove(pod.metadata.uid)) this.retry();
      return;
    }
    if (pod.spec.nodeName) {
      if (!info?.pods.has(pod.metadata.uid) || pod.metadata.labels !== old?.metadata.labels) info?.add(pod);
      else info.pods.set(pod.metadata.uid, pod);
      return;
    }
    if (pod.spec.affinity?.podAffinity || pod.spec.affinity?.podAntiAffinity) this.withAffinity++;
    if (!this.mine(pod) || (old && !changed(pod, old as Pod))) return;
    this.queue.add(objectKey(pod));
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
    for (const key of this.waiting) this.queue.add(key);
    this.waiting.clear();
    this.arm();
  }

  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    void this.context.clock.yield().then(() => {
      this.armed = false;
      if (this.stopped) return;
      this.slice();
      if (this.queue.size > 0) this.arm();
    });
  }

  private slice(most = SLICE): void {
    let left = most;
    for (const key of this.queue) {
      if (left-- === 0) return;
      this.queue.delete(key);
      const [namespace, name] = key.split('/') as [string, string];
      const pod = this.context.store.get('pods', namespace, name) as Pod | undefined;
      if (pod && !pod.spec.nodeName && this.mine(pod)) this.place(pod);
    }
  }

  private place(pod: Pod): void {
    const claims = this.missingClaims(pod);
    if (claims) return this.refuse(pod, [], claims);
    const nodes = [...this.nodes.values()];
    const around = {
      nodes,
      namespaceLabels: (name: string) => this.context.store.get('namespaces', undefined, name)?.metadata.labels,
    };
    const refusals: Refusal[] = [];
    let best: { info: NodeInfo; rank: (number | string)[] } | undefined;
    for (const info of nodes) {
      const no = refusal(pod, info, around, this.withAffinity > 0);
      if (no) {
        refusals.push(no);
        continue;
      }
      const ranked = rank(pod, info);
      if (!best || better(ranked, best.rank)) best = { info, rank: ranked };
    }
    if (best) this.bind(pod, best.info);
    else this.refuse(pod, refusals);
  }

  private bind(pod: Pod, info: NodeInfo): void {
    const { store, events, clock } = this.context;
    const node = info.node.metadata.name;
    const condition = scheduled('True', clock.timestamp());
    const status = { ...pod.status, conditions: withCondition(pod.status?.conditions, condition) };
    store.update('pods', { ...pod, spec: { ...pod.spec, nodeName: node }, status });
    const { namespace, name } = pod.metadata;
    events.record(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`, {
      component: NAME,
    });
  }

  private refuse(pod: Pod, refusals: Refusal[], before?: string): void {
    const { client, events, clock } = this.context;
    const message = explain(this.nodes.size, refusals, before);
    this.waiting.add(objectKey(pod));
    events.record(pod, 'Warning', 'FailedScheduling', message, { component: NAME });
    const known = findCondition(pod.status?.conditions, 'PodScheduled');
    if (known?.message === message) return;
    const at = known?.status === 'False' ? (known.lastTransitionTime ?? clock.timestamp()) : clock.timestamp();
    const condition = { ...scheduled('False', at), reason: 'Unschedulable', message };
    const status = { ...pod.status, phase: 'Pending', conditions: withCondition(pod.status?.conditions, condition) };
    client.updateStatus('pods', { ...pod, status });
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

  private bindsLater(storageClass: string | undefined): boolean {
    const found = storageClass
      ? this.context.store.get('storageclasses.storage.k8s.io', undefined, storageClass)
      : undefined;
    return found?.['volumeBindingMode'] === 'WaitForFirstConsumer';
  }
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
function explain(total: number, refusals: Refusal[], before?: string): string {
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
  return `${head}${before ?? tally(refusals.flatMap(({ reasons }) => reasons))}. preemption: ${head}${victims}.`;
}
