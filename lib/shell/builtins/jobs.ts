// Job control: `jobs`, `fg`, `bg`, `wait`, `kill`, `disown`.
import type { Process } from '../../machine/process';
import { findSignal, SIGNAL_NUMBERS, type Signal } from '../../machine/signals';
import { Interrupted } from '../control';
import { type Job, settled, signalText, stateOf, statusOf } from '../jobs';
import { tellOfKilled } from '../run/foreground';
import type { Shell } from '../shell';
import { badOption, complain, fault, isName, options } from './builtin';

export async function jobs(shell: Shell, argv: string[]): Promise<number> {
  if (argv[1] === '-x') return runWithGroups(shell, argv.slice(2));
  const { found, rest, bad } = options(argv.slice(1), 'lnprs');
  if (bad) return badOption(shell, 'jobs', bad, 'jobs [-lnprs] [jobspec ...] or jobs -x command [args]');
  const list = rest.length > 0 ? rest.map((spec) => shell.jobs.find(spec)) : [...shell.jobs.known];
  let status = 0;
  for (const [i, job] of list.entries()) {
    if (!job) {
      status = await noSuchJob(shell, 'jobs', rest[i] ?? '');
      continue;
    }
    const state = stateOf(job);
    if (found.has('r') && state !== 'Running') continue;
    if (found.has('s') && state !== 'Stopped') continue;
    await shell.proc.print(found.has('p') ? `${job.pgid}\n` : shell.jobs.describe(job, found.has('l')));
    job.told = state;
    if (state === 'Done') shell.jobs.remove(job);
  }
  return status;
}

/** `jobs -x`: a command with job specifications as process groups. */
function runWithGroups(shell: Shell, words: string[]): Promise<number> {
  const group = (word: string) => (word.startsWith('%') ? String(shell.jobs.find(word)?.pgid ?? word) : word);
  return shell.executor.words(shell, words.map(group), true);
}

const noSuchJob = (shell: Shell, name: string, spec: string, status = 1): Promise<number> =>
  fault(shell, name, `${spec}: no such job`, { dash: `No such job: ${spec}`, ash: `${spec}: no such job` }, status);

async function pick(shell: Shell, name: string, spec: string | undefined): Promise<Job | undefined> {
  if (shell.posixLike && spec === undefined && !shell.jobs.current) {
    await complain(shell, name, 'No current job');
    return undefined;
  }
  if (!shell.option('monitor')) {
    await complain(shell, name, 'no job control');
    return undefined;
  }
  const job = shell.jobs.find(spec ?? '');
  if (!job) await noSuchJob(shell, name, spec ?? 'current');
  return job;
}

export async function fg(shell: Shell, argv: string[]): Promise<number> {
  const job = await pick(shell, 'fg', argv[1]);
  if (!job) return shell.posixLike ? 2 : 1;
  await shell.proc.print(`${job.text}\n`);
  for (const proc of job.processes) proc.signal('SIGCONT');
  await shell.executor.foreground(shell, job);
  return statusOf(job.processes.at(-1)?.status);
}

export async function bg(shell: Shell, argv: string[]): Promise<number> {
  const specs = argv.length > 1 ? argv.slice(1) : [undefined];
  let status = 0;
  for (const spec of specs) {
    const job = await pick(shell, 'bg', spec);
    if (!job) {
      status = shell.posixLike ? 2 : 1;
      continue;
    }
    job.background = true;
    job.told = 'Running';
    await shell.proc.print(`[${job.id}]${shell.jobs.mark(job)} ${job.text} &\n`);
    for (const proc of job.processes) proc.signal('SIGCONT');
  }
  return status;
}

export async function wait(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'fn', 'p');
  if (bad) return badOption(shell, 'wait', bad, 'wait [-fn] [-p var] [id ...]');
  try {
    const variable = found.get('p');
    if (variable !== undefined && !isName(variable))
      return complain(shell, 'wait', `\`${variable}': not a valid identifier`);
    if (variable !== undefined) shell.vars.unset(variable);
    if (found.has('n')) return await waitAny(shell, variable, rest);
    if (rest.length === 0) {
      for (const job of [...shell.jobs.list]) await waitJob(shell, job);
      return 0;
    }
    let status = 0;
    for (const spec of rest) {
      status = await waitOne(shell, spec);
      if (variable !== undefined && status !== 127) shell.vars.set(variable, spec);
    }
    return status;
  } catch (error) {
    if (error instanceof Interrupted && shell.pending.length > 0) return error.status;
    throw error;
  }
}

