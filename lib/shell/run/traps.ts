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
  if (!action || (shell.functionDepth > 0 && !shell.option('errtrace'))) return;
  shell.traps.delete('ERR'); // not again by a command of its own
  try {
    await runTrap(shell, action, shell.line);
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
  if (!action || shell.functionDepth > 0) return;
  shell.traps.delete('DEBUG');
  try {
    await runTrap(shell, action, shell.line);
  } finally {
    shell.traps.set('DEBUG', action);
  }
}

/** `BASH_COMMAND` is what ran when the trap was called; `LINENO` its line for the traps of commands, else the trap's own. */
async function runTrap(shell: Shell, action: string, line?: number): Promise<void> {
  const { status } = shell;
  const { conditionDepth, trapped, commandText } = shell;
  shell.trapped ??= { text: commandText, line };
  await shell.executor.text(shell, action);
  shell.trapped = trapped;
  shell.commandText = commandText;
  shell.conditionDepth = conditionDepth;
  shell.status = status;
}
