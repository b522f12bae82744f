// What pods use, as a metrics server would tell. Nothing is measured: every process costs a little, those that claim processors
// or memory cost what they claim, and every connection that a pod takes costs a moment of work.
import type { PodUsage } from '../api/streams';
import type { Container } from '../kinds';
import { quantityValue } from '../resources/quantity';
import type { PodWorker } from './pod-worker';

const WORK_PER_CONNECTION = 0.005; // seconds of a processor, a small page of PHP
const IDLE_CORES = 0.001;
const PROCESS_BYTES = 6 * 1024 * 1024;
const WINDOW_MS = 10_000; // the least time over which connections are counted

interface Sample {
  arrivals: number;
  at: number;
  perSecond: number;
}

export class UsageMeter {
  private readonly samples = new Map<string, Sample>();

  constructor(private readonly now: () => number) {}

  /** `worker` is undefined for a pod that sleeps: it idles. */
  of(uid: string, containers: readonly Container[], worker: PodWorker | undefined): PodUsage[] {
    const load = worker ? this.rate(uid, worker.stack.arrivals) * WORK_PER_CONNECTION : 0;
    return containers.map((container, i) => {
      const processes = [...(worker?.find(container.name)?.machine?.processes.values() ?? [])];
      const claimed = processes.reduce((sum, { cpuCores }) => sum + cpuCores, 0);
      const held = processes.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
      const limit = container.resources?.limits?.['cpu'];
      const cores = IDLE_CORES + claimed + (i === 0 ? load : 0);
      return {
        name: container.name,
        cores: limit === undefined ? cores : Math.min(cores, quantityValue(limit)),
        bytes: held + Math.max(1, processes.length) * PROCESS_BYTES,
      };
    });
  }

  forget(uid: string): void {
    this.samples.delete(uid);
  }

  private rate(uid: string, arrivals: number): number {
    const last = this.samples.get(uid);
    const at = this.now();
    if (last && arrivals >= last.arrivals && at - last.at < WINDOW_MS) return last.perSecond;
    const perSecond = last && arrivals >= last.arrivals ? ((arrivals - last.arrivals) * 1000) / (at - last.at) : 0;
    this.samples.set(uid, { arrivals, at, perSecond });
    return perSecond;
  }
}
