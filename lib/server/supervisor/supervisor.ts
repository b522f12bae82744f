// All sandboxes of this server: one handle an attempt, opened when first asked for, put to sleep when nobody is there.
import { createHash } from 'node:crypto';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../grading/contract';
import type { LabSource } from '../../sandbox/protocol';
import type { Database } from '../database/client';
import { UserError } from '../errors';
import { LogWriter } from './journal';
import { AWAKE_MB, GRADE_MS, IDLE_MS, LEAST_AWAKE, SILENCE_MS } from './limits';
import { Pool } from './pool';
import { type AttemptKey, Sandbox, type SandboxDependencies } from './sandbox';

export interface SupervisorOptions {
  prisma: Database;
  /** The bundle of lib/cli/sandbox-process.ts. */
  program: string;
  socketFolder: string;
  /** Loaded processes to keep ready. */
  warm: number;
  call: SandboxDependencies['call'];
  asleep: SandboxDependencies['asleep'];
  report(message: string): void;
  /** Default IDLE_MS. */
  idleMs?: number;
  /** Sandboxes awake at a time; default what fits into the machine's memory. */
  mostAwake?: number;
  /** Default SILENCE_MS. */
  silenceMs?: number;
}

export class Supervisor {
  private readonly sandboxes = new Map<string, Sandbox>();
  private readonly dependencies: SandboxDependencies;
  private readonly sweep: NodeJS.Timeout;
  private readonly pool: Pool;

  constructor(private readonly options: SupervisorOptions) {
    this.pool = new Pool(options.program, options.warm);
    const { prisma, call, asleep, report, silenceMs = SILENCE_MS } = options;
    const log = new LogWriter(prisma);
    const makeRoom = () => this.makeRoom();
    this.dependencies = { prisma, pool: this.pool, log, call, asleep, report, silenceMs, makeRoom };
    const idle = options.idleMs ?? IDLE_MS;
    this.sweep = setInterval(() => this.hibernateIdle(idle), Math.min(30_000, idle));
    this.sweep.unref();
  }

  /** The handle of an attempt's sandbox, asleep or awake. */
  sandbox(attempt: AttemptKey): Sandbox {
    let sandbox = this.sandboxes.get(attempt.id);
    if (!sandbox) {
      const name = createHash('sha256').update(attempt.id).digest('hex').slice(0, 24);
      sandbox = new Sandbox(attempt, join(this.options.socketFolder, `${name}.sock`), this.dependencies);
      this.sandboxes.set(attempt.id, sandbox);
    }
    return sandbox;
  }

  /** Grades a snapshot in a process of its own, which ends with it. @throws {UserError} `grading-failed` */
  async grade(lab: LabSource, seed: number, snapshot: Uint8Array): Promise<Report> {
    const child = await this.pool.take();
    try {
      const answer = await child.request((id) => ({ type: 'grade', id, lab, seed, snapshot }), GRADE_MS);
      return (answer as { report: Report }).report;
    } catch (error) {
      this.options.report(`grading ${lab.id}: ${error instanceof Error ? error.message : error}`);
      throw new UserError('grading-failed');
    } finally {
      child.kill();
    }
  }

  /** The process of an attempt's world while it is awake, for measurements. */
  pidOf(attemptId: string): number | undefined {
    return this.sandboxes.get(attemptId)?.pid;
  }

  async close(): Promise<void> {
    clearInterval(this.sweep);
    this.pool.close();
    await Promise.all([...this.sandboxes.values()].map((sandbox) => sandbox.close()));
  }

  private async makeRoom(): Promise<void> {
    const most = this.options.mostAwake ?? Math.max(LEAST_AWAKE, Math.floor(totalmem() / 2 ** 20 / AWAKE_MB));
    const awake = [...this.sandboxes.values()].filter(({ isAwake }) => isAwake);
    if (awake.length < most) return;
    const [unused] = awake.filter((sandbox) => sandbox.isIdle(0)).sort((a, b) => b.unusedMs - a.unusedMs);
    if (!unused) throw new UserError('full');
    await unused.hibernate();
  }

  private hibernateIdle(idleMs: number): void {
    for (const sandbox of this.sandboxes.values()) if (sandbox.isIdle(idleMs)) void sandbox.hibernate();
  }
}
