// Runs controllers: a queue of keys each, in which a key stands once however often it was named, with back-off after failures.
import type { Cancel, Clock } from '../../sim/clock';
import { ApiError } from '../store/errors';
import type { ObjectStore } from '../store/store';
import type { KubeObject } from '../store/types';
import type { Controller } from './controller';

const BASE_DELAY_MS = 5; // client-go's DefaultControllerRateLimiter
const MAX_DELAY_MS = 1_000_000;
const SLICE = 100; // keys and writes before others get a turn: some ten milliseconds

export class ControllerRunner {
  private readonly queue = new Set<string>();
  private readonly failures = new Map<string, number>();
  private readonly later = new Map<string, { at: number; cancel: Cancel }>();
  private readonly cancels: Cancel[] = [];
  private armed = false;
  private stopped = false;
  private held = false;

  constructor(
    private readonly controller: Controller,
    private readonly store: ObjectStore,
    private readonly clock: Clock,
    private readonly onBug: (error: unknown) => string,
  ) {}

  /**
   * Begins to watch and takes in everything that is there, by `list` (those who start together may look once); what a cluster
   * comes with needs nobody's work.
   */
  start(list: (resource: string) => KubeObject[] = (resource) => this.store.listKnown(resource)): void {
    for (const [resource, keys] of Object.entries(this.controller.watches)) {
      this.cancels.push(this.store.subscribe(resource, (event) => this.addAll(keys(event))));
      for (const each of resource === '*' ? this.store.resources() : [resource])
        for (const object of list(each)) this.addAll(keys({ type: 'ADDED', resource: each, object }));
    }
  }

  stop(): void {
    for (const cancel of this.cancels.splice(0)) cancel();
    for (const { cancel } of this.later.values()) cancel();
    this.later.clear();
    this.queue.clear();
    this.stopped = true;
  }

  /** While held nothing is handled: the program that this controller is a part of does not run. */
  hold(held: boolean): void {
    this.held = held;
    if (!held && this.queue.size > 0) this.arm();
  }

  /** Handles everything that is queued now, at once; for a world that is being put together. */
  flush(): boolean {
    const any = this.queue.size > 0;
    while (this.queue.size > 0) this.slice();
    return any;
  }

  /** Handles at most so many of the queued keys at once; gives how many. */
  take(most: number): number {
    if (this.held) return 0;
    const before = this.queue.size;
    this.slice(most);
    return Math.min(before, most);
  }

  /** Looks at a key for a reason that no object tells. */
  poke(key: string): void {
    this.addAll([key]);
  }

  private addAll(keys: Iterable<string>): void {
    for (const key of keys) this.queue.add(key);
    if (this.queue.size > 0) this.arm();
  }

  /** Works at the present time, before clients get their answer and look. */
  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    void this.clock.yield().then(() => {
      this.armed = false;
      if (this.stopped || this.held) return;
      this.slice();
      if (this.queue.size > 0) this.arm();
    });
  }

  private slice(most = SLICE): void {
    let left = most;
    for (const key of this.queue) {
      if (left <= 0) return;
      this.queue.delete(key);
      const before = Number(this.store.resourceVersion);
      this.handle(key);
      left -= 1 + Number(this.store.resourceVersion) - before;
    }
  }

  private handle(key: string): void {
    try {
      const again = this.controller.reconcile(key);
      this.failures.delete(key);
      if (again !== undefined) this.addLater(key, again);
    } catch (error) {
      if (!(error instanceof ApiError)) this.onBug(error);
      const failures = this.failures.get(key) ?? 0;
      this.failures.set(key, failures + 1);
      this.addLater(key, Math.min(BASE_DELAY_MS * 2 ** failures, MAX_DELAY_MS));
    }
  }

  private addLater(key: string, ms: number): void {
    const at = this.clock.now() + ms;
    const known = this.later.get(key);
    if (known && known.at <= at) return;
    known?.cancel();
    const cancel = this.clock.after(ms, () => {
      this.later.delete(key);
      this.addAll([key]);
    });
    this.later.set(key, { at, cancel });
  }
}