async function waitJob(shell: Shell, job: Job): Promise<number> {
  await settled(job.processes, AbortSignal.any([shell.wakeup.signal, shell.proc.killed]), stateOf(job) === 'Stopped');
  const status = statusOf(job.processes.at(-1)?.status);
  if (shell.interactive && job.told !== 'Done') await shell.proc.complain(shell.jobs.describe(job));
  await tellOfKilled(shell);
  const signal = job.processes.at(-1)?.status?.signal;
  if (shell.posixLike && !shell.interactive && signal && signal !== 'SIGINT' && signal !== 'SIGPIPE')
    await shell.proc.complain(`${signalText(signal)}\n`);
  shell.jobs.remove(job);
  return status;
}

async function waitAny(shell: Shell, variable: string | undefined, specs: readonly string[]): Promise<number> {
  const named = (job: Job) =>
    specs.some((spec) => shell.jobs.find(spec) === job || job.processes.some(({ pid }) => String(pid) === spec));
  const live = shell.jobs.list.filter((job) => specs.length === 0 || named(job));
  if (live.length === 0) return 127;
  const done = await Promise.race(
    live.map(async (job) => {
      await settled(job.processes, AbortSignal.any([shell.wakeup.signal, shell.proc.killed]));
      return job;
    }),
  );
  const pid = done.processes.at(-1)?.pid;
  if (variable !== undefined && pid !== undefined) shell.vars.set(variable, String(pid));
  return waitJob(shell, done);
}

async function waitOne(shell: Shell, spec: string): Promise<number> {
  if (spec.startsWith('%')) {
    const job = shell.jobs.find(spec);
    return job ? waitJob(shell, job) : noSuchJob(shell, 'wait', spec, 127);
  }
  if (!/^\d+$/.test(spec)) return complain(shell, 'wait', `\`${spec}': not a pid or valid job spec`);
  const job = shell.jobs.list.find(({ processes }) => processes.some(({ pid }) => pid === Number(spec)));
  if (job) return waitJob(shell, job);
  const past = shell.jobs.past.get(Number(spec));
  if (shell.posixLike) return past ?? 127;
  return past ?? complain(shell, 'wait', `pid ${spec} is not a child of this shell`, 127);
}

export async function disown(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest } = options(argv.slice(1), 'ahr');
  const list = found.has('a')
    ? [...shell.jobs.list]
    : rest.length > 0
      ? rest.map((spec) => shell.jobs.find(spec))
      : [shell.jobs.current];
  let status = 0;
  for (const [i, job] of list.entries()) {
    if (!job) status = await complain(shell, 'disown', `${rest[i] ?? 'current'}: no such job`);
    else if (!found.has('h')) shell.jobs.remove(job);
  }
  return status;
}

const DASH_USAGE = 'Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]';
const USAGE = 'kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]';

export async function kill(shell: Shell, argv: string[]): Promise<number> {
  const args = argv.slice(1);
  if (args[0] === '-l' || args[0] === '-L') return listSignals(shell, args.slice(1));
  let signal: Signal | 0 | undefined = 'SIGTERM';
  const [first] = args;
  if (first === '-s' || first === '-n') {
    signal = toSignal(args[1] ?? '');
    if (signal === undefined) return complain(shell, 'kill', `${args[1]}: invalid signal specification`);
    args.splice(0, 2);
  } else if (first?.startsWith('-') && first !== '--' && first !== '-') {
    signal = toSignal(first.slice(1));
    if (signal === undefined && shell.dialect === 'ash') return applet(shell, `bad signal name '${first.slice(1)}'`);
    if (signal === undefined && shell.posixLike) return badOption(shell, 'kill', first.slice(0, 2), '');
    if (signal === undefined) return complain(shell, 'kill', `${first.slice(1)}: invalid signal specification`);
    args.shift();
  }
  if (args[0] === '--') args.shift();
  if (args.length === 0 && shell.dialect === 'ash') return applet(shell, 'you need to specify whom to kill');
  if (args.length === 0 && shell.posixLike) return complain(shell, 'kill', DASH_USAGE, 2);
  if (args.length === 0) {
    await shell.proc.complain(`kill: usage: ${USAGE}\n`);
    return 2;
  }
  let status = 0;
  for (const target of args) status = (await killOne(shell, target, signal)) || status;
  return status;
}

