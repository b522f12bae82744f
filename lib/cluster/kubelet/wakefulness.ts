// Which pods have processes. When they are many, those that wait longest sleep until somebody calls, as all do in a restored world.
import type { PodWorker } from './pod-worker';

const MOST_AWAKE = 1000; // pods; one awake takes some 25 kB, and a classroom's cluster never has as many
const TRIES = 4; // more than one pod comes, so that busy ones in the way do not add up

export class Wakefulness {
  /** In the order in which they woke, or were last found busy. */
  private readonly awake = new Set<PodWorker>();

  /** `rest` puts a pod to sleep. */
  constructor(
    private readonly rest: (worker: PodWorker) => void,
    private readonly most = MOST_AWAKE,
  ) {}

  /** A process of the pod was started. */
  awoke(worker: PodWorker): void {
    this.awake.add(worker);
    for (let tries = 0; tries < TRIES && this.awake.size > this.most; tries++) this.tire();
  }

  forget(worker: PodWorker): void {
    this.awake.delete(worker);
  }

  private tire(): void {
    const [oldest] = this.awake;
    if (!oldest) return;
    this.awake.delete(oldest);
    if (oldest.isRestful) this.rest(oldest);
    else this.awake.add(oldest);
  }
}
