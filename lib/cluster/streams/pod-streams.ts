// The kubelet's side of the API: finds the container that a request means, and hands it to exec, attach, port-forward or log.
import type { Duplex } from 'node:stream';
import { toDuplex } from '../../machine/duplex';
import type { Machine } from '../../machine/machine';
import type { NetStack } from '../../machine/net';
import type { Clock } from '../../sim/clock';
import type { ExecOptions, LogOptions, PodStreams, PodUsage, PortForwardOptions, StreamRequest } from '../api/streams';
import type { Container, ContainerStatus, Pod } from '../kinds';
import { podFinished } from '../kinds';
import type { ContainerRun } from '../kubelet/container';
import type { Kubelet } from '../kubelet/kubelet';
import { runtimeId } from '../kubelet/runtime-id';
import { badRequest, internalError } from '../store/errors';
import type { ObjectStore } from '../store/store';
import type { KubeObject } from '../store/types';
import { attachTo, execCommand } from './exec';
import { readLog } from './log';
import { portForward } from './port-forward';
import { remoteCommand } from './remote-command';

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

export class KubeletStreams implements PodStreams {
  constructor(
    private readonly store: ObjectStore,
    private readonly kubelet: Kubelet,
    private readonly clock: Clock,
    /** The network that the API server itself is in. */
    private readonly network: () => NetStack,
  ) {}

  usage(pod: KubeObject): PodUsage[] | undefined {
    return this.kubelet.usage(pod as Pod);
  }

  async *log(namespace: string, name: string, options: LogOptions, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const pod = this.pod(namespace, name);
    const container = choose(pod, options.container);
    const run = runOf(pod, container, options.previous);
    const { logs } = this.kubelet;
    const live = statusOf(pod, container.name)?.state.running !== undefined && !options.previous;
    // what was only declared to run has not said yet how it started
    if (live && (options.follow || !logs.has(runtimeId(pod), container.name, run)))
      await this.kubelet.machine(namespace, name, container.name);
    const log = logs.get(runtimeId(pod), container.name, run);
    yield* readLog(log, { ...options, follow: options.follow && live }, this.clock.now(), signal);
  }

  async exec({ namespace, pod: name, options, request, socket, head }: StreamRequest<ExecOptions>): Promise<void> {
    const { run, machine } = await this.running(namespace, name, options.container, 'exec into');
    const remote = await remoteCommand(request, socket, head, options);
    await execCommand(run, machine, remote, options);
  }

  async attach({ namespace, pod: name, options, request, socket, head }: StreamRequest<ExecOptions>): Promise<void> {
    const { run } = await this.running(namespace, name, options.container, 'attach to');
    if (options.tty && !run.spec.tty)
      throw badRequest(`Unable to use a TTY - container ${run.spec.name} did not allocate one`);
    const remote = await remoteCommand(request, socket, head, { ...options, tty: run.spec.tty ?? false });
    await attachTo(run, remote, options);
  }

  async portforward({
    namespace,
    pod: name,
    options,
    request,
    socket,
    head,
  }: StreamRequest<PortForwardOptions>): Promise<void> {
    const pod = this.pod(namespace, name);
    const worker = this.kubelet.find(namespace, name);
    if (!worker || pod.status?.phase !== 'Running')
      throw badRequest(
        `unable to forward port because pod is not running. Current status=${pod.status?.phase ?? 'Pending'}`,
      );
    const open = async () => {
      await worker.wake();
      return worker.stack;
    };
    await portForward(request, socket, head, options.ports, open);
  }

  async dial(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    return toDuplex(await this.network().connect(host, port, { signal }));
  }

  private pod(namespace: string, name: string): Pod {
    return this.store.getExisting('pods', namespace, name) as Pod;
  }

  private async running(
    namespace: string,
    name: string,
    wanted: string | undefined,
    what: string,
  ): Promise<{ run: ContainerRun; machine: Machine }> {
    const pod = this.pod(namespace, name);
    const container = choose(pod, wanted);
    if (podFinished(pod))
      throw badRequest(`cannot ${what} a container in a completed pod; current phase is ${pod.status?.phase}`);
    if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
    const found = await this.kubelet.machine(namespace, name, container.name);
    if (!found) throw internalError(`unable to upgrade connection: container not found ("${container.name}")`);
    return found;
  }
}

const all = ({ spec }: Pod): Container[] => [
  ...spec.containers,
  ...(spec.initContainers ?? []),
  ...(spec.ephemeralContainers ?? []),
];

function choose(pod: Pod, wanted: string | undefined): Container {
  const { name, annotations } = pod.metadata;
  const asked = wanted ?? (pod.spec.containers.length > 1 ? annotations?.[DEFAULT_CONTAINER] : undefined);
  if (asked) {
    const found = all(pod).find((container) => container.name === asked);
    if (!found) throw badRequest(`container ${asked} is not valid for pod ${name}`);
    return found;
  }
  const [only, ...more] = pod.spec.containers;
  if (!only || more.length > 0) {
    const names = pod.spec.containers.map((container) => container.name).join(' ');
    const init = (pod.spec.initContainers ?? []).map((container) => container.name).join(' ');
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${names}]${init ? ` or one of the init containers: [${init}]` : ''}`,
    );
  }
  return only;
}

const statusOf = ({ status }: Pod, name: string): ContainerStatus | undefined =>
  [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ].find((each) => each.name === name);

/** Which run's log is meant. Throws what the kubelet answers when there is none (validateContainerLogStatus). */
function runOf(pod: Pod, container: Container, previous: boolean): number {
  const { name } = pod.metadata;
  const status = statusOf(pod, container.name);
  const { state = {}, lastState = {}, restartCount = 0 } = status ?? {};
  if (previous) {
    if (!lastState.terminated)
      throw badRequest(`previous terminated container "${container.name}" in pod "${name}" not found`);
    return state.waiting ? restartCount : restartCount - 1;
  }
  if (state.running || state.terminated || lastState.terminated) return restartCount;
  const reason = state.waiting?.reason ?? 'ContainerCreating';
  const why = reason === 'ErrImagePull' || reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
  throw badRequest(`container "${container.name}" in pod "${name}" is waiting to start: ${why}`);
}
