// Datagram sockets by path (AF_UNIX). The file at the path names the socket, so whoever sees the file may send to it,
// through whichever volume.

import { waiting } from '../sim/wait-queue';
import { Errno } from './errno';
import type { Process } from './process';

const QUEUE = 512; // net.unix.max_dgram_qlen of the distribution's kernel

class LocalSocket {
  private readonly queue: Uint8Array[] = [];
  private waiters: (() => void)[] = [];

  arrive(bytes: Uint8Array): void {
    if (this.queue.length >= QUEUE) throw new Errno('EAGAIN');
    this.queue.push(bytes);
    for (const go of this.waiters.splice(0)) go();
  }

  async receive(signal: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      const next = this.queue.shift();
      if (next) return next;
      await waiting(this.waiters, signal);
    }
  }
}

/** The sockets of a world by what their files say. */
export class LocalSockets {
  private readonly sockets = new Map<string, LocalSocket>();
  private count = 0;

  /** Binds a path that nothing is at. */
  bind(proc: Process, path: string): LocalSocket {
    if (proc.files.exists(path)) throw new Errno('EADDRINUSE', path);
    const name = `socket:[${++this.count}]`;
    const socket = new LocalSocket();
    proc.files.write(path, name, 0o777);
    this.sockets.set(name, socket);
    proc.onExit(() => this.sockets.delete(name));
    return socket;
  }

  /** Throws ENOENT, or ECONNREFUSED when whoever bound it has gone. */
  send(proc: Process, path: string, bytes: Uint8Array): void {
    const socket = this.sockets.get(proc.files.readText(path));
    if (!socket) throw new Errno('ECONNREFUSED', path);
    socket.arrive(bytes);
  }
}
