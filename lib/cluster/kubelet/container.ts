// One container of a pod over its runs: image, files, process, restarts with back-off, probes, hooks, output.
import { type Description, nullDevice, pipeReader, sink } from '../../machine/descriptor';
import { Errno } from '../../machine/errno';
import { FileSystem, Mounts, ReadOnlyView, toText } from '../../machine/fs';
import { followLinks } from '../../machine/links';
import { Machine, type Process } from '../../machine/machine';
import { Pids } from '../../machine/pids';
import type { Terminal } from '../../machine/terminal';
import { Pipe } from '../../sim/pipe';
import type { Container, ContainerStatus, Pod } from '../kinds';
import { quantityValue } from '../resources/quantity';
import { ConfigError, containerEnvironment, expand, type Skipped } from './environment';
import { hostsFile, podHostname, resolvConf } from './etc';
import type { Pulled } from './images';
import type { Log, LogLine } from './logs';
import { getPace } from './pace';
import type { PodWorker } from './pod-worker';
import { Probing } from './probing';
import { type ContainerUser, capabilitiesOf, containerUser, homeOf, passwdFor, singleFile } from './security';
import { MountError } from './volumes';

export type ContainerKind = 'main' | 'init' | 'sidecar' | 'ephemeral';

const BACKOFF_MS = 10_000;
const MAX_BACKOFF_MS = 300_000;
const RELIST_MS = 1000; // the kubelet looks at its runtime every second
const RETRY_MS = 10_000; // and at a pod with an error every ten
const ATTACH_MS = 2000; // a client that saw the pod running is attached by then
/** runc's words for a program that is not there or cannot be run. */
function unstartable(name: string, error: Errno): string {
  const why = !name.includes('/')
    ? 'executable file not found in $PATH'
    : error.code === 'ENOENT'
      ? `stat ${name}: no such file or directory`
      : error.message.toLowerCase();
  return `unable to start container process: exec: "${name}": ${why}: unknown`;
}

/** What a pod's security context adds to the groups of its processes. */
function groupsOf({ spec }: Pod): number[] {
  const { fsGroup, supplementalGroups = [] } = spec.securityContext ?? {};
  return [...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups];
}

const NEVER = new Date(0).toISOString().replace('.000', ''); // containerd's start of what did not start
const BACKLOG_BYTES = 64 * 1024;

type OutputListener = (stream: LogLine['stream'], bytes: Uint8Array) => void;

export class ContainerRun {
  status: ContainerStatus;
  machine: Machine | undefined;
  process: Process | undefined;
  terminal: Terminal | undefined;
  env: Record<string, string> = {};
  user: ContainerUser = { uid: 0, gid: 0 };
  cwd = '/';
  /** Standard input of a container that asks for it, while it runs without terminal. */
  stdin: Pipe | undefined;
  private readonly probing: Probing;
  private readonly listeners = new Set<OutputListener>();
  /** What was written before somebody attached, so that a quick command's output is not lost to `run -it`. */
  private backlog: { stream: LogLine['stream']; bytes: Uint8Array }[] | undefined;
  private backoffMs = 0;
  private rouse: () => void = () => {};
  /** Aborted when the container gets another image, of which nothing that the old one waited for is true. */
  private definition = new AbortController();
  private redefined = false;
  /** What a program says while it starts again is in the log already. */
  private muted = false;
  /** Settles when the present run has ended and all its output was heard. */
  ended: Promise<void> = Promise.resolve();
  private settleEnded: () => void = () => {};

  constructor(
    readonly worker: PodWorker,
    public spec: Container,
    readonly kind: ContainerKind,
    from?: ContainerStatus,
  ) {
    this.status = from ?? this.fresh();
    if (from && from.restartCount > 0)
      this.backoffMs = Math.min(BACKOFF_MS * 2 ** (from.restartCount - 1), MAX_BACKOFF_MS);
    this.probing = new Probing(this);
  }

