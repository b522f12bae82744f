// The sandbox of one attempt through all its lives: started, restored after a crash or a sleep, compacted, put to sleep.
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FromSandbox, LabSource, WorldSource } from '../../sandbox/protocol';
import type { Database } from '../database/client';
import { UserError } from '../errors';
import type { SandboxChild } from './child';
import type { LogWriter } from './journal';
import {
  BASE_MS,
  COMPACT_APPENDS,
  COMPACT_BYTES,
  CRASH_WINDOW_MS,
  MOST_CRASHES,
  SNAPSHOT_MS,
  START_MS,
  STOP_MS,
} from './limits';
import type { Pool } from './pool';
import { getFromSocket } from './socket';
import { loadWorld, markHibernated, saveSnapshot } from './store';

export interface AttemptKey {
  id: string;
  lab: LabSource;
  seed: number;
}

type Call = Extract<FromSandbox, { type: 'call' }>;

export interface SandboxDependencies {
  prisma: Database;
  pool: Pool;
  log: LogWriter;
  /** Answers what the `lab` command asks of the product. */
  call(attemptId: string, call: Call): Promise<unknown>;
  /** Resolves when there is room for one more awake. @throws {UserError} `full` */
  makeRoom(): Promise<void>;
  /** A world that says nothing for this long is ended. */
  silenceMs: number;
  /** It is about to sleep: whoever talks to it hangs up. */
  asleep(attemptId: string): void;
  report(message: string): void;
}

export class Sandbox {
  private child: SandboxChild | undefined;
  private starting: Promise<void> | undefined;
  private stopping: Promise<void> | undefined;
  private holders = 0;
  private lastUse = Date.now();
  private crashes: number[] = [];
  /** Number of the last append received. */
  private seq = 0;
  private sinceSnapshot = { appends: 0, bytes: 0 };
  private compacting = false;
  /** Appends on their way to the database; a restart waits for them. */
  private readonly pending = new Set<Promise<void>>();
  private base: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    readonly attempt: AttemptKey,
    /** Where its HTTP server listens; the same in every life. */
    readonly socket: string,
    private readonly deps: SandboxDependencies,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves when the world answers on its socket. */
  async ready(): Promise<void> {
    this.lastUse = Date.now();
    await this.stopping;
    if (this.closed) throw new Error('The server is shutting down.');
    if (this.child && !this.starting) return;
    this.starting ??= this.start().finally(() => (this.starting = undefined));
    return this.starting;
  }

