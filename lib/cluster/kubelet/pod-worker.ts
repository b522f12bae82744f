// The life of one pod on its node: network, volumes, init containers, containers, end. kubernetes pkg/kubelet/pod_workers.go.
import { FileSystem, imageFiles, Mounts } from '../../machine/fs';
import { binary, Machine } from '../../machine/machine';
import { NetStack } from '../../machine/net';
import type { Pids } from '../../machine/pids';
import { AllocationError } from '../../network/ipam';
import { AttachmentError, type NetworkStatus } from '../../network/multus';
import type { Protocol } from '../../network/types';
import { equal } from '../controllers/equal';
import type { Container, ContainerStatus, Pod } from '../kinds';
import { ApiError } from '../store/errors';
import type { Texts } from '../texts';
import { ContainerRun } from './container';
import { isPlatform, type KubeletContext } from './context';
import { podHostname } from './etc';
import type { Images } from './images';
import type { Logs } from './logs';
import { addedInterfaces, attach, attachedAddresses, detach, networkAnnotations, sandboxError } from './networks';
import { getPace } from './pace';
import { runtimeId } from './runtime-id';
import { conditionsOf, phaseOf, qosClass, type Seen } from './status';
import { MountError, type Volumes } from './volumes';
import type { Wakefulness } from './wakefulness';

export interface PodContext extends KubeletContext {
  images: Images;
  logs: Logs;
  volumeStore: Volumes;
  wakefulness: Wakefulness;
  texts: Texts;
  /** The processes of a node. */
  nodePids(node: string): Pids;
  /** The node's kubelet is stopped: nothing is reported. */
  off(node: string): boolean;
}

/** The node a pod is on. */
export interface NodeFacts {
  name: string;
  address: string;
  addresses: string[];
}

const RETRY_MS = 15_000; // a pod whose volumes or network could not be set up
const WAKE_YIELDS = 100;
const WAKE_STEP_MS = 20;
const WAKE_LIMIT_MS = 10_000;
const PAUSE_USER = 65535; // of the pause image

export class PodWorker {
  /** By which the node knows it. */
  readonly uid: string;
  addresses: string[];
  stack: NetStack;
  private mounted: Map<string, FileSystem> | undefined;
  private pause: Machine | undefined;
  stopped = false;
  private readonly main: ContainerRun[];
  private readonly init: ContainerRun[];
  private readonly ephemeral: ContainerRun[] = [];
  private readonly abort = new AbortController();
  private sandbox: boolean;
  private networks: NetworkStatus[] = [];
  private failure: { reason: string; message: string } | undefined;
  private terminating = false;
  private writing = false;
  private deadline: (() => void) | undefined;

  constructor(
    readonly context: PodContext,
    public pod: Pod,
    readonly node: NodeFacts,
    readonly nodeStack: NetStack,
  ) {
    this.uid = runtimeId(pod);
    const { status } = pod;
    this.addresses = status?.podIPs?.map(({ ip }) => ip) ?? [];
    this.sandbox = this.addresses.length > 0;
    this.stack = nodeStack;
    const from = (list: ContainerStatus[] | undefined, name: string) => list?.find((each) => each.name === name);
    const kind = (container: Container) => (container.restartPolicy === 'Always' ? 'sidecar' : 'init');
    this.init = (pod.spec.initContainers ?? []).map(
      (spec) => new ContainerRun(this, spec, kind(spec), from(status?.initContainerStatuses, spec.name)),
    );
    this.main = pod.spec.containers.map(
      (spec) => new ContainerRun(this, spec, 'main', from(status?.containerStatuses, spec.name)),
    );
  }

  /** The pod's volumes by name; a restored pod's are set up when it is woken. */
  get volumes(): ReadonlyMap<string, FileSystem> {
    this.mounted ??= this.context.volumeStore.of(this.pod, this.node);
    return this.mounted;
  }

  /** The processes that a container sees besides its own: the pod's, which begin with its sandbox's, or its target's. */
  pidsFor({ targetContainerName: target }: Container): Pids | undefined {
    if (this.pod.spec.hostPID) return this.context.nodePids(this.node.name);
    if (this.pod.spec.shareProcessNamespace) return this.sandboxMachine().pids;
    return target ? this.find(target)?.machine?.pids : undefined;
  }

