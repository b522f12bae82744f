// Runs a command in a container for a client: exec. And connects a client to a container's own process: attach.
import { type Description, nullDevice, pipeReader } from '../../machine/descriptor';
import { Errno } from '../../machine/errno';
import type { Machine } from '../../machine/machine';
import type { Process } from '../../machine/process';
import type { Terminal } from '../../machine/terminal';
import type { Pipe } from '../../sim/pipe';
import type { ContainerRun } from '../kubelet/container';
import type { Status } from '../store/errors';
import type { RemoteCommand } from './remote-command';

const SUCCESS: Partial<Status> = { status: 'Success' };
const NOT_FOUND = 127;

/** The end of a command as the client is told; `kubectl exec` leaves with the same code. */
const exitStatus = (code: number): Partial<Status> =>
  code === 0
    ? SUCCESS
    : {
        status: 'Failure',
        message: `command terminated with non-zero exit code: exit status ${code}`,
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
      };

export async function execCommand(
  run: ContainerRun,
  machine: Machine,
  remote: RemoteCommand,
  options: { command: string[]; stdin: boolean; tty: boolean },
): Promise<void> {
  const { env, cwd, user } = run;
  const start = { cwd, ...user };
  try {
    if (options.tty) {
      const terminal = machine.terminal({ columns: 80, rows: 24 });
      const process = machine.start(options.command, { ...start, env: { ...env, TERM: 'xterm' }, terminal });
      await withTerminal(process, terminal, remote, options.stdin);
    } else {
      const stdin = options.stdin ? pipeReader(remote.stdin) : nullDevice();
      const process = machine.start(options.command, {
        ...start,
        env,
        stdin,
        stdout: output(remote, 'stdout'),
        stderr: output(remote, 'stderr'),
      });
      remote.closed.addEventListener('abort', () => process.signal('SIGKILL'), { once: true });
      const { code } = await process.exited;
      machine.mounts.flush();
      await remote.finish(exitStatus(code));
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const [name = ''] = options.command;
    const failure = run.execFailure(name, error);
    if (failure) {
      const message = `Internal error occurred: ${failure}`;
      return void (await remote.finish({ status: 'Failure', message, reason: 'InternalError', code: 500 }));
    }
    const text = `exec failed: unable to start container process: exec: "${name}": executable file not found in $PATH\n`;
    await remote.write(options.tty ? 'stdout' : 'stderr', Buffer.from(text));
    await remote.finish(exitStatus(NOT_FOUND));
  }
}

const output = (remote: RemoteCommand, stream: 'stdout' | 'stderr'): Description => ({
  name: stream,
  read: async () => null,
  write: (bytes) => remote.write(stream, bytes.slice()),
  close: () => {},
});

async function withTerminal(
  process: Process,
  terminal: Terminal,
  remote: RemoteCommand,
  stdin: boolean,
): Promise<void> {
  remote.sizes.follow((size) => terminal.resize(size));
  remote.closed.addEventListener('abort', () => terminal.hangUp(), { once: true });
  if (stdin) void typed(remote.stdin, terminal);
  const shown = show(terminal, remote);
  const { code } = await process.exited;
  terminal.output.end();
  await shown;
  terminal.hangUp();
  await remote.finish(exitStatus(code));
}

async function typed(stdin: Pipe, terminal: Terminal): Promise<void> {
  for (let chunk = await stdin.read(); chunk; chunk = await stdin.read()) terminal.input(chunk);
}

async function show(terminal: Terminal, remote: RemoteCommand): Promise<void> {
  for (let chunk = await terminal.output.read(); chunk; chunk = await terminal.output.read())
    await remote.write('stdout', chunk);
}

/** Lasts until the container's process ends or the client goes. */
export async function attachTo(run: ContainerRun, remote: RemoteCommand, options: { stdin: boolean }): Promise<void> {
  let sent = Promise.resolve();
  const stop = run.listen((stream, bytes) => {
    sent = sent.then(() => remote.write(stream, bytes));
  });
  const { terminal, stdin } = run;
  if (terminal) remote.sizes.follow((size) => terminal.resize(size));
  if (options.stdin && terminal) void typed(remote.stdin, terminal);
  else if (options.stdin && stdin) void feed(remote.stdin, stdin, run.spec.stdinOnce ?? false);
  const gone = new Promise<void>((resolve) => remote.closed.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([run.ended, gone]);
  stop();
  if (remote.closed.aborted) return;
  await sent;
  await remote.finish(SUCCESS);
}

/** With `stdinOnce` the container's input ends with the first client's. */
async function feed(from: Pipe, to: Pipe, once: boolean): Promise<void> {
  try {
    for (let chunk = await from.read(); chunk; chunk = await from.read()) await to.write(chunk);
  } catch {
    return; // the program reads no more
  }
  if (once) to.end();
}
