// What a cluster's containers went through when its machines lost power: a restart each, as the kubelet counts it afterwards.
import type { ContainerStatus, Pod } from '../kinds';
import type { ObjectStore } from '../store/store';

const UNKNOWN_EXIT = 255; // what CRI-O reports of a container that was there before a reboot

export function countRestarts(store: ObjectStore, pods = store.list('pods') as Pod[]): void {
  const now = store.clock.timestamp();
  for (const pod of pods) {
    const { containerStatuses, phase } = pod.status ?? {};
    if (phase !== 'Running' || !containerStatuses) continue;
    const restarted = containerStatuses.map((status) => restart(pod, status, now));
    store.updateStatus('pods', { ...pod, status: { ...pod.status, containerStatuses: restarted } });
  }
}

/** A container that will not run again stays ended; the others run again, with their files. */
function restart(pod: Pod, status: ContainerStatus, now: string): ContainerStatus {
  const { running } = status.state;
  if (!running) return status;
  const terminated = {
    exitCode: UNKNOWN_EXIT,
    reason: 'Error',
    startedAt: running.startedAt,
    finishedAt: now,
    ...(status.containerID && { containerID: status.containerID }),
  };
  if (pod.spec.restartPolicy === 'Never') return { ...status, ready: false, started: false, state: { terminated } };
  return {
    ...status,
    restartCount: status.restartCount + 1,
    state: { running: { startedAt: now } },
    lastState: { terminated },
  };
}
