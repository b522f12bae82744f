// What every loop shares: `break`, `continue`, and giving way once a round.
import { LoopControl } from '../control';
import type { Shell } from '../shell';

/** Runs a loop's body; false when the loop ends here. */
export async function once(shell: Shell, body: () => Promise<unknown>): Promise<boolean> {
  await shell.tick();
  try {
    await body();
    return true;
  } catch (error) {
    if (!(error instanceof LoopControl)) throw error;
    shell.status = error.status;
    if (--error.levels > 0 && shell.loopDepth > 1) throw error;
    return error.kind === 'continue';
  }
}

export async function looping(shell: Shell, body: () => Promise<number>): Promise<number> {
  shell.loopDepth++;
  try {
    return await body();
  } finally {
    shell.loopDepth--;
  }
}
