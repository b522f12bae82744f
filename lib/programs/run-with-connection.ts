import { OpenFile } from '../machine/descriptor';
import type { Connection } from '../machine/net';
import type { Process } from '../machine/process';

/** Runs a program whose input and output are a connection, as inetd does; errors stay where they are. Throws Errno. */
export async function runWithConnection(
  proc: Process,
  connection: Connection,
  program: string[],
  withErrors = false,
): Promise<void> {
  const socket = new OpenFile({
    name: 'socket',
    read: (max, signal) => connection.read(max, signal),
    write: (bytes, signal) => connection.write(bytes, signal),
    close: () => connection.end(),
  });
  const errors = proc.fds.get(2);
  const fds = new Map([
    [0, socket],
    [1, socket.share()],
  ]);
  if (withErrors) fds.set(2, socket.share());
  else if (errors) fds.set(2, errors.share());
  await proc.spawn(program, { fds }).exited;
}
