// The foreground job: it has the terminal, and the shell waits until it ends or stops.
import { Interrupted } from '../control';
import { type Job, settled, signalText, stateOf } from '../jobs';
import type { Shell } from '../shell';

/** Waits for a job; gives it the terminal meanwhile when there is job control. */
export async function waitForeground(shell: Shell, job: Job): Promise<void> {
  const { proc } = shell;
  const { terminal } = proc;
  const control = shell.option('monitor') && terminal !== undefined;
  if (control) terminal.foreground = job.pgid;
  job.background = false;
  shell.waiting = true;
  try {
    await settled(job.processes);
  } finally {
    shell.waiting = false;
    if (control) {
      terminal.foreground = proc.pgid;
      if (stateOf(job) === 'Done') terminal.cooked();
    }
  }
  await proc.enter();
  if (stateOf(job) === 'Stopped') await stopped(shell, job);
  else await ended(shell, job);
  await tellOfKilled(shell);
}

const UNTOLD: readonly unknown[] = [undefined, 'SIGINT', 'SIGTERM', 'SIGPIPE'];

/** A script says which of its background jobs a signal ended, but for those that are ended so every day. */
export async function tellOfKilled(shell: Shell): Promise<void> {
  if (shell.interactive) return;
  for (const job of shell.jobs.list) {
    if (job.told === 'Done' || stateOf(job) !== 'Done') continue;
    job.told = 'Done';
    if (UNTOLD.includes(job.processes.at(-1)?.status?.signal)) continue;
    if (shell.posixLike) continue;
    const [first, ...others] = shell.jobs.rows(job);
    if (first) await shell.complain(first);
    for (const row of others) await shell.proc.complain(`${row}\n`);
  }
}

async function stopped(shell: Shell, job: Job): Promise<void> {
  job.told = 'Stopped';
  job.background = true;
  await shell.proc.complain(`\n${shell.jobs.describe(job)}`);
  throw new Interrupted(148);
}

async function ended(shell: Shell, job: Job): Promise<void> {
  shell.jobs.remove(job);
  const signal = job.processes.at(-1)?.status?.signal;
  if (shell.heardInterrupt) {
    shell.heardInterrupt = false;
    if (signal === 'SIGINT' && (!shell.interactive || shell.subshellDepth > 0)) shell.dieOf('SIGINT');
  }
  if (!signal || signal === 'SIGPIPE') return;
  if (signal === 'SIGINT') {
    if (!shell.interactive || shell.subshellDepth > 0) return;
    throw new Interrupted();
  }
  if (shell.interactive || shell.posixLike) await shell.proc.complain(`${signalText(signal)}\n`);
  else await shell.complain(shell.jobs.row(job.pgid, signalText(signal), job.text));
}