  /** What keeps the pod's namespaces, where its containers see it. */
  private sandboxMachine(): Machine {
    if (this.pause) return this.pause;
    const { clock, random, programs, onBug } = this.context;
    const { namespace, name } = this.pod.metadata;
    const files = imageFiles({ '/pause': binary('pause') });
    const pause = new Machine({
      id: `pod/${namespace}/${name}/POD`,
      hostname: name,
      clock,
      random: random.fork(`${this.uid}/POD`),
      mounts: new Mounts(new FileSystem(files, undefined, () => clock.now(), true)),
      net: this.stack,
      programs,
      onBug,
    });
    pause.start(['/pause'], { uid: PAUSE_USER, gid: PAUSE_USER });
    this.pause = pause;
    return pause;
  }

  /** A container by name, of any kind. */
  find(name: string): ContainerRun | undefined {
    return [...this.main, ...this.init, ...this.ephemeral].find(({ spec }) => spec.name === name);
  }

  private get machines(): Machine[] {
    return [...this.containers.flatMap(({ machine }) => machine ?? []), ...(this.pause ? [this.pause] : [])];
  }

  get containers(): readonly ContainerRun[] {
    return [...this.init, ...this.main, ...this.ephemeral];
  }

  /** Takes the pod through its life; settles when it is over or given up. */
  async run(): Promise<void> {
    try {
      if (this.sandbox) this.connect();
      else await this.setUp();
      this.armDeadline();
      await this.work();
      await this.complete();
    } catch (error) {
      if (!this.abort.signal.aborted) this.context.onBug(error);
    }
  }

  private async setUp(): Promise<void> {
    this.changed();
    await this.retrying('FailedMount', () => {
      this.mounted = this.context.volumeStore.of(this.pod, this.node);
    });
    const { sandboxMs } = getPace(this.context.pace);
    if (sandboxMs > 0) await this.context.clock.sleep(sandboxMs, this.abort.signal);
    await this.retrying('FailedCreatePodSandBox', () => this.lease());
    this.sandbox = true;
    this.connect();
    this.announce();
  }

  /** Tries until it works, with an event for each failure. */
  private async retrying(reason: string, attempt: () => void): Promise<void> {
    const { clock, pace } = this.context;
    while (true) {
      this.abort.signal.throwIfAborted();
      try {
        return attempt();
      } catch (error) {
        if (error instanceof MountError) this.say('Warning', reason, error.message);
        else if (error instanceof AllocationError || error instanceof AttachmentError)
          this.say('Warning', reason, sandboxError(this.pod, this.context, error.message));
        else throw error;
      }
      await clock.sleep(RETRY_MS * getPace(pace).waits, this.abort.signal);
    }
  }

  private lease(): void {
    const { pod, node } = this;
    const { addresses } = this.context;
    if (pod.spec.hostNetwork) {
      this.addresses = [...node.addresses];
      return;
    }
    const namespace = pod.metadata.namespace ?? '';
    const leased: string[] = [];
    try {
      for (const family of addresses.families) leased.push(addresses.allocate(node.name, { family, namespace }));
      this.networks = attach(this.context, pod);
    } catch (error) {
      for (const address of leased) addresses.release(address);
      throw error;
    }
    this.addresses = leased;
  }

  private connect(): void {
    if (this.pod.spec.hostNetwork) return this.lendPorts();
    const { namespace, name } = this.pod.metadata;
    this.stack = new NetStack(this.context.fabric, `pod/${namespace}/${name}`, () => [
      ...this.addresses,
      ...attachedAddresses(this.pod),
    ]);
    if (this.containers.some(({ asleep }) => asleep)) this.stack.wake = () => this.wake();
  }

  /** A sleeping pod on the node's network: the node listens where its images do, and wakes it when somebody calls. */
  private lendPorts(): void {
    const { images, fabric } = this.context;
    if (!isPlatform(this.pod)) return;
    const sleeping = this.containers.filter(({ asleep }) => asleep);
    const ports = sleeping.flatMap(({ spec }) => images.find(spec.image)?.image.ports ?? []);
    if (ports.length === 0) return;
    const { nodeStack } = this;
    const tell = (open: boolean) => {
      const has = (port: number) => nodeStack.listeners().some((each) => each.port === port);
      for (const { protocol, port } of ports)
        if (open || !has(port)) fabric.network.setListener(nodeStack.host, protocol, port, '0.0.0.0', open);
    };
    tell(true);
    this.lent = { ports, end: () => tell(false) };
    const others = nodeStack.wake;
    nodeStack.wake = async () => {
      await Promise.all([others?.(), this.wake()]);
    };
  }