  private fresh(): ContainerStatus {
    const reason =
      this.kind === 'main' && (this.worker.pod.spec.initContainers ?? []).length > 0
        ? 'PodInitializing'
        : 'ContainerCreating';
    return {
      name: this.spec.name,
      image: this.spec.image,
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason } },
      lastState: {},
    };
  }

  get fieldPath(): string {
    const list = {
      main: 'containers',
      init: 'initContainers',
      sidecar: 'initContainers',
      ephemeral: 'ephemeralContainers',
    };
    return this.worker.context.texts.of(`spec.${list[this.kind]}{${this.spec.name}}`);
  }

  get asleep(): boolean {
    return this.status.state.running !== undefined && !this.process;
  }

  get log(): Log {
    return this.worker.context.logs.get(this.worker.uid, this.spec.name, this.status.restartCount);
  }

  /** Runs the container as often as its policy says. Ends when it will not run again; rejects when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    let adopt = this.status.state.running !== undefined;
    while (true) {
      if (adopt) await this.roused(signal);
      else {
        const pulled = await this.prepared(signal);
        if (this.paceMs > 0) await this.clock.sleep(this.paceMs, signal);
        signal.throwIfAborted();
        if (!this.create(pulled)) {
          await this.clock.sleep(RETRY_MS * this.waits, signal);
          continue;
        }
      }
      adopt = false;
      if (this.process) await this.untilExit(signal);
      if (!this.restarts()) return;
      await this.clock.sleep(RELIST_MS * this.waits, signal);
    }
  }

  /** The image as the container is defined when it is there. */
  private async prepared(signal: AbortSignal): Promise<Pulled> {
    while (true) {
      const { signal: redefined } = this.definition;
      const either = AbortSignal.any([signal, redefined]);
      try {
        await this.backOff(either);
        return await this.pull(either);
      } catch (error) {
        if (signal.aborted || !redefined.aborted) throw error;
      }
    }
  }

  /** The pod's container was given another image: it starts again, whatever the restart policy. computePodActions of the kubelet. */
  redefine(spec: Container, graceMs: number): void {
    this.spec = spec;
    this.backoffMs = 0;
    this.redefined = this.status.state.running !== undefined;
    this.definition.abort(new Error('the container was redefined'));
    this.definition = new AbortController();
    void this.stop(graceMs, `Container ${spec.name} definition changed, will be restarted`);
    this.rouse();
  }

  /** Starts what is only declared to be running. Returns at once when it runs. */
  wake(): void {
    this.rouse();
  }

  /** From now on what it says is heard: it has started again. */
  woken(): void {
    this.muted = false;
  }

  /** Whether its process can be ended and started again unseen, as a restored world does it. */
  get isRestful(): boolean {
    const { process, machine, spec, status } = this;
    const isAlone = process?.state === 'running' && machine?.processes.size === 1;
    const isWatched = this.terminal || this.stdin || this.listeners.size > 0;
    const isSeen = this.worker.pod.spec.shareProcessNamespace;
    const isProbed = spec.livenessProbe || spec.readinessProbe || spec.startupProbe || spec.lifecycle;
    return status.ready && isAlone && !isWatched && !isSeen && !isProbed;
  }

  /** Waits for `wake`, then starts the process on its old files without counting a run. */
  private async roused(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.rouse = resolve;
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      if (signal.aborted) reject(signal.reason);
    });
    const pulled = this.worker.context.images.find(this.spec.image);
    if (!pulled || !this.status.state.running) return;
    this.log.reopen();
    this.muted = !this.log.isEmpty;
    try {
      this.start(pulled, true);
    } catch (error) {
      if (!(error instanceof Errno || error instanceof ConfigError || error instanceof MountError)) throw error;
      this.noteEnd(128, 'StartError', error.message);
    }
  }

  /** Whether it is run again, going by how it ended. */
  private restarts(): boolean {
    const code = (this.status.state.terminated ?? this.status.lastState.terminated)?.exitCode;
    const policy = this.worker.pod.spec.restartPolicy ?? 'Always';
    if (this.redefined) {
      this.redefined = false;
      return true;
    }
    if (this.kind === 'sidecar') return true;
    if (this.kind === 'ephemeral') return false;
    if (this.kind === 'init') return code !== 0 && policy !== 'Never';
    return policy === 'Always' || (policy === 'OnFailure' && code !== 0);
  }

  private async backOff(signal: AbortSignal): Promise<void> {
    const ended = this.status.state.terminated ?? this.status.lastState.terminated;
    if (!ended) return;
    const finished = Date.parse(ended.finishedAt);
    const ran = ended.startedAt && ended.startedAt !== NEVER ? finished - Date.parse(ended.startedAt) : 0;
    if (ran > 2 * MAX_BACKOFF_MS) this.backoffMs = 0;
    const left = finished + this.backoffMs * getPace(this.worker.context.pace).backOff - this.clock.now();
    if (this.backoffMs > 0 && left > 0) {
      const { name, namespace } = this.worker.pod.metadata;
      const pod = `${name}_${namespace}(${this.worker.uid})`;
      const message = `back-off ${goDuration(this.backoffMs)} restarting failed container=${this.spec.name} pod=${pod}`;
      this.waitsFor('CrashLoopBackOff', message);
      this.say('Warning', 'BackOff', `Back-off restarting failed container ${this.spec.name} in pod ${pod}`);
      await this.clock.sleep(left, signal);
    }
    this.backoffMs = Math.min(Math.max(BACKOFF_MS, this.backoffMs * 2), MAX_BACKOFF_MS);
  }

  private pull(signal: AbortSignal): Promise<Pulled> {
    const { worker, spec, fieldPath } = this;
    const waiting = (reason: string, message: string) => this.waitsFor(reason, message);
    return worker.context.images.ensure(worker.pod, spec, fieldPath, waiting, signal);
  }

  private waitsFor(reason: string, message: string): void {
    const { terminated } = this.status.state;
    const lastState = terminated ? { terminated } : this.status.lastState;
    this.status = { ...this.status, ready: false, started: false, state: { waiting: { reason, message } }, lastState };
    this.worker.changed();
  }

  /** Makes a container of the image and starts its process; false, with the reason in the status, when that cannot be. */
  private create(pulled: Pulled): boolean {
    const ended = this.status.state.terminated ?? this.status.lastState.terminated;
    const before = this.status;
    if (ended) {
      const restartCount = before.restartCount + 1;
      this.status = {
        ...before,
        restartCount,
        lastState: { terminated: ended },
        state: { waiting: { reason: 'ContainerCreating' } },
      };
      this.worker.context.logs.drop(this.worker.uid, this.spec.name, restartCount - 2);
    }
    try {
      this.worker.context.state.drop(this.table);
      this.start(pulled, false);
      return true;
    } catch (error) {
      if (error instanceof Errno && this.worker.context.profile !== 'openshift') return this.failedStart(error, pulled);
      this.status = before;
      if (error instanceof ConfigError) return this.refused('CreateContainerConfigError', error.message);
      if (error instanceof Errno)
        return this.refused('CreateContainerError', `container create failed: ${notFound(this.spec, error)}`);
      throw error;
    }
  }

  private refused(reason: string, message: string): false {
    this.waitsFor(reason, message);
    this.say('Warning', 'Failed', `Error: ${message}`);
    return false;
  }

  /** containerd makes the container and fails to start it; CRI-O does not make it. */
  private failedStart(error: Errno, { imageID }: Pulled): true {
    const name = error.subject ?? this.spec.command?.[0] ?? '';
    const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ${unstartable(name, error)}`;
    this.status = { ...this.status, image: this.spec.image, imageID, containerID: this.freshId() };
    this.say('Normal', 'Created', `Created container ${this.spec.name}`);
    this.say('Warning', 'Failed', `Error: ${message}`);
    this.noteEnd(128, 'StartError', message, NEVER);
    return true;
  }

  private start({ image, imageID }: Pulled, again: boolean): void {
    const { worker, spec } = this;
    const { context, pod } = worker;
    const given = containerEnvironment(context.store, worker.withAddresses(), spec, worker.node, (list) =>
      this.skipped(list),
    );
    this.user = containerUser(context.store, pod, spec, image, context.profile);
    this.env = {
      ...image.env,
      HOSTNAME: podHostname(pod),
      ...(context.profile === 'openshift' && { container: 'oci' }),
      ...(spec.tty && { TERM: 'xterm' }),
      HOME: homeOf(image, this.user),
      ...given,
    };
    this.cwd = spec.workingDir ?? (image.workdir || '/');
    this.machine = this.makeMachine({ image, imageID });
    const argv = argvOf(spec, image, given);
    this.ended = new Promise((resolve) => {
      this.settleEnded = resolve;
    });
    this.process = this.machine.start(argv, { env: this.env, cwd: this.cwd, ...this.user, ...this.streams() });
    if (!again) {
      this.say('Normal', 'Created', `Created container ${spec.name}`);
      this.say('Normal', 'Started', `Started container ${spec.name}`);
      this.running(imageID);
    }
    this.probing.start();
    worker.context.wakefulness.awoke(worker);
  }

  /** Keys of an envFrom that are no names of variables. */
  private skipped({ kind, name, keys }: Skipped): void {
    const list = keys.join(', ');
    this.worker.say(
      'Warning',
      'InvalidEnvironmentVariableNames',
      `Keys [${list}] from the EnvFrom ${kind} ${this.worker.pod.metadata.namespace}/${name} were skipped since they are considered invalid environment variable names.`,
    );
  }

  /** What containerd answers to an exec that does not start; undefined on CRI-O. */
  execFailure(name: string, error: Errno): string | undefined {
    const { profile, random } = this.worker.context;
    if (profile === 'openshift') return undefined;
    return `error executing command in container: failed to exec in container: failed to start exec "${random.hex(64)}": OCI runtime exec failed: exec failed: ${unstartable(name, error)}`;
  }

  private freshId(): string {
    const { profile, random } = this.worker.context;
    return [profile === 'openshift' ? 'cri-o' : 'containerd', random.hex(64)].join('://');
  }

  private running(imageID: string): void {
    const { terminated } = this.status.state;
    this.status = {
      ...this.status,
      image: this.spec.image,
      imageID,
      containerID: this.freshId(),
      state: { running: { startedAt: this.clock.timestamp() } },
      ...(terminated && { lastState: { terminated } }),
      started: !this.spec.startupProbe && !this.spec.lifecycle?.postStart,
      ready: false,
    };
    this.updateReady();
    this.worker.changed();
  }

  /** Ready is what its probe says; without one, as soon as it has started. */
  updateReady(): void {
    const { running } = this.status.state;
    const ready = running !== undefined && this.status.started && this.probing.ready;
    if (ready === this.status.ready) return;
    this.status = { ...this.status, ready };
    this.worker.changed();
  }

  setStarted(): void {
    if (this.status.started) return;
    this.status = { ...this.status, started: true };
    this.updateReady();
    this.worker.changed();
  }

  private get table(): string {
    return `fs/pod/${this.worker.uid}/${this.spec.name}`;
  }

  private makeMachine({ image }: Pulled): Machine {
    const { worker, clock, spec } = this;
    const { context, pod, stack } = worker;
    const now = () => clock.now();
    const pids = worker.pidsFor(spec) ?? new Pids();
    const mounts = new Mounts(new FileSystem(image.files, context.state.table(this.table), now));
    const file = (path: string, text: string) =>
      mounts.mount(path, new FileSystem(singleFile(text, 0o644, clock.now()), undefined, now, true));
    file('/etc/hosts', hostsFile(pod, worker.addresses, context.settings));
    file('/etc/hostname', `${podHostname(pod)}\n`);
    file('/etc/resolv.conf', resolvConf(pod, context.settings));
    const passwd = passwdFor(image, this.user);
    const { memory, cpu } = spec.resources?.limits ?? {};
    if (passwd) file('/etc/passwd', passwd);
    this.mountVolumes(mounts);
    return new Machine({
      id: `pod/${pod.metadata.namespace}/${pod.metadata.name}/${spec.name}`,
      hostname: podHostname(pod),
      clock,
      random: context.random.fork(`${worker.uid}/${spec.name}/${this.status.restartCount}`),
      mounts,
      net: stack,
      pids,
      programs: context.programs,
      libc: image.libc,
      supplementalGroups: groupsOf(pod),
      lowPorts: true,
      capabilities: capabilitiesOf(spec, context.profile),
      ...(memory !== undefined && { memoryBytes: quantityValue(memory) }),
      ...(cpu !== undefined && { cpuMillis: Math.round(quantityValue(cpu) * 1000) }),
      onBug: context.onBug,
      sync: context.sync,
    });
  }

  private mountVolumes(mounts: Mounts, isAgain = false): void {
    for (const { name, mountPath, subPath, subPathExpr, readOnly } of this.spec.volumeMounts ?? []) {
      const volume = this.worker.volumes.get(name);
      if (!volume) continue;
      const path = followLinks(mounts, mountPath); // as `/var/run`, which leads to `/run`
      const inside = (subPathExpr ? expand(subPathExpr, this.env) : (subPath ?? '')).replace(/^\/+|\/+$/g, '');
      // What is mounted of a volume's inside stays what it was when the container started.
      if (inside && isAgain) continue;
      if (inside) makeDirectory(volume, inside, this.clock.now());
      mounts.unmount(path);
      mounts.mount(
        path,
        readOnly && !volume.readOnly ? new ReadOnlyView(volume) : volume,
        inside && followLinks(volume, inside),
      );
    }
  }

  /** Mounts the pod's volumes as they are now. */
  remount(): void {
    if (this.machine && this.process) this.mountVolumes(this.machine.mounts, true);
  }

  private streams(): { terminal?: Terminal; stdin?: Description; stdout?: Description; stderr?: Description } {
    this.backlog = this.spec.stdin ? [] : undefined;
    this.stdin = undefined;
    this.terminal = undefined;
    const { machine, spec } = this;
    if (spec.tty && machine) {
      const terminal = machine.terminal({ columns: 80, rows: 24 });
      this.terminal = terminal;
      void this.drain(terminal);
      return { terminal };
    }
    this.stdin = spec.stdin ? new Pipe() : undefined;
    return {
      stdin: this.stdin ? pipeReader(this.stdin) : nullDevice(),
      stdout: sink((bytes) => this.output('stdout', bytes)),
      stderr: sink((bytes) => this.output('stderr', bytes)),
    };
  }

  /** A terminal's output goes to the log as well as to who is attached. */
  private async drain(terminal: Terminal): Promise<void> {
    for (let chunk = await terminal.output.read(); chunk; chunk = await terminal.output.read())
      this.output('stdout', chunk);
  }

  private output(stream: LogLine['stream'], bytes: Uint8Array): void {
    if (this.muted) return;
    const copy = bytes.slice();
    this.log.write(stream, copy);
    for (const listener of [...this.listeners]) listener(stream, copy);
    if (!this.backlog) return;
    this.backlog.push({ stream, bytes: copy });
    if (this.backlog.reduce((sum, part) => sum + part.bytes.length, 0) > BACKLOG_BYTES) this.backlog.shift();
  }

  /** Hears the output from now on; the first of an interactive container also what it missed. */
  listen(listener: OutputListener): () => void {
    for (const { stream, bytes } of this.backlog ?? []) listener(stream, bytes);
    this.backlog = undefined;
    this.listeners.add(listener);
    this.onListen();
    return () => this.listeners.delete(listener);
  }

  private async untilExit(signal: AbortSignal): Promise<void> {
    const { process, machine, terminal } = this;
    if (!process || !machine) return;
    const { code } = await process.exited;
    if (terminal)
      for (let chunk = terminal.output.take(); chunk; chunk = terminal.output.take()) this.output('stdout', chunk);
    terminal?.hangUp();
    machine.powerOff();
    if (this.backlog && !this.worker.stopped && !signal.aborted) await this.firstClient(signal);
    this.process = undefined;
    if (this.worker.stopped) return this.settleEnded();
    this.log.close();
    this.settleEnded();
    const message = this.terminationMessage(machine, code);
    this.noteEnd(code, machine.outOfMemory ? 'OOMKilled' : code === 0 ? 'Completed' : 'Error', message);
    signal.throwIfAborted();
  }

  /** An interactive container that ended at once is noticed as late as a real kubelet would, so that `run -it` finds it. */
  private async firstClient(signal: AbortSignal): Promise<void> {
    const attached = new Promise<void>((resolve) => {
      this.onListen = resolve;
    });
    await Promise.race([attached, this.clock.sleep(ATTACH_MS, signal)]).catch(() => {});
  }

  private onListen: () => void = () => {};

  private terminationMessage(machine: Machine, code: number): string | undefined {
    const path = this.spec.terminationMessagePath ?? '/dev/termination-log';
    const text = machine.text(path)?.slice(0, 4096);
    if (text) return text;
    if (this.spec.terminationMessagePolicy !== 'FallbackToLogsOnError' || code === 0) return undefined;
    const lines = [...this.log.lines()].slice(-80).map(({ bytes }) => toText(bytes));
    return lines.join('').slice(-2048);
  }

  private noteEnd(exitCode: number, reason: string, message?: string, startedAt?: string): void {
    this.probing.stop();
    const terminated = {
      exitCode,
      reason,
      ...(message && { message }),
      startedAt: startedAt ?? this.status.state.running?.startedAt ?? this.clock.timestamp(),
      finishedAt: this.clock.timestamp(),
      ...(this.status.containerID && { containerID: this.status.containerID }),
    };
    this.status = { ...this.status, ready: false, started: false, state: { terminated } };
    this.worker.changed();
  }

  /** Stops the process: hook, SIGTERM, and SIGKILL after the grace period. */
  async stop(graceMs: number, why = `Stopping container ${this.spec.name}`): Promise<void> {
    this.probing.stop();
    if (!this.status.state.running) return;
    this.say('Normal', 'Killing', why);
    const { process } = this;
    if (!process) return this.noteEnd(0, 'Completed');
    const until = this.clock.now() + graceMs;
    await this.probing.preStop(graceMs);
    if (!this.process) return;
    process.signal('SIGTERM');
    const cancel = this.clock.after(Math.max(0, until - this.clock.now()), () => process.signal('SIGKILL'));
    await process.exited;
    cancel();
  }

  say(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { context, pod, node } = this.worker;
    context.events.record(pod, type, reason, message, { component: 'kubelet', host: node.name }, this.fieldPath);
  }

  get clock() {
    return this.worker.context.clock;
  }

  get waits(): number {
    return getPace(this.worker.context.pace).waits;
  }

  private get paceMs(): number {
    return getPace(this.worker.context.pace).startMs;
  }
}

/** The entry point: `command` replaces the image's and its arguments, `args` only the arguments. */
function argvOf(spec: Container, image: Pulled['image'], env: Record<string, string>): string[] {
  const command = spec.command?.length ? spec.command : image.entrypoint;
  const args = spec.args?.length ? spec.args : spec.command?.length ? [] : image.cmd;
  const known = { ...env };
  return [...command, ...args].map((part) => expand(part, known));
}

const notFound = (spec: Container, error: Errno): string =>
  `executable file \`${error.subject ?? spec.command?.[0] ?? ''}\` not found in $PATH: ${error.message}`;

/** A part of a volume that is mounted but not there becomes a directory, as the kubelet makes it. */
function makeDirectory(volume: FileSystem, inside: string, mtime: number): void {
  if (volume.readOnly) return;
  let path = '';
  for (const part of inside.split('/')) {
    path += `/${part}`;
    if (!volume.lookup(path)) volume.set(path, { type: 'dir', mode: 0o777, uid: 0, gid: 0, mtime });
  }
}

/** `10s`, `1m20s`, `5m0s`: how Go prints a duration. */
function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
