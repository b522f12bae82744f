// Makes pods running without running them: for the platform's own pods, which start when something first needs them.
import type { Pull } from '../../images/image';
import type { PodAddresses } from '../../network/ipam';
import type { Random } from '../../sim/random';
import type { ContainerStatus, Pod } from '../kinds';
import type { DeclaredListeners } from '../kubelet/listeners';
import { conditionsOf, phaseOf, qosClass } from '../kubelet/status';
import type { ObjectStore } from '../store/store';

export interface Declaring {
  store: ObjectStore;
  random: Random;
  addresses: PodAddresses;
  listeners: DeclaredListeners;
  nodeAddress(name: string): string;
  pull(reference: string): Pull;
  runtime: 'cri-o' | 'containerd';
}

/** Gives a scheduled pod its address and a status as if it had started a while ago, listening on its images' ports. */
export function declareRunning(
  { store, random, addresses, listeners, nodeAddress, pull, runtime }: Declaring,
  pod: Pod,
): void {
  const node = pod.spec.nodeName ?? '';
  const hostIP = nodeAddress(node);
  const namespace = pod.metadata.namespace ?? '';
  const ips = pod.spec.hostNetwork
    ? [hostIP]
    : addresses.families.map((family) => addresses.allocate(node, { family, namespace }));
  const now = store.clock.timestamp();
  const containers = pod.spec.containers.map(({ name, image }): ContainerStatus => {
    const found = pull(image);
    const digest = 'error' in found ? `sha256:${random.hex(64)}` : found.digest;
    return {
      name,
      image,
      imageID: `${image.replace(/@.*$|:[^/:]*$/, '')}@${digest}`,
      containerID: `${runtime}://${random.hex(64)}`,
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: now } },
      lastState: {},
    };
  });
  const seen = { containers, init: [], sandbox: true, now };
  const phase = phaseOf(pod, seen);
  const status = {
    ...pod.status,
    phase,
    conditions: conditionsOf(pod, seen, phase),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    podIP: ips[0],
    podIPs: ips.map((ip) => ({ ip })),
    startTime: now,
    containerStatuses: containers,
    qosClass: qosClass(pod),
  };
  store.updateStatus('pods', { ...pod, status });
  if (pod.spec.hostNetwork) return;
  const ports = pod.spec.containers.flatMap(({ image }) => {
    const found = pull(image);
    return 'error' in found ? [] : found.image.ports;
  });
  listeners.declare(
    `pod/${namespace}/${pod.metadata.name}`,
    ports.map(({ port, protocol }) => ({ protocol, port, address: '0.0.0.0' })),
  );
}