  /** The ports of a sleeping pod on the node's network. */
  private lent: { ports: readonly { protocol: Protocol; port: number }[]; end: () => void } | undefined;

  /** What the network's agents write on the pod, and Multus' word of each interface. */
  private announce(): void {
    const { pod, context, addresses, networks } = this;
    if (pod.spec.hostNetwork) return;
    const annotations = networkAnnotations(context, pod, addresses, networks);
    const { namespace, name } = pod.metadata;
    if (annotations && context.store.get('pods', namespace, name)?.metadata.uid === pod.metadata.uid)
      this.pod = context.client.patch('pods', namespace, name, { metadata: { annotations } }) as Pod;
    for (const text of addedInterfaces(context, addresses, networks))
      context.events.record(pod, 'Normal', 'AddedInterface', text, { component: 'multus' });
  }

  private async work(): Promise<void> {
    const { signal } = this.abort;
    for (const container of this.init) {
      if (container.kind === 'init') {
        if (container.status.state.terminated?.exitCode === 0) continue;
        await container.run(signal);
        if (container.status.state.terminated?.exitCode !== 0) return;
      } else await this.startSidecar(container, signal);
    }
    await Promise.all(this.main.map((container) => this.keep(container, signal)));
  }

  private async keep(container: ContainerRun, signal: AbortSignal): Promise<void> {
    const { state } = container.status;
    const policy = this.pod.spec.restartPolicy ?? 'Always';
    const over =
      state.terminated && (policy === 'Never' || (policy === 'OnFailure' && state.terminated.exitCode === 0));
    if (!over) await container.run(signal);
  }

  /** A sidecar runs beside the others; the next container waits until it has started. */
  private async startSidecar(container: ContainerRun, signal: AbortSignal): Promise<void> {
    void container.run(signal).catch((error: unknown) => {
      if (!signal.aborted) this.context.onBug(error);
    });
    while (!container.status.started) await this.nextChange(signal);
  }

  private readonly waiters = new Set<() => void>();

