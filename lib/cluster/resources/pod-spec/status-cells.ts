// READY, STATUS and RESTARTS of a pod, as printPod of pkg/printers/internalversion decides them.
import type { KubeObject } from '../../store/types';
import { humanDuration } from '../duration';
import type { Part } from '../validation/values';

const NODE_LOST = 'NodeLost';

interface Tally {
  restarts: number;
  lastRestart: number;
}

function count(tally: Tally, status: Part): void {
  tally.restarts += status['restartCount'] ?? 0;
  const at = Date.parse(status['lastState']?.terminated?.finishedAt ?? '');
  if (at > tally.lastRestart) tally.lastRestart = at;
}

const exitReason = ({ reason, signal, exitCode }: Part): string =>
  reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`);

const isSidecar = (spec: Part, name: string): boolean =>
  (spec['initContainers'] ?? []).some((c: Part) => c['name'] === name && c['restartPolicy'] === 'Always');

/** The text of the init container that the pod waits for, if it does. */
function initStatus(spec: Part, statuses: Part[]): string | undefined {
  for (const [i, { name, state = {}, started }] of statuses.entries()) {
    if (state.terminated && (state.terminated.exitCode ?? 0) === 0) continue;
    if (isSidecar(spec, name) && started) continue;
    if (state.terminated) return `Init:${exitReason(state.terminated)}`;
    if (state.waiting?.reason && state.waiting.reason !== 'PodInitializing') return `Init:${state.waiting.reason}`;
    return `Init:${i}/${(spec['initContainers'] ?? []).length}`;
  }
  return undefined;
}

function containerStatus(statuses: Part[], initial: string): { reason: string; running: boolean } {
  let reason = initial;
  let running = false;
  for (const { state = {}, ready } of [...statuses].reverse()) {
    if (state.waiting?.reason) reason = state.waiting.reason;
    else if (state.terminated) reason = exitReason(state.terminated);
    else if (ready && state.running) running = true;
  }
  return { reason, running };
}

const podReady = (status: Part): boolean =>
  (status['conditions'] ?? []).some((c: Part) => c['type'] === 'Ready' && c['status'] === 'True');

/** The three cells that depend on the containers. */
export function podStatusCells(pod: KubeObject, now: number): { ready: string; status: string; restarts: string } {
  const spec: Part = pod['spec'] ?? {};
  const status: Part = pod['status'] ?? {};
  const initStatuses: Part[] = status['initContainerStatuses'] ?? [];
  const statuses: Part[] = status['containerStatuses'] ?? [];
  const sidecars = initStatuses.filter((s) => isSidecar(spec, s['name']));
  const total =
    (spec['containers'] ?? []).length +
    (spec['initContainers'] ?? []).filter((c: Part) => c['restartPolicy'] === 'Always').length;

  let reason: string = status['reason'] || status['phase'] || '';
  for (const c of status['conditions'] ?? [])
    if (c.type === 'PodScheduled' && c.reason === 'SchedulingGated') reason = c.reason;
  const tally: Tally = { restarts: 0, lastRestart: 0 };
  const sidecarTally: Tally = { restarts: 0, lastRestart: 0 };
  for (const each of initStatuses) count(tally, each);
  for (const each of sidecars) count(sidecarTally, each);
  const waiting = initStatus(spec, initStatuses);
  const initialized = (status['conditions'] ?? []).some(
    (c: Part) => c['type'] === 'Initialized' && c['status'] === 'True',
  );
  let shown = tally;
  let ready = sidecars.filter((s) => s['started'] && s['ready']).length;
  if (waiting) reason = waiting;
  if (!waiting || initialized) {
    shown = sidecarTally;
    for (const each of statuses) {
      count(shown, each);
      if (each['ready'] && each['state']?.running) ready++;
    }
    const seen = containerStatus(statuses, reason);
    reason = seen.reason;
    if (reason === 'Completed' && seen.running) reason = podReady(status) ? 'Running' : 'NotReady';
  }
  const over = status['phase'] === 'Succeeded' || status['phase'] === 'Failed';
  if (pod.metadata.deletionTimestamp && status['reason'] === NODE_LOST) reason = 'Unknown';
  else if (pod.metadata.deletionTimestamp && !over) reason = 'Terminating';
  const ago = shown.restarts > 0 && shown.lastRestart > 0 ? ` (${humanDuration(now - shown.lastRestart)} ago)` : '';
  return { ready: `${ready}/${total}`, status: reason, restarts: `${shown.restarts}${ago}` };
}
