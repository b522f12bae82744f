// Proofs of labs asked for in the browser: the same proofs as `npm run lab -- check`, each piece in a process without files,
// network or environment, with limits of time and memory. One proof at a time, so that students do not wait for authors.
import { availableParallelism } from 'node:os';
import type { Flaw, Task } from '../../grading/verify/proof';
import type { LabResult } from '../../grading/verify/verify';
import type { Lab } from '../../labs/lab';
import { HAS_ENDED, NO_ANSWER, SandboxChild } from '../supervisor/child';
import { PROOF_HEAP_MB, PROOF_RESIDENT_MB, PROOF_TASK_MS } from '../supervisor/limits';

/** A proof under way or done, as the page shows it. */
export interface ProofState {
  digest: string;
  seeds: number;
  /** Pieces done, of `total`; 0 of 0 while it waits for another lab's proof. */
  done: number;
  total: number;
  result?: LabResult;
  /** Why there is no result. */
  failed?: string;
}

interface Job extends ProofState {
  cancelled: boolean;
  /** Ends the processes of the proof. */
  stop(): void;
}

export class Provers {
  private readonly jobs = new Map<string, Job>();
  private turn: Promise<unknown> = Promise.resolve();
  private readonly children = new Set<SandboxChild>();
  private closed = false;

  constructor(
    private readonly program: string,
    private readonly report: (message: string) => void,
    private readonly size = Math.max(1, availableParallelism() - 1),
    private readonly taskMs = PROOF_TASK_MS,
  ) {}

  find(lab: string): ProofState | undefined {
    const job = this.jobs.get(lab);
    if (!job || job.cancelled) return undefined;
    const { cancelled: _, stop: __, ...state } = job;
    return state;
  }

  /** Begins a proof; one of the same lab that is under way is given up. `keep` gets the result before anybody sees it. */
  prove(lab: Lab, digest: string, seeds: number, keep: (result: LabResult) => Promise<void>): void {
    this.cancel(lab.id);
    const job: Job = { digest, seeds, done: 0, total: 0, cancelled: false, stop: () => {} };
    this.jobs.set(lab.id, job);
    this.turn = this.turn.then(() => this.run(lab, job, keep));
  }

  cancel(lab: string): void {
    const job = this.jobs.get(lab);
    if (!job || job.result) return;
    job.cancelled = true;
    job.stop();
    this.jobs.delete(lab);
  }

  close(): void {
    this.closed = true;
    for (const job of this.jobs.values()) job.cancelled = true;
    for (const child of this.children) child.kill();
  }

  private async run(lab: Lab, job: Job, keep: (result: LabResult) => Promise<void>): Promise<void> {
    if (job.cancelled || this.closed) return;
    const crew = new Crew(this.size, this.taskMs, () => this.hire());
    job.stop = () => crew.dismiss();
    try {
      // All of the simulation; a server on which nobody proves never loads it.
      const { proveLab } = await import('../../grading/verify/verify');
      const result = await proveLab(lab, job.seeds, async (task) => {
        job.total++;
        const flaws = await crew.run(lab, task, () => job.cancelled || this.closed);
        job.done++;
        return flaws;
      });
      if (job.cancelled || this.closed) return;
      await keep(result);
      job.result = result;
    } catch (error) {
      this.report(`proof of ${lab.id}: ${error instanceof Error ? error.stack : error}`);
      job.failed = 'The proof could not be run. Try again.';
    } finally {
      crew.dismiss();
    }
  }

  private async hire(): Promise<SandboxChild> {
    const child = new SandboxChild(this.program, PROOF_HEAP_MB);
    this.children.add(child);
    void child.exited.then(() => this.children.delete(child));
    await child.loaded();
    child.watchOver(PROOF_TASK_MS, PROOF_RESIDENT_MB);
    return child;
  }
}

/** The processes of one proof. */
class Crew {
  private readonly idle: SandboxChild[] = [];
  private readonly all = new Set<SandboxChild>();
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(
    size: number,
    private readonly taskMs: number,
    private readonly hire: () => Promise<SandboxChild>,
  ) {
    this.free = size;
  }

  /** Runs a task, or nothing once the proof is given up. What ends or outlasts its process is a flaw of the lab. */
  async run({ source }: Lab, task: Task, isOver: () => boolean): Promise<Flaw[]> {
    await this.place();
    try {
      return isOver() ? [] : await this.give(source, task);
    } finally {
      this.free++;
      this.waiting.shift()?.();
    }
  }

  dismiss(): void {
    for (const child of this.all) child.kill();
  }

  private async place(): Promise<void> {
    while (this.free <= 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.free--;
  }

  private async give(lab: Lab['source'], task: Task): Promise<Flaw[]> {
    const child = this.idle.pop() ?? (await this.hire());
    this.all.add(child);
    try {
      const answer = await child.request((id) => ({ type: 'prove', id, lab, task }), this.taskMs);
      this.idle.push(child);
      return (answer as { flaws: Flaw[] }).flaws;
    } catch (error) {
      child.kill();
      await child.exited;
      this.all.delete(child);
      const how = this.howItFailed(error as Error, child);
      return [{ file: 'lab.yaml', message: `${task.proof} ${task.key}: ${how}` }];
    }
  }

  private howItFailed({ message }: Error, child: SandboxChild): string {
    if (message === NO_ANSWER) return `it did not end within ${this.taskMs / 1000} seconds`;
    return message === HAS_ENDED ? `the process ended (${child.lastWords.split('\n')[0]})` : message;
  }
}
