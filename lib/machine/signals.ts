// POSIX signals: numbers (x86-64 Linux), names, default actions.
export const SIGNAL_NUMBERS = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
} as const;

export type Signal = keyof typeof SIGNAL_NUMBERS;

export type DefaultAction = 'terminate' | 'ignore' | 'stop' | 'continue';

const ACTIONS: Partial<Record<Signal, DefaultAction>> = {
  SIGCHLD: 'ignore',
  SIGURG: 'ignore',
  SIGWINCH: 'ignore',
  SIGCONT: 'continue',
  SIGSTOP: 'stop',
  SIGTSTP: 'stop',
  SIGTTIN: 'stop',
  SIGTTOU: 'stop',
};

export const defaultAction = (signal: Signal): DefaultAction => ACTIONS[signal] ?? 'terminate';

/** Finds a signal by number, `INT`, `SIGINT` or `2`. */
export function findSignal(name: string | number): Signal | undefined {
  const text = String(name).toUpperCase();
  const entries = Object.entries(SIGNAL_NUMBERS) as [Signal, number][];
  return entries.find(([key, n]) => key === text || key === `SIG${text}` || String(n) === text)?.[0];
}
