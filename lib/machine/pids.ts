// The processes that see one another and number themselves together: those of a machine, or of several that share them, as
// the containers of a pod may. pid_namespaces(7).
import type { Process } from './process';

export class Pids {
  readonly processes = new Map<number, Process>();
  private next = 1;

  take(): number {
    return this.next++;
  }
}
