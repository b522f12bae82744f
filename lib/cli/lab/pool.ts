// Processes that run the tasks of proofs, one a processor. One that stays silent too long or dies is replaced, and its task is
// reported: a script may never end, or eat all memory.
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Flaw, Task } from '../../grading/verify/proof';

const TASK_LIMIT_MS = 120_000; // the limits inside are shorter; this one is for what cannot be stopped from inside
const HEAP_MB = 1024;
const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** A task for a worker. */
export interface Order {
  root: string;
  lab: string;
  task: Task;
}

interface Waiting {
  order: Order;
  done(flaws: Flaw[]): void;
}

export class Pool {
  private readonly queue: Waiting[] = [];
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();
  private readonly size: number;

  constructor(size = availableParallelism()) {
    this.size = size;
  }

  run(order: Order): Promise<Flaw[]> {
    return new Promise((done) => {
      this.queue.push({ order, done });
      this.next();
    });
  }

  close(): void {
    for (const worker of this.all) worker.end();
  }

  private next(): void {
    const waiting = this.queue[0];
    if (!waiting) return;
    const worker = this.findWorker(waiting.order.lab);
    if (!worker) return;
    this.queue.shift();
    void worker.run(waiting.order).then(({ flaws, alive }) => {
      if (alive) this.idle.push(worker);
      else this.all.delete(worker);
      waiting.done(flaws);
      this.next();
    });
  }

  /** One that has the lab's worlds already, if one is free. */
  private findWorker(lab: string): Worker | undefined {
    const i = this.idle.findIndex((worker) => worker.lab === lab);
    const found = this.idle.splice(Math.max(i, 0), 1)[0];
    if (found) return found;
    if (this.all.size >= this.size) return undefined;
    const worker = new Worker();
    this.all.add(worker);
    return worker;
  }
}

class Worker {
  lab = '';
  private readonly child: ChildProcess;

  constructor() {
    this.child = fork(WORKER, [], {
      execArgv: ['--import', 'tsx', `--max-old-space-size=${HEAP_MB}`, '--no-warnings'],
      serialization: 'advanced',
    });
  }

  run(order: Order): Promise<{ flaws: Flaw[]; alive: boolean }> {
    this.lab = order.lab;
    return new Promise((resolve) => {
      const settle = (flaws: Flaw[], alive: boolean) => {
        clearTimeout(timer);
        this.child.removeAllListeners();
        resolve({ flaws, alive });
      };
      const { proof, key } = order.task;
      const fail = (how: string) => settle([{ file: 'lab.yaml', message: `${proof} ${key}: ${how}` }], false);
      const timer = setTimeout(() => {
        this.child.kill('SIGKILL');
        fail(`it did not end within ${TASK_LIMIT_MS / 1000} seconds`);
      }, TASK_LIMIT_MS);
      this.child.once('message', (flaws) => settle(flaws as Flaw[], true));
      this.child.once('exit', (code, signal) => fail(`the process ended (${signal ?? code})`));
      this.child.send(order);
    });
  }

  end(): void {
    this.child.kill();
  }
}
