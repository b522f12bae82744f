// What the kubelets tell of their nodes: leases and conditions, and which of them are stopped.
// DIFFERS: a real kubelet renews its lease every ten seconds; here it does so every five minutes, as it reports its status, and
// the node controller is told of a stop directly, so that an idle cluster writes next to nothing.
import type { Cancel } from '../../sim/clock';
import type { Table } from '../../sim/state';
import { type Condition, findCondition, type Node } from '../kinds';
import { ApiError } from '../store/errors';
import type { KubeletContext } from './context';

const REPORT_MS = 300_000; // nodeStatusReportFrequency
const NOTICE_MS = 10_000; // nodeStatusUpdateFrequency
const LEASES = 'leases.coordination.k8s.io';
const NAMESPACE = 'kube-node-lease';
const LEASE_SECONDS = 40;

/** A node whose kubelet is stopped, or that has no power. */
export interface Off {
  kind: 'kubelet' | 'power';
  /** Milliseconds. */
  at: number;
}

const HEALTHY: readonly [type: string, status: Condition['status'], reason: string, message: string][] = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
];

export class Heartbeats {
  private readonly stopped: Table;
  /** When a kubelet was started again, by node. */
  private readonly started: Table;
  private readonly cancels: Cancel[] = [];
  private readonly due = new Map<string, Cancel>();

  constructor(private readonly context: KubeletContext) {
    this.stopped = context.state.table('stopped-nodes');
    this.started = context.state.table('started-nodes');
  }

  off(node: string): Off | undefined {
    return this.stopped.get<Off>(node);
  }

  start(): void {
    const { store, clock } = this.context;
    this.cancels.push(
      clock.every(REPORT_MS, () => this.reportAll()),
      store.subscribe('nodes', ({ type, object, old }) => {
        if (type === 'DELETED') return;
        if (!healthy(object as Node)) this.soon(object.metadata.name);
        const [now, before] = [object, old].map((node) => Boolean(node?.['spec']?.unschedulable));
        if (old && now !== before && !this.off(object.metadata.name)) this.noteCordon(object as Node);
      }),
    );
    this.reportAll();
  }

  stop(): void {
    for (const cancel of [...this.cancels.splice(0), ...this.due.values()]) cancel();
    this.due.clear();
  }

  turnOff(node: string, kind: Off['kind']): void {
    this.stopped.set(node, { kind, at: this.context.clock.now() });
  }

  /** When its kubelet was started for the last time, if that was after the installation. */
  startedAt(node: string): number | undefined {
    return this.started.get<number>(node);
  }

  turnOn(node: string): void {
    this.stopped.delete(node);
    this.started.set(node, this.context.clock.now());
    const found = this.context.store.get('nodes', undefined, node) as Node | undefined;
    if (!found) return;
    this.say(found, 'Starting', 'Starting kubelet.');
    this.report(node);
  }

  private noteCordon(node: Node): void {
    const reason = node.spec?.unschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable';
    this.say(node, reason, `Node ${node.metadata.name} status is now: ${reason}`);
  }

  private reportAll(): void {
    for (const { metadata } of this.context.store.list('nodes')) this.report(metadata.name);
  }

  private soon(node: string): void {
    if (this.due.has(node) || this.off(node)) return;
    const cancel = this.context.clock.after(NOTICE_MS, () => {
      this.due.delete(node);
      this.report(node);
    });
    this.due.set(node, cancel);
  }

  /** Writes a node's conditions and renews its lease. */
  private report(name: string): void {
    const { store, client, clock } = this.context;
    const node = store.get('nodes', undefined, name) as Node | undefined;
    if (!node || this.off(name)) return;
    const now = clock.timestamp();
    const before = node.status?.conditions ?? [];
    const own = HEALTHY.map(([type, status, reason, message]) => {
      const old = findCondition(before, type);
      const lastTransitionTime = old?.status === status ? (old.lastTransitionTime ?? now) : now;
      return { type, status, lastHeartbeatTime: now, lastTransitionTime, reason, message };
    });
    const others = before.filter(({ type }) => !own.some((each) => each.type === type));
    const was = findCondition(before, 'Ready')?.status;
    try {
      client.updateStatus('nodes', { ...node, status: { ...node.status, conditions: [...others, ...own] } });
      this.renew(node);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // its namespace may be gone
    }
    if (was !== undefined && was !== 'True') this.say(node, 'NodeReady', `Node ${name} status is now: NodeReady`);
  }

  private renew(node: Node): void {
    const { store, client, clock } = this.context;
    const { name, uid } = node.metadata;
    const renewTime = `${new Date(clock.now()).toISOString().slice(0, -1)}000Z`; // microseconds
    const old = store.get(LEASES, NAMESPACE, name);
    if (old) {
      client.update(LEASES, { ...old, spec: { ...old['spec'], renewTime } });
      return;
    }
    client.create(LEASES, {
      metadata: {
        name,
        namespace: NAMESPACE,
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
      },
      spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime },
    });
  }

  private say(node: Node, reason: string, message: string): void {
    this.context.events.record(node, 'Normal', reason, message, { component: 'kubelet', host: node.metadata.name });
  }
}

const healthy = ({ status }: Node): boolean =>
  HEALTHY.every(([type, wanted]) => {
    const found = findCondition(status?.conditions, type);
    return found === undefined || found.status === wanted;
  });
