// The workstation in the present terminal.
import type { Sandbox } from '../sandbox/sandbox';

export async function interact(sandbox: Sandbox): Promise<number> {
  const size = () => ({ columns: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24 });
  const terminal = sandbox.workstation.terminal(size());
  const shell = sandbox.login(terminal);
  process.stdin.setRawMode(true);
  process.stdin.on('data', (bytes) => terminal.input(new Uint8Array(bytes)));
  process.stdout.on('resize', () => terminal.resize(size()));
  void copy(terminal.output);
  const { code } = await shell.exited;
  process.stdin.setRawMode(false);
  return code;
}

async function copy(from: { read(): Promise<Uint8Array | null> }): Promise<void> {
  for (let chunk = await from.read(); chunk; chunk = await from.read()) process.stdout.write(chunk);
}
