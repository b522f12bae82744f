import { Errno } from '../machine/errno';
import type { Process } from '../machine/process';

/** Lets work go on beside a program's own: the end of the process ends it, and what is no failed call is a bug. */
export function inBackground(proc: Process, work: Promise<unknown>): void {
  work.catch((error) => {
    if (!proc.killed.aborted && !(error instanceof Errno)) proc.machine.reportBug(error);
  });
}