const toSignal = (name: string): Signal | 0 | undefined => (name === '0' ? 0 : findSignal(name));

/** Busybox' own kill does not say that the shell runs it. */
async function applet(shell: Shell, message: string): Promise<number> {
  await shell.complain(message);
  return 1;
}

async function killOne(shell: Shell, target: string, signal: Signal | 0): Promise<number> {
  const { machine } = shell.proc;
  let targets: Process[];
  if (target.startsWith('%')) {
    const job = shell.jobs.find(target);
    if (!job) return noSuchJob(shell, 'kill', target);
    targets = job.processes.filter((p) => p.state !== 'zombie');
    if (stateOf(job) === 'Stopped' && (signal === 'SIGTERM' || signal === 'SIGHUP'))
      for (const proc of targets) {
        proc.signal(signal);
        proc.signal('SIGCONT');
      }
  } else if (/^-?\d+$/.test(target)) {
    const n = Number(target);
    const all = [...machine.pids.processes.values()];
    targets = n > 0 ? all.filter((p) => p.pid === n) : all.filter((p) => p.pgid === (n === 0 ? shell.proc.pgid : -n));
  } else if (shell.dialect === 'ash') return applet(shell, `invalid number '${target}'`);
  else return fault(shell, 'kill', `${target}: arguments must be process or job IDs`, `Illegal number: ${target}`);
  if (targets.length === 0 && shell.dialect === 'ash')
    return applet(shell, `can't kill pid ${target}: No such process`);
  if (targets.length === 0 && shell.posixLike) return complain(shell, 'kill', 'No such process\n');
  if (targets.length === 0) return complain(shell, 'kill', `(${target}) - No such process`);
  const mine = shell.proc.uid === 0 ? targets : targets.filter((p) => p.uid === shell.proc.uid);
  if (mine.length === 0) return complain(shell, 'kill', `(${target}) - Operation not permitted`);
  if (signal !== 0) for (const proc of mine) proc.signal(signal);
  await shell.proc.tick();
  return 0;
}

async function listSignals(shell: Shell, args: string[]): Promise<number> {
  if (args.length === 0) {
    const all = Object.entries(SIGNAL_NUMBERS).sort((a, b) => a[1] - b[1]);
    if (shell.posixLike) {
      const row = (name: string, n: number) =>
        shell.dialect === 'ash' ? `${String(n).padStart(2)}) ${name.slice(3)}\n` : `${name.slice(3)}\n`;
      await shell.proc.print((shell.dialect === 'dash' ? '0\n' : '') + all.map(([name, n]) => row(name, n)).join(''));
      return 0;
    }
    const cells = [...all, ...realTime()].map(([name, n]) => `${String(n).padStart(2)}) ${name}`);
    const rows: string[] = [];
    for (let i = 0; i < cells.length; i += 5) rows.push(cells.slice(i, i + 5).join('\t'));
    await shell.proc.print(`${rows.join('\n')}\n`);
    return 0;
  }
  for (const arg of args) {
    const n = Number(arg);
    const signal = findSignal(Number.isInteger(n) && n > 128 ? n - 128 : arg);
    if (!signal) return complain(shell, 'kill', `${arg}: invalid signal specification`);
    await shell.proc.print(`${Number.isInteger(n) ? signal.slice(3) : SIGNAL_NUMBERS[signal]}\n`);
  }
  return 0;
}

/** The real-time signals, which are listed and nothing else here. */
function realTime(): [string, number][] {
  const [first, middle, last] = [34, 49, 64];
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const n = first + i;
    if (n === first || n === last) return [n === first ? 'SIGRTMIN' : 'SIGRTMAX', n];
    return [n <= middle ? `SIGRTMIN+${n - first}` : `SIGRTMAX-${last - n}`, n];
  });
}

export async function suspend(shell: Shell): Promise<number> {
  if (shell.loginShell) return complain(shell, 'suspend', 'cannot suspend a login shell');
  if (!shell.option('monitor')) return complain(shell, 'suspend', 'cannot suspend: no job control');
  shell.proc.signal('SIGSTOP');
  await shell.proc.tick();
  return 0;
}
