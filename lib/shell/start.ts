// What a shell finds at its start: variables from the environment, those it makes itself, and its signals.
import { SIGNAL_NUMBERS, type Signal } from '../machine/signals';
import { evaluate } from './arithmetic';
import { cellsOf } from './expand/cells';
import type { Shell } from './shell';
import { bashVersion } from './version';

export function setUp(shell: Shell): void {
  const { proc, vars } = shell;
  for (const [name, value] of Object.entries(proc.env)) {
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    vars.declare(name).exported = true;
    vars.set(name, value);
  }
  const fallback = (name: string, value: string, exported = false) => {
    if (!vars.isSet(name)) vars.set(name, value);
    if (exported) vars.declare(name).exported = true;
  };
  fallback('PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  fallback('PS4', '+ ');
  fallback('OPTIND', '1');
  fallback('IFS', ' \t\n');
  vars.set('IFS', ' \t\n');
  if (shell.dialect === 'bash') fallback('HOME', proc.machine.user(proc.uid)?.home ?? '/');
  vars.set('PWD', proc.cwd);
  vars.declare('PWD').exported = true;
  if (shell.dialect !== 'dash') {
    vars.set('SHLVL', String((Number(proc.env['SHLVL']) || 0) + 1));
    vars.declare('SHLVL').exported = true;
  }
  if (shell.dialect === 'bash') bashVariables(shell);
  else posixVariables(shell, fallback);
  shell.wire = wire;
  wire(shell);
}

/** What the others set; an interactive one has its prompts already. */
function posixVariables({ proc, dialect, vars }: Shell, fallback: (name: string, value: string) => void): void {
  vars.set('PPID', String(proc.ppid));
  fallback('PS1', dialect === 'ash' ? '\\w \\$ ' : proc.uid === 0 ? '# ' : '$ ');
  fallback('PS2', '> ');
  if (dialect === 'ash') fallback('HOSTNAME', proc.machine.hostname);
}

function bashVariables(shell: Shell): void {
  const { proc, vars } = shell;
  const version = bashVersion(proc.machine);
  const constants: Record<string, string> = {
    BASH: '/usr/bin/bash',
    BASH_VERSION: version.release,
    HOSTNAME: proc.machine.hostname,
    HOSTTYPE: 'x86_64',
    MACHTYPE: 'x86_64-redhat-linux-gnu',
    OSTYPE: 'linux-gnu',
  };
  for (const [name, value] of Object.entries(constants)) vars.set(name, value);
  vars.setArray(
    'BASH_VERSINFO',
    [...version.full.split('.'), '1', 'release', 'x86_64-redhat-linux-gnu'].map((value) => ({ value })),
  );
  for (const [name, value] of [
    ['UID', proc.uid],
    ['EUID', proc.uid],
    ['PPID', proc.ppid],
  ] as const) {
    vars.set(name, String(value));
    Object.assign(vars.declare(name), { readonly: true, integer: true });
  }
}

/** Connects what belongs to this process: variables made when read, arithmetic, signals. */
function wire(shell: Shell): void {
  const { proc, vars } = shell;
  const { clock, random } = proc.machine;
  vars.evaluate = (text) => String(evaluate(text, cellsOf(shell)));
  vars.onSet = (name) => {
    if (name === 'OPTIND') shell.optionOffset = 0;
  };
  if (shell.dialect === 'ash') {
    vars.dynamic.set('RANDOM', { get: () => String(random.int(32768)) });
    vars.dynamic.set('LINENO', { get: () => String(Math.max(0, shell.line - 1)) });
  }
  if (shell.dialect === 'bash') {
    let base = shell.startedAt;
    const dynamic = (name: string, get: () => string | string[], set?: (value: string) => void) =>
      vars.dynamic.set(name, { get, ...(set ? { set } : {}) });
    dynamic(
      'RANDOM',
      () => String(random.int(32768)),
      () => {},
    );
    dynamic('SRANDOM', () => String(random.uint32()));
    dynamic(
      'SECONDS',
      () => String(Math.floor((clock.now() - base) / 1000)),
      (value) => {
        base = clock.now() - Number(value) * 1000;
      },
    );
    dynamic('EPOCHSECONDS', () => String(Math.floor(clock.now() / 1000)));
    dynamic('EPOCHREALTIME', () => (clock.now() / 1000).toFixed(6));
    dynamic(
      'LINENO',
      () => String(shell.trapped?.line ?? shell.line),
      () => {},
    );
    dynamic('BASHPID', () => String(proc.pid));
    dynamic(
      'BASH_SUBSHELL',
      () => String(shell.subshellDepth),
      () => {},
    );
    dynamic('FUNCNAME', () => (shell.functionDepth > 0 ? shell.frames().names : []));
    dynamic('BASH_SOURCE', () => shell.frames().sources);
    dynamic('BASH_LINENO', () => shell.frames().lines);
    dynamic('BASH_COMMAND', () => shell.trapped?.text ?? shell.commandText);
    dynamic('DIRSTACK', () => [proc.cwd, ...shell.directories]);
    dynamic('SHELLOPTS', () => [...shell.options].sort().join(':'));
    dynamic('BASHOPTS', () => [...shell.shopts].sort().join(':'));
  }
  shell.wireSignals = () => wireSignals(shell);
  wireSignals(shell);
}

/** A script ends by SIGINT unless its foreground command handled it; a prompt only drops the line. */
function wireSignals(shell: Shell): void {
  const { proc, traps } = shell;
  const handle = (signal: Signal, handler: () => void) => {
    if (!traps.has(signal)) proc.on(signal, handler);
  };
  if (!shell.interactive || shell.subshellDepth > 0) {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const)
      if (traps.has('EXIT')) handle(signal, () => endBy(shell, signal));
    handle('SIGINT', () => {
      if (shell.waiting) shell.heardInterrupt = true;
      else shell.dieOf('SIGINT');
    });
    return;
  }
  handle('SIGINT', () => {
    shell.interrupted = true;
    shell.wake(128 + SIGNAL_NUMBERS.SIGINT);
  });
  for (const signal of ['SIGTERM', 'SIGQUIT', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const) handle(signal, () => {});
}

/** A fatal signal runs the EXIT trap before the shell dies of it. */
function endBy(shell: Shell, signal: 'SIGTERM' | 'SIGHUP'): void {
  if (shell.waiting) shell.fatal = signal;
  else shell.fatal ??= signal;
  shell.wake(128 + SIGNAL_NUMBERS[signal]);
}
