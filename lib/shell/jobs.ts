// Jobs: the pipelines that a shell started, as `jobs`, `fg`, `bg` and `wait` know them.
import type { Process, WaitStatus } from '../machine/process';
import { SIGNAL_NUMBERS, type Signal } from '../machine/signals';
import { tokenize } from './editor/words';

export interface Job {
  id: number;
  pgid: number;
  processes: Process[];
  text: string;
  background: boolean;
  /** The state that the user was told of. */
  told: JobState;
}

export type JobState = 'Running' | 'Stopped' | 'Done';

const SIGNAL_TEXTS: Partial<Record<Signal, string>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGABRT: 'Aborted',
  SIGKILL: 'Killed',
  SIGUSR1: 'User defined signal 1',
  SIGUSR2: 'User defined signal 2',
  SIGSEGV: 'Segmentation fault',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
};

export const signalText = (signal: Signal): string => SIGNAL_TEXTS[signal] ?? signal;

/** The status of a shell's `$?` for how a process ended. */
export const statusOf = (status: WaitStatus | undefined): number =>
  status?.signal ? 128 + SIGNAL_NUMBERS[status.signal] : (status?.code ?? 0);

export function stateOf(job: Job): JobState {
  if (job.processes.every((p) => p.state === 'zombie')) return 'Done';
  return job.processes.some((p) => p.state === 'running') ? 'Running' : 'Stopped';
}

/** Resolves when every process of a job has ended, or all that live are stopped. The signal ends the wait by its reason. */
export function settled(processes: Process[], signal?: AbortSignal, stopsCount = true): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const ends: (() => void)[] = [];
    const done = () => {
      for (const end of ends) end();
    };
    const check = () => {
      const live = processes.filter((p) => p.state !== 'zombie');
      if (live.length > 0 && !(stopsCount && live.every((p) => p.state === 'stopped'))) return;
      done();
      resolve();
    };
    const stop = () => {
      done();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', stop, { once: true });
    ends.push(() => signal?.removeEventListener('abort', stop));
    for (const proc of processes) ends.push(proc.onChange(check));
    check();
  });
}

/** The commands of a job's pipeline, one a process; the whole when they cannot be told apart. */
function pieces(job: Job): string[] {
  const found = [''];
  for (const word of tokenize(job.text)) {
    if (word === '|') found.push('');
    else found.push(`${found.pop()} ${word}`.trimStart());
  }
  return found.length === job.processes.length ? found : [job.text];
}

export class Jobs {
  readonly list: Job[] = [];
  /** Of a subshell: the jobs of the shell that it came from, until it has its own. */
  inherited: readonly Job[] = [];
  /** Ends of background processes that have left the list, for a later `wait PID`. */
  readonly past = new Map<number, number>();

  add(processes: Process[], text: string, background: boolean): Job {
    const id = Math.max(0, ...this.list.map((job) => job.id)) + 1;
    const pgid = processes[0]?.pgid ?? 0;
    const job: Job = { id, pgid, processes, text, background, told: 'Running' };
    this.list.push(job);
    return job;
  }

  remove(job: Job): void {
    const at = this.list.indexOf(job);
    if (at >= 0) this.list.splice(at, 1);
    const last = job.processes.at(-1);
    if (last) this.past.set(last.pid, statusOf(last.status));
    if (this.past.size > PAST_KEPT) this.past.delete(this.past.keys().next().value as number);
  }

  /** The jobs that can be named. */
  get known(): readonly Job[] {
    return this.list.length > 0 ? this.list : this.inherited;
  }

  /** The current job: the last one stopped, else the last one started. */
  get current(): Job | undefined {
    return this.known.filter((job) => stateOf(job) === 'Stopped').at(-1) ?? this.known.at(-1);
  }

  get previous(): Job | undefined {
    const current = this.current;
    const others = this.known.filter((job) => job !== current);
    return others.filter((job) => stateOf(job) === 'Stopped').at(-1) ?? others.at(-1);
  }

  /** By `%1`, `%+`, `%-`, `%name`, `%?text`. */
  find(spec: string): Job | undefined {
    const text = spec.replace(/^%/, '');
    if (text === '' || text === '%' || text === '+') return this.current;
    if (text === '-') return this.previous;
    if (/^\d+$/.test(text)) return this.known.find((job) => job.id === Number(text));
    if (text.startsWith('?')) return this.known.find((job) => job.text.includes(text.slice(1)));
    return this.known.find((job) => job.text.startsWith(text));
  }

  mark(job: Job): string {
    if (job === this.current) return '+';
    return job === this.previous ? '-' : ' ';
  }

  /** What `jobs` prints; `withPids` as `jobs -l`, a line a process. */
  describe(job: Job, withPids = false): string {
    const last = job.processes.at(-1);
    const running = stateOf(job) === 'Running' && job.background ? ' &' : '';
    const head = `[${job.id}]${this.mark(job)} `;
    const state = this.stateText(job, last).padEnd(STATE_WIDTH);
    if (!withPids) return `${head} ${state}${job.text}${running}\n`;
    const parts = pieces(job);
    const rows = parts.map((part, i) => {
      const pid = String(job.processes[i]?.pid ?? job.pgid).padStart(5);
      return i === 0 ? `${head}${pid} ${state}${part}` : `     ${pid} ${' '.repeat(STATE_WIDTH - 2)} | ${part}`;
    });
    return `${rows.join('\n')}${running}\n`;
  }

  /** How a script tells of a process that a signal ended. */
  row(pid: number, state: string, text: string): string {
    return `${String(pid).padStart(5)} ${state.padEnd(STATE_WIDTH - 1)} ${text}`;
  }

  /** A row a process; a state that is the one above is not said again. */
  rows(job: Job): string[] {
    const parts = pieces(job);
    const states = job.processes.map((proc) => this.stateText(job, proc));
    return parts.map((part, i) => {
      const pid = job.processes[i]?.pid ?? job.pgid;
      if (i === 0) return this.row(pid, states[0] ?? '', part);
      const state = states[i] === states[i - 1] ? '' : (states[i] ?? '');
      return `     ${String(pid).padStart(5)} ${state.padEnd(STATE_WIDTH - 2)}| ${part}`;
    });
  }

  private stateText(job: Job, last: Process | undefined): string {
    const state = stateOf(job);
    if (state !== 'Done') return state;
    const status = last?.status;
    if (status?.signal) return signalText(status.signal);
    return status && status.code !== 0 ? `Exit ${status.code}` : 'Done';
  }
}

const STATE_WIDTH = 24; // the column that bash pads the state to
const PAST_KEPT = 100;
