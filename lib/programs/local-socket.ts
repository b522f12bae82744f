// Unix domain sockets of one machine: a path in its file system that programs listen at and connect to.
import { Errno } from '../machine/errno';
import type { Machine } from '../machine/machine';
import type { Process } from '../machine/process';
import { Pipe } from '../sim/pipe';

export interface LocalStream {
  read(max?: number, signal?: AbortSignal): Promise<Uint8Array | null>;
  write(bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  close(): void;
}

const listeners = new WeakMap<Machine, Map<string, (stream: LocalStream) => void>>();

function pair(): [LocalStream, LocalStream] {
  const [there, back] = [new Pipe(), new Pipe()];
  const end = (incoming: Pipe, outgoing: Pipe): LocalStream => ({
    read: (max, signal) => incoming.read(max, signal),
    write: (bytes, signal) => outgoing.write(bytes, signal),
    close: () => {
      outgoing.end();
      incoming.close();
    },
  });
  return [end(back, there), end(there, back)];
}

/** Listens at a path until the process ends; each connection is handed to `accept`. Returns how to stop. */
export function listenLocal(proc: Process, path: string, accept: (stream: LocalStream) => void): () => void {
  const paths = listeners.get(proc.machine) ?? new Map<string, (stream: LocalStream) => void>();
  listeners.set(proc.machine, paths);
  paths.set(path, accept);
  proc.files.write(path, '', 0o777);
  const { fs, inner } = proc.machine.mounts.find(proc.files.realpath(path)); // its folder may be a link
  const stop = () => {
    if (paths.get(path) !== accept) return;
    paths.delete(path);
    if (proc.files.exists(path)) fs.remove(inner);
  };
  proc.onExit(stop);
  return stop;
}

/** Connects to a path. Throws ENOENT when there is no such file, ECONNREFUSED when nobody listens. */
export function connectLocal(proc: Process, path: string): LocalStream {
  const accept = listeners.get(proc.machine)?.get(path);
  if (!accept) throw new Errno(proc.files.exists(path) ? 'ECONNREFUSED' : 'ENOENT', path);
  const [client, server] = pair();
  proc.onExit(() => client.close());
  accept(server);
  return client;
}
