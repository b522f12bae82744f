// The world's time. In a session it follows the host's clock, in grading and tests it jumps from timer to timer.

/** The host's time, handed in by whoever runs the world. Milliseconds. */
export interface HostTime {
  now(): number;
  setTimeout(fn: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** Stops a timer; calling it again does nothing. */
export type Cancel = () => void;

interface Timer {
  at: number;
  order: number;
  fn: () => void;
  slot: number;
}

/** A promise of the next turn of the event loop: lets everything that is ready run first. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const MIN_TURNS = 3; // Node's streams and `ws` defer some work by up to two turns
const FREE_WORK_MS = 250; // what a script computes between two waits is seldom more; time that stands still keeps grades alike
const MOST_STEP_MS = 2; // a turn, whoever computes in it: others must get their turns before a probe's second is over
const MOST_HASTE = 10; // so much faster does time pass when work has gone on for long: a grade may wait for minutes
const LAST_WORK_MS = 1000; // what a script leaves running may come to rest in this time before its world stands still
const HOST_TIMER_MAX_MS = 2 ** 31 - 1; // a longer host timeout fires at once

/**
 * Simulated time in milliseconds since the epoch.
 * @example
 * const clock = new Clock(0);
 * clock.after(1000, () => console.log('ping'));
 * await clock.advance(1000);
 */
export class Clock {
  private time: number;
  private timers: Timer[] = []; // a binary heap by (at, order)
  private order = 0;
  private busyCount = 0;
  private heldCount = 0;
  private worked = 0;
  private restless = 0; // time that passed during work since the last rest
  private stamped = { second: Number.NaN, text: '' };
  private host: { time: HostTime; offset: number; armed: unknown; armedAt: number } | undefined;

  constructor(start: number) {
    this.time = start;
  }

  now(): number {
    return this.host ? Math.max(this.time, this.host.time.now() + this.host.offset) : this.time;
  }

  /** The time as RFC 3339 with seconds, as Kubernetes writes it. */
  timestamp(): string {
    const second = Math.floor(this.now() / 1000);
    // the same text for everything of one second: objects hold many, and a new one each would be a tenth of their size
    if (second !== this.stamped.second)
      this.stamped = { second, text: new Date(second * 1000).toISOString().replace('.000', '') };
    return this.stamped.text;
  }

  /** Calls fn once, ms from now. */
  after(ms: number, fn: () => void): Cancel {
    const timer: Timer = { at: this.now() + Math.max(0, ms), order: this.order++, fn, slot: -1 };
    this.push(timer);
    this.arm();
    return () => this.remove(timer);
  }

  /** Calls fn every ms until cancelled. */
  every(ms: number, fn: () => void): Cancel {
    let cancel: Cancel = () => {};
    const again = () => {
      cancel = this.after(ms, again);
      fn();
    };
    cancel = this.after(ms, again);
    return () => cancel();
  }

  /** Resolves after ms; rejects with the signal's reason if it aborts before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.after(ms, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** Gives way to everything else that is ready; time does not jump meanwhile. */
  async yield(): Promise<void> {
    this.busyCount++;
    await turn();
    this.busyCount--;
  }

  /**
   * Gives way after computing that would take a real machine about ms. Short work costs no time on a clock that jumps; work that
   * does not rest does, so that `timeout 1` ends an endless loop there and a pod that spins does not hold up a grade.
   */
  async compute(ms: number): Promise<void> {
    this.worked += ms;
    await this.yield();
  }

  /** Marks work done outside the event loop's turns (compiling WebAssembly, a durable write): time does not jump over it. */
  async busy<T>(work: Promise<T>): Promise<T> {
    this.busyCount++;
    this.heldCount++;
    try {
      return await work;
    } finally {
      this.busyCount--;
      this.heldCount--;
    }
  }

  /** Runs until nothing is ready at the present time, or what is ready shows no end. */
  settle(): Promise<void> {
    return this.rest(this.now(), () => false);
  }

  /** Jumps forward by ms, firing every timer on the way in order. Not while following a host. */
  async advance(ms: number): Promise<void> {
    const end = this.now() + ms;
    const never = () => false;
    await this.rest(end, never);
    for (let next = this.timers[0]; next && next.at <= end; next = this.timers[0]) {
      this.fireNext();
      await this.rest(end, never);
    }
    this.time = Math.max(this.time, end);
  }

  /** Jumps from timer to timer until the promise settles; throws a TimeoutError past limit ms of simulated time. */
  async drive<T>(promise: Promise<T>, limit: number): Promise<T> {
    const end = this.now() + limit;
    let leave = Number.POSITIVE_INFINITY;
    const finish = () => {
      leave = this.time + LAST_WORK_MS;
    };
    promise.then(finish, finish);
    while (true) {
      await this.rest(end, () => this.time >= leave);
      if (Number.isFinite(leave)) return promise;
      const next = this.timers[0];
      if (!next || next.at > end)
        throw new DOMException(`not finished after ${limit / 1000} s of simulated time`, 'TimeoutError');
      this.fireNext();
    }
  }

  /** Follows the host's clock from now on, at its pace. Returns a function that freezes time again. */
  follow(time: HostTime): Cancel {
    this.host = { time, offset: this.time - time.now(), armed: undefined, armedAt: Number.POSITIVE_INFINITY };
    this.arm();
    return () => {
      if (!this.host) return;
      this.time = this.now();
      this.disarm();
      this.host = undefined;
    };
  }

  /** Until nothing is ready. Work that goes on beyond what is free lets time pass, up to end or until it is over. */
  private async rest(end: number, over: () => boolean): Promise<void> {
    let quiet = 0;
    this.worked = 0;
    while (quiet < MIN_TURNS) {
      await turn();
      quiet = this.busyCount > 0 ? 0 : quiet + 1;
      if (this.worked <= FREE_WORK_MS || this.heldCount > 0) continue;
      if (over() || this.time >= end) return;
      const step =
        Math.min(this.worked - FREE_WORK_MS, MOST_STEP_MS) * Math.min(1 + Math.floor(this.restless / 1000), MOST_HASTE);
      this.worked = FREE_WORK_MS;
      this.restless += step;
      this.pass(Math.min(end, this.time + step));
    }
    this.restless = 0;
  }

  private pass(to: number): void {
    for (let next = this.timers[0]; next && next.at <= to; next = this.timers[0]) this.fireNext();
    this.time = Math.max(this.time, to);
  }

  private fireNext(): void {
    const timer = this.timers[0];
    if (!timer) return;
    this.remove(timer);
    this.time = Math.max(this.time, timer.at);
    timer.fn();
  }

  private arm(): void {
    const host = this.host;
    const next = this.timers[0];
    if (!host || !next || host.armedAt <= next.at) return;
    this.disarm();
    host.armedAt = next.at;
    const wait = Math.min(Math.max(0, next.at - this.now()), HOST_TIMER_MAX_MS);
    host.armed = host.time.setTimeout(() => this.fireDue(), wait);
  }

  private disarm(): void {
    if (!this.host) return;
    this.host.time.clearTimeout(this.host.armed);
    this.host.armedAt = Number.POSITIVE_INFINITY;
  }

  private fireDue(): void {
    if (!this.host) return;
    this.host.armedAt = Number.POSITIVE_INFINITY;
    const now = this.now();
    for (let next = this.timers[0]; next && next.at <= now; next = this.timers[0]) this.fireNext();
    this.arm();
  }

  private before(a: Timer, b: Timer): boolean {
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  private push(timer: Timer): void {
    timer.slot = this.timers.length;
    this.timers.push(timer);
    this.up(timer);
  }

  private remove(timer: Timer): void {
    if (timer.slot < 0) return;
    const last = this.timers.pop() as Timer;
    if (last !== timer) {
      this.place(last, timer.slot);
      this.up(last);
      this.down(last);
    }
    timer.slot = -1;
  }

  private place(timer: Timer, slot: number): void {
    this.timers[slot] = timer;
    timer.slot = slot;
  }

  private up(timer: Timer): void {
    while (timer.slot > 0) {
      const parent = this.timers[(timer.slot - 1) >> 1] as Timer;
      if (!this.before(timer, parent)) return;
      const slot = parent.slot;
      this.place(parent, timer.slot);
      this.place(timer, slot);
    }
  }

  private down(timer: Timer): void {
    while (true) {
      const left = this.timers[2 * timer.slot + 1];
      const right = this.timers[2 * timer.slot + 2];
      const child = left && right && this.before(right, left) ? right : left;
      if (!child || !this.before(child, timer)) return;
      const slot = child.slot;
      this.place(child, timer.slot);
      this.place(timer, slot);
    }
  }
}
