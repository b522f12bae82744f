// The head of a line of klog: `I1123 03:00:00.000000       1`.
import type { Process } from '../../machine/process';

export function klog(proc: Process): string {
  const iso = new Date(proc.machine.clock.now()).toISOString();
  return `I${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000 ${String(proc.pid).padStart(7)}`;
}
