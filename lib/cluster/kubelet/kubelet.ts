// The kubelets of all nodes: a worker for every pod that has a node.
import type { Machine } from '../../machine/machine';
import { NetStack } from '../../machine/net';
import type { Cancel } from '../../sim/clock';
import type { PodUsage } from '../api/streams';
import { countRestarts } from '../bootstrap/crash';
import { indexByNode, podsOn } from '../controllers/pods-by-node';
import type { Node, Pod } from '../kinds';
import type { StoreEvent } from '../store/types';
import { Texts } from '../texts';
import type { ContainerRun } from './container';
import { isPlatform, type KubeletContext } from './context';
import { Heartbeats, type Off } from './heartbeats';
import { Images } from './images';
import { Logs } from './logs';
import { NodeMachines } from './node-machines';
import { isSettled, type NodeFacts, type PodContext, PodWorker } from './pod-worker';
import { runtimeId } from './runtime-id';
import { StaticPods } from './static-pods';
import { UsageMeter } from './usage';
import { Volumes } from './volumes';
import { Wakefulness } from './wakefulness';

const SYNC_MS = 30_000; // half of the kubelet's syncFrequency, the wait on average
const ROUSE_MS = 1000; // after a restore, until containers that nobody calls are started again

export class Kubelet {
  private readonly workers = new Map<string, PodWorker>();
  /** Pods by their node's id that run without a worker, until somebody needs one. */
  private readonly asleep = new Set<string>();
  private readonly stacks = new Map<string, NetStack>();
  private readonly context: PodContext;
  private readonly nodes: NodeMachines;
  private readonly statics: StaticPods;
  private readonly cancels: Cancel[] = [];
  private readonly heartbeats: Heartbeats;
  private readonly meter: UsageMeter;

  constructor(context: KubeletContext) {
    this.heartbeats = new Heartbeats(context);
    this.meter = new UsageMeter(() => context.clock.now());
    this.context = {
      ...context,
      off: (node) => this.heartbeats.off(node) !== undefined,
      nodePids: (node) => this.nodes.pidsOf(node),
      images: new Images(context),
      logs: new Logs(context.state, context.clock),
      volumeStore: new Volumes(context, (node, root) => this.statics.watch(node, root)),
      texts: new Texts(),
      wakefulness: new Wakefulness((worker) => this.rest(worker), context.mostAwake),
    };
    this.statics = new StaticPods(this.context, (node) => this.context.volumeStore.nodeRoot(node));
    this.nodes = new NodeMachines(this.context, (node) => this.nodeStack(node));
  }

  /** What a pod's containers use; undefined when its kubelet is not heard or the pod does not run. */
  usage(pod: Pod): PodUsage[] | undefined {
    if (pod.status?.phase !== 'Running' || this.heartbeats.off(pod.spec.nodeName ?? '')) return undefined;
    const id = runtimeId(pod);
    return this.meter.of(id, pod.spec.containers, this.workers.get(id));
  }

  get logs(): Logs {
    return this.context.logs;
  }

  start(): void {
    const { store } = this.context;
    indexByNode(store);
    this.cancels.push(
      store.subscribe('pods', (event) => this.onPod(event)),
      store.subscribe('configmaps', (event) => this.onSource(event)),
      store.subscribe('secrets', (event) => this.onSource(event)),
      store.subscribe('nodes', ({ type, object }) => {
        const { name } = object.metadata;
        if (type === 'ADDED') this.nodes.declare(name);
        if (type !== 'DELETED') return;
        this.nodes.stop(name);
        this.stacks.delete(name);
      }),
    );
    for (const { metadata } of store.list('nodes')) this.nodes.declare(metadata.name);
    const pods = store.list('pods') as Pod[];
    this.context.listeners.restore(pods.map(({ metadata }) => hostOf(metadata)));
    this.context.fabric.findAsleep = (host) => this.findAsleep(host);
    for (const pod of pods)
      if (isSettled(pod)) this.asleep.add(runtimeId(pod));
      else this.adopt(pod);
    this.heartbeats.start();
    this.statics.start();
    this.rouse(pods);
  }

  /** Before the start: gives a new cluster the mirrors of what its installer left on a node. */
  mirror(node: string): void {
    indexByNode(this.context.store);
    this.statics.look(node);
  }

  /** Since when nothing was heard of a node, in milliseconds; undefined while its kubelet runs. */
  silentSince(node: string): number | undefined {
    return this.heartbeats.off(node)?.at;
  }

