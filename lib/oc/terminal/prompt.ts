// Asks a person at the terminal.
import type { Process } from '../../machine/process';

/** Whether a descriptor is a terminal. */
export const isTerminal = (proc: Process, fd = 0): boolean => proc.fds.get(fd)?.description.terminal !== undefined;

/** Prints a question and reads a line; without echo for a password. */
export async function promptLine(proc: Process, question: string, options: { hidden?: boolean } = {}): Promise<string> {
  await proc.print(question);
  const terminal = proc.stdin.terminal;
  const before = terminal?.termios.echo;
  if (options.hidden && terminal) terminal.termios.echo = false;
  try {
    let line = '';
    while (!line.includes('\n')) {
      const chunk = await proc.read(0);
      if (!chunk) break;
      line += new TextDecoder().decode(chunk);
    }
    return line.split('\n')[0] as string;
  } finally {
    if (options.hidden && terminal && before !== undefined) {
      terminal.termios.echo = before;
      await proc.print('\n');
    }
  }
}
