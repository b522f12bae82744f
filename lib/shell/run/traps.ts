// Traps: commands that run on signals, on errors and at the end.
import type { Shell } from '../shell';

/** Runs the traps of signals that came since the last command. */
export async function runTraps(shell: Shell): Promise<void> {
  for (let signal = shell.pending.shift(); signal; signal = shell.pending.shift()) {
    const action = shell.traps.get(signal);
    if (action) await runTrap(shell, action);
  }
}

/** The ERR trap, with the failed command's status in `$?`. */
export async function trapError(shell: Shell): Promise<void> {
  const action = shell.traps.get('ERR');
  if (!action || (shell.calls.length > 0 && !shell.option('errtrace'))) return;
  shell.traps.delete('ERR'); // not again by a command of its own
  try {
    await runTrap(shell, action);
  } finally {
    shell.traps.set('ERR', action);
  }
}

/** The RETURN trap, when a function or a sourced script ends. */
export async function trapReturn(shell: Shell): Promise<void> {
  const action = shell.traps.get('RETURN');
  if (action) await runTrap(shell, action);
}

export async function trapDebug(shell: Shell): Promise<void> {
  const action = shell.traps.get('DEBUG');
  if (!action || shell.calls.length > 0) return;
  shell.traps.delete('DEBUG');
  try {
    await runTrap(shell, action);
  } finally {
    shell.traps.set('DEBUG', action);
  }
}

async function runTrap(shell: Shell, action: string): Promise<void> {
  const { status } = shell;
  const { conditionDepth } = shell;
  await shell.executor.text(shell, action);
  shell.conditionDepth = conditionDepth;
  shell.status = status;
}
