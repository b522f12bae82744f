// A node's kubelet and container runtime as the commands of that node ask them: crictl, systemctl, journalctl.

import type { Pull } from '../../images/image';
import { parseReference } from '../../images/reference';
import type { Happening, NodeAgent, NodeContainer, NodeImage, NodePod } from '../../machine/node-agent';
import { podsOn } from '../controllers/pods-by-node';
import type { ContainerStatus, Node, Pod } from '../kinds';
import type { ObjectStore } from '../store/store';
import type { KubeObject } from '../store/types';
import type { Kubelet } from './kubelet';
import { sandboxId } from './networks';
import { runtimeId } from './runtime-id';

export interface AgentContext {
  store: ObjectStore;
  kubelet: Kubelet;
  isOpenShift: boolean;
  pull: (reference: string) => Pull;
  turn(node: string, runs: boolean): void;
  /** Of the nodes that kubeadm made the control plane on. */
  tokensOn(node: string): NodeAgent['tokens'];
}

/** undefined for a node that is not there, or has no power. */
export function nodeAgent(context: AgentContext, name: string): NodeAgent | undefined {
  const { store, kubelet, isOpenShift, pull, turn } = context;
  const tokens = context.tokensOn(name);
  const node = store.get('nodes', undefined, name) as Node | undefined;
  if (!node || !kubelet.hasPower(name)) return undefined;
  const info = (node.status as { nodeInfo?: Record<string, string> } | undefined)?.nodeInfo ?? {};
  const [, runtime = '', version = ''] = /^(.*):\/\/(.*)$/.exec(info['containerRuntimeVersion'] ?? '') ?? [];
  const installed = Date.parse(node.metadata.creationTimestamp ?? '');
  const pods = () =>
    podsOn(store, name)
      .map((pod) => podOf(pod as Pod))
      .filter(({ containers }) => containers.length > 0);
  return {
    runtime: { name: runtime === 'cri-o' ? 'cri-o' : 'containerd', version },
    version: info['kubeletVersion'] ?? '',
    isOpenShift,
    installed,
    kubelet: () => kubelet.service(name, installed),
    turn: (runs) => turn(name, runs),
    pods,
    images: () => imagesOf(podsOn(store, name) as Pod[], pull),
    async log(pod, { name: container, attempt }) {
      const { logs } = kubelet;
      const id = runtimeId(store.getExisting('pods', pod.namespace, pod.name) as Pod);
      // what was only declared to run has not said yet how it started
      if (!logs.has(id, container, attempt)) await kubelet.machine(pod.namespace, pod.name, container);
      return [...logs.get(id, container, attempt).lines()];
    },
    ...(tokens && { tokens }),
    happenings: () => happeningsOf(store, name),
  };
}

const hexOf = (id: string): string => id.replace(/^.*:\/\//, '');
const digestOf = (imageID: string): string => imageID.replace(/^.*@/, '');

function podOf(pod: Pod): NodePod {
  const { metadata, status } = pod;
  const started = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const runs = status?.phase === 'Running' || status?.phase === 'Pending';
  return {
    id: sandboxId(pod),
    uid: metadata.uid,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    labels: metadata.labels ?? {},
    state: runs ? 'Ready' : 'NotReady',
    createdAt: Date.parse(status?.startTime ?? metadata.creationTimestamp ?? ''),
    ip: pod.spec.hostNetwork ? '' : (status?.podIP ?? ''),
    containers: started.flatMap(containerOf),
  };
}

/** The present run of a container, or the last one while it waits. */
function containerOf({
  name,
  image,
  imageID,
  containerID,
  restartCount,
  state,
  lastState,
}: ContainerStatus): NodeContainer[] {
  const ended = state.terminated ?? (state.waiting ? lastState?.terminated : undefined);
  const id = hexOf(ended?.containerID ?? containerID ?? '');
  if (!id || (!state.running && !ended)) return [];
  return [
    {
      id,
      name,
      image,
      digest: digestOf(imageID ?? ''),
      attempt: restartCount,
      state: state.running ? 'Running' : 'Exited',
      createdAt: Date.parse(state.running?.startedAt ?? ended?.startedAt ?? ''),
      ...(ended && { finishedAt: Date.parse(ended.finishedAt ?? ''), exitCode: ended.exitCode }),
    },
  ];
}

/** What the node's pods run on. DIFFERS: an image whose last pod is gone is not listed. */
function imagesOf(pods: readonly Pod[], pull: AgentContext['pull']): NodeImage[] {
  const found = new Map<string, NodeImage>();
  for (const { status } of pods)
    for (const { image, imageID } of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
      const pulled = imageID ? pull(image) : undefined;
      const parsed = parseReference(image);
      if (!pulled || 'error' in pulled || !parsed) continue;
      const { repository, tag, digest } = parsed;
      found.set(image, {
        repository,
        tag: digest ? '<none>' : tag,
        digest: digestOf(imageID ?? ''),
        bytes: pulled.image.sizeBytes,
      });
    }
  return [...found.values()].sort((a, b) => (`${a.repository}:${a.tag}` < `${b.repository}:${b.tag}` ? -1 : 1));
}

function happeningsOf(store: ObjectStore, node: string): Happening[] {
  const own = (event: KubeObject) => event['source']?.component === 'kubelet' && event['source']?.host === node;
  return store
    .list('events')
    .filter(own)
    .map((event): Happening => {
      const { kind, namespace, name, uid, fieldPath = '' } = event['involvedObject'];
      const container = /\{(.*)\}/.exec(fieldPath)?.[1];
      return {
        at: Date.parse(event['lastTimestamp'] ?? event.metadata.creationTimestamp),
        type: event['type'],
        reason: event['reason'],
        message: event['message'],
        uid,
        ...(kind === 'Pod' && { pod: `${namespace}/${name}` }),
        ...(container && { container }),
      };
    })
    .sort((a, b) => a.at - b.at);
}
