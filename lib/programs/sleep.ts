// sleep and timeout.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { findSignal, SIGNAL_NUMBERS, type Signal } from '../machine/signals';
import { getopt } from './getopt';
import { fail, parseDuration, quote, refused, usage } from './tool';

export const sleep: Program = async (proc) => {
  const options = getopt(proc.argv, '');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'sleep: missing operand');
  let total = 0;
  for (const text of options.rest) {
    const ms = parseDuration(text);
    if (ms === undefined) return usage(proc, `sleep: invalid time interval ${quote(proc, text)}`);
    total += ms;
  }
  await proc.sleep(Math.min(total, Number.MAX_SAFE_INTEGER));
  return 0;
};

const TIMED_OUT = 124;

export const timeout: Program = async (proc) => {
  const options = getopt(
    proc.argv,
    'fk:s:v',
    { foreground: 'f', 'kill-after=': 'k', 'preserve-status': 'preserve-status', 'signal=': 's', verbose: 'v' },
    true,
  );
  const bad = await refused(proc, options, 125);
  if (bad !== undefined) return bad;
  const [limit, ...command] = options.rest;
  if (limit === undefined || command.length === 0)
    return proc.complain("Try 'timeout --help' for more information.\n").then(() => 125);
  const ms = parseDuration(limit);
  if (ms === undefined) return usage(proc, `timeout: invalid time interval ${quote(proc, limit)}`, 125);
  const signal = findSignal(options.get('s') ?? 'TERM');
  if (!signal) return usage(proc, `timeout: ${quote(proc, options.get('s') ?? '')}: invalid signal`, 125);
  if (!options.has('f')) proc.pgid = proc.pid; // what the command starts is to be ended with it
  let child: ReturnType<typeof proc.spawn>;
  try {
    child = proc.spawn(command);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(
      proc,
      `failed to run command ${quote(proc, command[0] ?? '')}: ${strerror(error)}`,
      error.code === 'ENOENT' ? 127 : 126,
    );
  }
  let expired = false;
  const { clock } = proc.machine;
  const send = (sent: Signal) => {
    if (options.has('v'))
      void proc.complain(`timeout: sending signal ${sent.slice(3)} to command ${quote(proc, command[0] ?? '')}\n`);
    if (sent !== 'SIGKILL') proc.ignore(sent);
    child.signal(sent);
    if (!options.has('f')) for (const other of groupOf(proc)) if (other !== child) other.signal(sent);
    if (sent !== 'SIGKILL') child.signal('SIGCONT');
  };
  const cancels =
    ms === 0
      ? []
      : [
          clock.after(ms, () => {
            expired = true;
            send(signal);
            const kill = parseDuration(options.get('k') ?? '');
            if (kill !== undefined) cancels.push(clock.after(kill, () => send('SIGKILL')));
          }),
        ];
  proc.on('SIGTERM', () => child.signal('SIGTERM'));
  const status = await child.exited;
  for (const cancel of cancels) cancel();
  if (expired && status.signal === 'SIGKILL') return 128 + SIGNAL_NUMBERS.SIGKILL;
  return expired && !options.has('preserve-status') ? TIMED_OUT : status.code;
};

const groupOf = (proc: Process): Process[] =>
  [...proc.machine.pids.processes.values()].filter(
    ({ pgid, machine }) => pgid === proc.pgid && machine === proc.machine,
  );