  /** Whether a node's kubelet runs and since when, in milliseconds; `installed` is when it began. */
  service(node: string, installed: number): { runs: boolean; since: number } {
    const off = this.heartbeats.off(node);
    return off ? { runs: false, since: off.at } : { runs: true, since: this.heartbeats.startedAt(node) ?? installed };
  }

  hasPower(node: string): boolean {
    return this.heartbeats.off(node)?.kind !== 'power';
  }

  /** Ends a node's kubelet (its containers go on, unheard), or takes its power. */
  stopNode(node: string, kind: Off['kind']): void {
    this.heartbeats.turnOff(node, kind);
    if (kind === 'kubelet') return;
    this.nodes.stop(node);
    for (const worker of [...this.workers.values()]) {
      if (worker.node.name !== node) continue;
      worker.halt();
      if (worker.stack.host !== `node/${node}`) worker.stack.shutdown();
      this.drop(worker);
    }
  }

  /** Starts a node's kubelet, with the whole node if that had no power: it looks at what has become of its pods. */
  startNode(node: string): void {
    const before = this.heartbeats.off(node);
    if (!before) return;
    this.heartbeats.turnOn(node);
    const { store } = this.context;
    const pods = podsOn(store, node);
    if (before.kind === 'power') countRestarts(store, pods);
    if (before.kind === 'power') this.powered(node);
    this.statics.look(node);
    const there = new Set(pods.map(runtimeId));
    for (const worker of [...this.workers.values()])
      if (worker.node.name === node && !there.has(worker.uid)) {
        worker.destroy();
        this.drop(worker);
      }
    for (const { metadata } of pods) {
      const pod = store.get('pods', metadata.namespace, metadata.name) as Pod;
      this.onPod({ type: 'MODIFIED', resource: 'pods', object: pod });
      const worker = this.find(metadata.namespace ?? '', metadata.name);
      worker?.changed();
      if (before.kind === 'power') void worker?.wake();
    }
  }

  private powered(node: string): void {
    this.nodes.declare(node);
    this.nodeStack(node).wake = () => this.nodes.start(node);
  }

  /**
   * Starts the pods that listen on their nodes' own addresses: a node's stack does not know whom to wake.
   * Resolves when they listen.
   */
  async rouseHostPods(): Promise<void> {
    const pods = (this.context.store.list('pods') as Pod[]).filter((pod) => pod.spec.hostNetwork && !isPlatform(pod));
    await Promise.all(pods.map(({ metadata }) => this.find(metadata.namespace ?? '', metadata.name)?.wake()));
  }

  /** Containers that nobody calls (clients, loops, jobs) go on by themselves; those that listen wait to be called. */
  private rouse(pods: readonly Pod[]): void {
    const restless = pods.filter((pod) => {
      const isAsleep = pod.status?.containerStatuses?.some(({ state }) => state.running);
      return isAsleep && !isPlatform(pod) && this.context.listeners.of(hostOf(pod.metadata)).length === 0;
    });
    if (restless.length === 0) return;
    const cancel = this.context.clock.after(ROUSE_MS, async () => {
      for (const { metadata } of restless) await this.find(metadata.namespace ?? '', metadata.name)?.wake(); // they may be very many
    });
    this.cancels.push(cancel);
  }

  /** Ends everything without writing. */
  stop(): void {
    for (const cancel of this.cancels.splice(0)) cancel();
    this.heartbeats.stop();
    for (const worker of this.workers.values()) worker.halt();
    this.nodes.stopAll();
  }

  /** Writes the files of all machines to the state. */
  flush(): void {
    for (const worker of this.workers.values()) for (const { machine } of worker.containers) machine?.mounts.flush();
    this.nodes.flush();
  }

  find(namespace: string, name: string): PodWorker | undefined {
    const pod = this.context.store.get('pods', namespace, name) as Pod | undefined;
    if (!pod) return undefined;
    if (this.asleep.has(runtimeId(pod))) this.adopt(pod);
    return this.workers.get(runtimeId(pod));
  }

  /** A running container's machine, woken if it sleeps. */
  async machine(
    namespace: string,
    name: string,
    container?: string,
  ): Promise<{ run: ContainerRun; machine: Machine } | undefined> {
    const worker = this.find(namespace, name);
    const run = worker?.find(container ?? worker.pod.spec.containers[0]?.name ?? '');
    if (!run) return undefined;
    if (run.asleep) await worker?.wake();
    return run.machine && run.process ? { run, machine: run.machine } : undefined;
  }