  private nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(signal.reason);
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      this.waiters.add(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
    });
  }

  /** All containers ended for good: sidecars are stopped, the network is given back, the phase is final. */
  private async complete(): Promise<void> {
    this.abort.abort(new Error('the pod is complete')); // sidecars are not started again
    await Promise.all(this.init.map((container) => container.stop(this.graceMs)));
    this.write();
    this.release();
  }

  private armDeadline(): void {
    const seconds = this.pod.spec.activeDeadlineSeconds;
    if (!seconds) return;
    const left =
      Date.parse(this.pod.status?.startTime ?? this.context.clock.timestamp()) +
      seconds * 1000 -
      this.context.clock.now();
    this.deadline = this.context.clock.after(left, () => {
      const message = 'Pod was active on the node longer than the specified deadline';
      this.say('Normal', 'DeadlineExceeded', message);
      void this.fail('DeadlineExceeded', message);
    });
  }

  /** Ends the pod as failed: a deadline, an eviction. */
  async fail(reason: string, message: string): Promise<void> {
    this.failure = { reason, message };
    await this.end(this.graceMs);
    this.write();
    this.release();
  }

  private get graceMs(): number {
    const { deletionGracePeriodSeconds } = this.pod.metadata;
    const seconds = deletionGracePeriodSeconds ?? this.pod.spec.terminationGracePeriodSeconds ?? 30;
    return seconds * 1000 * getPace(this.context.pace).waits;
  }

  /** The object changed: a deletion begins the end, ephemeral containers are started. */
  update(pod: Pod): void {
    this.pod = pod;
    if (pod.metadata.deletionTimestamp) void this.terminate();
    else {
      this.redefine();
      this.startEphemeral();
    }
  }

  /** The image is what may change of a container. */
  private redefine(): void {
    for (const spec of [...(this.pod.spec.initContainers ?? []), ...this.pod.spec.containers]) {
      const container = this.find(spec.name);
      if (container && container.spec.image !== spec.image && container.kind !== 'init')
        container.redefine(spec, this.graceMs);
    }
  }

  /** A config map or secret changed: running containers see the new files. */
  refresh(): void {
    if (!this.mounted || this.stopped) return;
    try {
      this.mounted = this.context.volumeStore.of(this.pod, this.node);
    } catch (error) {
      if (error instanceof MountError) return;
      throw error;
    }
    for (const container of this.containers) container.remount();
  }

  /** Whether one of its volumes is made of this object. */
  mounts(kind: string, name: string): boolean {
    const source = kind === 'ConfigMap' ? 'configMap' : 'secret';
    return (this.pod.spec.volumes ?? []).some((volume) => {
      const own = source === 'configMap' ? volume.configMap?.name : volume.secret?.secretName;
      return own === name || volume.projected?.sources?.some((each) => each[source]?.name === name);
    });
  }

  private startEphemeral(): void {
    for (const spec of this.pod.spec.ephemeralContainers ?? []) {
      if (this.find(spec.name) || !this.sandbox) continue;
      const known = this.pod.status?.ephemeralContainerStatuses?.find(({ name }) => name === spec.name);
      if (known?.state.terminated) continue;
      const container = new ContainerRun(this, spec, 'ephemeral', known);
      this.ephemeral.push(container);
      void container.run(this.abort.signal).catch((error: unknown) => {
        if (!this.abort.signal.aborted) this.context.onBug(error);
      });
    }
  }

  /** The pod is being deleted: its containers are stopped, then the object goes. */
  private async terminate(): Promise<void> {
    if (this.terminating || this.stopped) return;
    this.terminating = true;
    await this.end(this.graceMs);
    if (this.stopped) return;
    this.write();
    this.tearDown();
    const { namespace, name } = this.pod.metadata;
    try {
      this.context.client.delete('pods', namespace, name, {
        gracePeriodSeconds: 0,
        preconditions: { uid: this.pod.metadata.uid },
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private async end(graceMs: number): Promise<void> {
    this.abort.abort(new Error('pod is terminating'));
    this.deadline?.();
    await Promise.all([...this.main, ...this.ephemeral].map((container) => container.stop(graceMs)));
    for (const container of [...this.init].reverse()) await container.stop(graceMs);
    await this.context.clock.yield(); // the containers' own loops note how they ended
  }

  /** The object is gone without being asked (deleted with force): everything ends now. */
  destroy(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.abort.abort(new Error('pod was deleted'));
    this.deadline?.();
    for (const machine of this.machines) machine.powerOff();
    this.tearDown();
  }

  /** The world stops: nothing is written any more. */
  halt(): void {
    this.stopped = true;
    this.abort.abort(new Error('the cluster stops'));
    this.deadline?.();
    for (const machine of this.machines) machine.powerOff();
  }

  private release(): void {
    this.lent?.end();
    this.lent = undefined;
    if (this.pod.spec.hostNetwork) return;
    if (this.stack !== this.nodeStack) this.stack.shutdown();
    for (const address of this.addresses) this.context.addresses.release(address);
    detach(this.context, this.pod);
  }

  private tearDown(): void {
    this.pause?.powerOff();
    this.pause = undefined;
    this.stopped = true;
    if (!['Succeeded', 'Failed'].includes(this.pod.status?.phase ?? '')) this.release();
    this.context.volumeStore.drop(this.pod);
    for (const { spec, status } of this.containers) {
      this.context.state.drop(`fs/pod/${this.uid}/${spec.name}`);
      for (const run of [status.restartCount - 1, status.restartCount])
        if (run >= 0) this.context.logs.drop(this.uid, spec.name, run);
    }
  }

  /** Starts every container that is only declared to run, and waits until they listen where they did. */
  async wake(): Promise<void> {
    const sleeping = this.containers.filter(({ asleep }) => asleep);
    if (sleeping.length === 0) return;
    const { fabric, clock, listeners } = this.context;
    const expected = this.lent?.ports.map((each) => ({ ...each, address: '0.0.0.0' })) ?? listeners.of(this.stack.host);
    this.lent = undefined;
    for (const container of sleeping) container.wake();
    const listens = () => {
      const now = this.stack.listeners();
      return expected.every((each) =>
        now.some(({ protocol, port }) => protocol === each.protocol && port === each.port),
      );
    };
    const up = () => sleeping.every(({ process }) => process !== undefined) && listens();
    for (let i = 0; i < WAKE_YIELDS && !up(); i++) await clock.yield();
    for (let ms = 0; ms < WAKE_LIMIT_MS && !up() && !this.stopped; ms += WAKE_STEP_MS) await clock.sleep(WAKE_STEP_MS);
    await clock.yield();
    for (const container of sleeping) container.woken();
    const now = this.stack.listeners();
    for (const { protocol, port, address } of expected)
      if (!now.some((each) => each.protocol === protocol && each.port === port))
        fabric.bound(this.stack.host, protocol, port, address, false);
  }

  /** Whether its processes can be ended and started again unseen. */
  get isRestful(): boolean {
    const { main, stack } = this;
    if (
      this.stopped ||
      this.terminating ||
      this.writing ||
      !isSettled(this.pod) ||
      this.containers.length > main.length
    )
      return false;
    if (!main.every(({ isRestful }) => isRestful)) return false;
    const isServer = main.length === 1 && stack.listeners().length > 0 && stack.connections().length === 0;
    return isServer || main.every(({ process }) => process?.idles);
  }

  /** Ends its processes and lets go of it; the pod goes on as one of a restored world that nobody has called yet. */
  rest(): void {
    const { stack, context } = this;
    const listeners = stack.listeners();
    this.halt();
    stack.leave();
    context.listeners.declare(stack.host, listeners); // their sockets closed, yet who calls shall be heard
    for (const { spec, status } of this.main) {
      context.logs.rest(this.uid, spec.name, status.restartCount);
      context.state.forgetEmpty(`fs/pod/${this.uid}/${spec.name}`);
    }
  }

  say(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.events.record(this.pod, type, reason, message, { component: 'kubelet', host: this.node.name });
  }

  /** Something changed: the status is written once everything of this moment has happened. */
  changed(): void {
    for (const go of [...this.waiters]) go();
    this.waiters.clear();
    if (this.writing || this.stopped) return;
    this.writing = true;
    queueMicrotask(() => {
      this.writing = false;
      this.write();
    });
  }

  private write(): void {
    if (this.stopped || this.context.off(this.node.name)) return;
    const { store, client } = this.context;
    const { namespace, name } = this.pod.metadata;
    const pod = store.get('pods', namespace, name) as Pod | undefined;
    if (!pod || pod.metadata.uid !== this.pod.metadata.uid) return;
    const status = this.statusOf(pod);
    if (equal(status, pod.status)) return;
    try {
      this.pod = client.updateStatus('pods', { ...pod, status }) as Pod;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** The status as it is now. */
  statusOf(pod: Pod): NonNullable<Pod['status']> {
    const { clock } = this.context;
    const seen: Seen = {
      containers: this.main.map(({ status }) => status),
      init: this.init.map(({ status }) => status),
      sandbox: this.sandbox && !this.terminating,
      now: clock.timestamp(),
      ...(this.failure && { failed: this.failure }),
    };
    const phase = phaseOf(pod, seen);
    const { node, addresses } = this;
    const { reason: _, message: __, ...before } = pod.status ?? {};
    return {
      ...before,
      phase,
      ...this.failure,
      conditions: conditionsOf(pod, seen, phase),
      hostIP: node.address,
      hostIPs: node.addresses.map((ip) => ({ ip })),
      ...(addresses[0] && { podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) }),
      startTime: pod.status?.startTime ?? clock.timestamp(),
      ...(seen.init.length > 0 && { initContainerStatuses: seen.init }),
      containerStatuses: seen.containers,
      ...(this.ephemeral.length > 0 && { ephemeralContainerStatuses: this.ephemeral.map(({ status }) => status) }),
      qosClass: pod.status?.qosClass ?? qosClass(pod),
    };
  }

  /** The pod with the addresses it has by now, whether or not its status tells of them yet. */
  withAddresses(): Pod {
    const [podIP] = this.addresses;
    if (!podIP || this.pod.status?.podIP) return this.pod;
    return { ...this.pod, status: { ...this.pod.status, podIP, podIPs: this.addresses.map((ip) => ({ ip })) } };
  }

  get hostname(): string {
    return podHostname(this.pod);
  }
}

/** Whether all of a pod runs and waits for nothing, so that it can be left alone until somebody calls. */
export function isSettled({ metadata, spec, status }: Pod): boolean {
  const isPlain = !spec.hostNetwork && !spec.activeDeadlineSeconds && !spec.initContainers?.length;
  const isRunning = status?.phase === 'Running' && !metadata.deletionTimestamp;
  const statuses = status?.containerStatuses ?? [];
  const isAsDefined = statuses.every(
    ({ name, image, state }) =>
      state.running && spec.containers.some((each) => each.name === name && each.image === image),
  );
  return isPlain && isRunning && !spec.ephemeralContainers?.length && isAsDefined;
}