  /** Keeps it awake until the returned function is called. */
  hold(): () => void {
    this.holders++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.holders--;
      this.lastUse = Date.now();
    };
  }

  get isAwake(): boolean {
    return this.child !== undefined;
  }

  get unusedMs(): number {
    return Date.now() - this.lastUse;
  }

  isIdle(forMs: number): boolean {
    return this.isAwake && this.holders === 0 && this.unusedMs >= forMs;
  }

  /** What it answers to a GET on its socket. @throws unless the status is 200 */
  async get(path: string): Promise<Uint8Array> {
    await this.ready();
    return getFromSocket(this.socket, path);
  }

  /** The world as bytes, stored; every append before it is in it. */
  async snapshot(): Promise<{ id: string; data: Uint8Array }> {
    await this.ready();
    const child = this.child;
    if (!child) throw new Error('The sandbox ended.');
    await this.base;
    return this.takeSnapshot(child);
  }

  /** Snapshot, then end. A later `ready` brings the same world back. */
  hibernate(): Promise<void> {
    this.stopping ??= this.sleep().finally(() => (this.stopping = undefined));
    return this.stopping;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.starting?.catch(() => {});
    await this.hibernate();
  }

  private async start(): Promise<void> {
    this.refuseCrashLoop();
    await this.deps.makeRoom();
    await Promise.allSettled([...this.pending]);
    const { prisma, pool } = this.deps;
    const [stored, child] = await Promise.all([loadWorld(prisma, this.attempt.id), pool.take()]);
    if (stored.hibernated) await markHibernated(prisma, this.attempt.id, false);
    rmSync(this.socket, { force: true });
    this.seq = stored.seq;
    this.base = Promise.resolve(); // an earlier life's may have failed with it
    this.sinceSnapshot = { appends: stored.log.length, bytes: 0 };
    const { lab, seed } = this.attempt;
    const { snapshot, log, hibernated } = stored;
    const common = { lab, seed, now: Date.now() };
    const source: WorldSource = snapshot
      ? { kind: 'restore', ...common, snapshot, log, reason: hibernated ? 'hibernation' : 'crash' }
      : { kind: 'new', ...common };
    await this.run(child, source);
    // A moment later: somebody waits for the first prompt. What is written meanwhile is acknowledged after it.
    if (source.kind === 'new')
      this.base = sleep(BASE_MS)
        .then(() => this.takeSnapshot(child))
        .then(() => {});
    // Without its first snapshot nothing of it can be kept: better to end, and begin anew at the next call.
    this.base.catch(() => child.kill());
  }

  private run(child: SandboxChild, source: WorldSource): Promise<void> {
    return new Promise((resolve, reject) => {
      this.child = child;
      const deadline = setTimeout(() => child.kill(), START_MS);
      child.onMessage = (message) => {
        if (message.type !== 'ready') return this.receive(child, message);
        clearTimeout(deadline);
        child.watchOver(this.deps.silenceMs);
        this.keepVariables(message.variables).then(resolve, reject);
      };
      void child.exited.then(() => {
        clearTimeout(deadline);
        reject(new Error(`The sandbox ended while it started: ${child.lastWords}`));
        this.ended(child);
      });
      child.send({ type: 'start', socket: this.socket, source });
    });
  }

  private async keepVariables(variables: Record<string, string>): Promise<void> {
    await this.deps.prisma.attempt.update({ where: { id: this.attempt.id }, data: { variables } });
  }

  private receive(child: SandboxChild, message: FromSandbox): void {
    if (message.type === 'append') this.append(child, message.id, message.changes);
    else if (message.type === 'call') void this.answer(child, message);
  }

  private append(child: SandboxChild, id: number, changes: Parameters<LogWriter['append']>[2]): void {
    const seq = ++this.seq;
    const work = (async () => {
      const bytes = await this.deps.log.append(this.attempt.id, seq, changes);
      await this.base;
      child.send({ type: 'appended', id });
      this.sinceSnapshot.appends++;
      this.sinceSnapshot.bytes += bytes;
      if (this.sinceSnapshot.appends > COMPACT_APPENDS || this.sinceSnapshot.bytes > COMPACT_BYTES) this.compact(child);
    })().catch((error) => {
      if (this.child !== child) return; // ended meanwhile, and nothing was acknowledged
      // What cannot be made durable must not be acknowledged: the world goes back to what is.
      this.deps.report(`attempt ${this.attempt.id}: its log cannot be written: ${error}`);
      child.kill();
    });
    this.pending.add(work);
    void work.finally(() => this.pending.delete(work));
  }

  private compact(child: SandboxChild): void {
    if (this.compacting || this.child !== child) return;
    this.compacting = true;
    this.takeSnapshot(child)
      .catch((error) => this.deps.report(`attempt ${this.attempt.id}: no snapshot: ${error}`))
      .finally(() => (this.compacting = false));
  }

  private async takeSnapshot(child: SandboxChild): Promise<{ id: string; data: Uint8Array }> {
    const answer = child
      .request((id) => ({ type: 'snapshot', id }), SNAPSHOT_MS)
      .then((value) => ({
        data: (value as { snapshot: Uint8Array }).snapshot,
        seq: this.seq, // messages keep their order, so this is what the snapshot contains
      }));
    const { data, seq } = await answer;
    this.sinceSnapshot = { appends: 0, bytes: 0 };
    return { id: await saveSnapshot(this.deps.prisma, this.attempt.id, seq, data), data };
  }

  private async answer(child: SandboxChild, call: Call): Promise<void> {
    const { id } = call;
    try {
      child.send({ type: 'answer', id, value: await this.deps.call(this.attempt.id, call) });
    } catch (error) {
      if (!(error instanceof UserError)) this.deps.report(`attempt ${this.attempt.id}: ${call.method}: ${error}`);
      const text = error instanceof UserError ? error.message : 'The server could not do it.';
      child.send({ type: 'answer', id, error: text });
    }
  }

  private async sleep(): Promise<void> {
    const child = this.child;
    if (!child) return;
    this.deps.asleep(this.attempt.id);
    try {
      await this.base;
      await this.takeSnapshot(child);
      await markHibernated(this.deps.prisma, this.attempt.id, true);
    } catch (error) {
      this.deps.report(`attempt ${this.attempt.id}: put to sleep without a snapshot: ${error}`);
    }
    this.child = undefined; // from here its end is no crash
    child.send({ type: 'stop' });
    const timer = setTimeout(() => child.kill(), STOP_MS);
    await child.exited;
    clearTimeout(timer);
    await Promise.allSettled([...this.pending]);
  }

  private ended(child: SandboxChild): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.crashes.push(Date.now());
    this.deps.report(`attempt ${this.attempt.id}: sandbox ended: ${child.lastWords}`);
    if (!this.closed && this.recentCrashes() <= MOST_CRASHES) setImmediate(() => void this.ready().catch(() => {}));
  }

  private recentCrashes(): number {
    this.crashes = this.crashes.filter((at) => Date.now() - at < CRASH_WINDOW_MS);
    return this.crashes.length;
  }

  private refuseCrashLoop(): void {
    if (this.recentCrashes() > MOST_CRASHES) throw new UserError('sandbox-failing');
  }
}