  /** The network of a node. */
  nodeStack(name: string): NetStack {
    let stack = this.stacks.get(name);
    if (!stack) {
      stack = new NetStack(this.context.fabric, `node/${name}`, () => this.node(name).addresses);
      stack.wake = () => this.nodes.start(name);
      this.stacks.set(name, stack);
    }
    return stack;
  }

  node(name: string): NodeFacts {
    const node = this.context.store.get('nodes', undefined, name) as Node | undefined;
    const addresses = (node?.status?.addresses ?? [])
      .filter(({ type }) => type === 'InternalIP')
      .map(({ address }) => address);
    return { name, address: addresses[0] ?? '', addresses };
  }

  /** Mounted maps and secrets are brought up to date at the kubelet's next look. */
  private onSource({ type, object }: StoreEvent): void {
    if (type !== 'MODIFIED') return;
    const { namespace, name } = object.metadata;
    const concerned = [...this.workers.values()].filter(
      (worker) => worker.pod.metadata.namespace === namespace && worker.mounts(object.kind, name),
    );
    if (concerned.length === 0) return;
    this.context.clock.after(SYNC_MS, () => {
      for (const worker of concerned) worker.refresh();
    });
  }

  private onPod({ type, object }: StoreEvent): void {
    const pod = object as Pod;
    if (this.heartbeats.off(pod.spec.nodeName ?? '')) return; // it will look when it is back
    const uid = runtimeId(pod);
    if (type === 'DELETED' || pod.metadata.deletionTimestamp) {
      this.statics.deleted(pod);
      if (this.statics.keeps(pod)) return this.keep(pod);
    }
    if (this.asleep.has(uid)) {
      if (type !== 'DELETED' && isSettled(pod)) return;
      this.adopt(pod);
    }
    const worker = this.workers.get(uid);
    if (type === 'DELETED') {
      this.meter.forget(uid);
      worker?.destroy();
      this.drop(worker);
    } else if (worker) {
      worker.update(pod);
      if (type === 'ADDED') worker.changed(); // a mirror that was made again
    } else this.adopt(pod);
  }

  /** A static pod whose mirror is deleted: its containers go on, whoever ran them. */
  private keep(pod: Pod): void {
    const { deletionTimestamp: _, ...metadata } = pod.metadata;
    if (this.asleep.has(runtimeId(pod))) this.adopt({ ...pod, metadata });
  }

  private drop(worker: PodWorker | undefined): void {
    if (!worker) return;
    this.workers.delete(worker.uid);
    this.context.wakefulness.forget(worker);
  }

  private rest(worker: PodWorker): void {
    worker.rest();
    this.drop(worker);
    this.asleep.add(worker.uid);
  }

  private findAsleep(host: string): NetStack | undefined {
    if (host.startsWith('node/')) return this.findNode(host.slice('node/'.length));
    const [, namespace, name] = /^pod\/([^/]+)\/([^/]+)$/.exec(host) ?? [];
    return namespace && name ? this.find(namespace, name)?.stack : undefined;
  }

  private findNode(name: string): NetStack | undefined {
    return this.context.store.get('nodes', undefined, name) && this.hasPower(name) ? this.nodeStack(name) : undefined;
  }

  private adopt(pod: Pod): void {
    this.asleep.delete(runtimeId(pod));
    const { nodeName } = pod.spec;
    if (!nodeName || !this.hasPower(nodeName) || !this.context.store.get('nodes', undefined, nodeName)) return;
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') {
      if (pod.metadata.deletionTimestamp) this.remove(pod);
      return;
    }
    const worker = new PodWorker(this.context, pod, this.node(nodeName), this.nodeStack(nodeName));
    this.workers.set(worker.uid, worker);
    if ((pod.spec.hostNetwork || pod.spec.hostPID) && !isPlatform(pod)) void this.nodes.start(nodeName);
    void worker.run();
    if (pod.metadata.deletionTimestamp) worker.update(pod);
  }

  /** A finished pod of a restored world that was being deleted. */
  private remove({ metadata }: Pod): void {
    this.context.clock.after(0, () => {
      const { namespace, name, uid } = metadata;
      if (this.context.store.get('pods', namespace, name)?.metadata.uid !== uid) return;
      this.context.client.delete('pods', namespace, name, { gracePeriodSeconds: 0 });
    });
  }
}

/** How the network calls a pod. */
const hostOf = ({ namespace, name }: Pod['metadata']): string => `pod/${namespace}/${name}`;
