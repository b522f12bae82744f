// Arithmetic commands: `(( … ))`, `let`, the parts of `for ((…))`.
import { ArithmeticError } from '../arithmetic';
import { expandNumber } from '../expand/expand';
import type { Shell } from '../shell';

/** The value, or a failed command with bash's message; `command` is what stands before it. */
export async function evaluateText(shell: Shell, text: string, command: string): Promise<bigint> {
  try {
    return await expandNumber(shell, text);
  } catch (error) {
    if (!(error instanceof ArithmeticError)) throw error;
    await shell.complain(`${command}: ${error.message}`);
    return 0n;
  }
}
