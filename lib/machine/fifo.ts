// Named pipes; fifo(7).
import { BrokenPipe, Pipe } from '../sim/pipe';
import { waiting } from '../sim/wait-queue';
import type { Description, OpenFlags } from './descriptor';
import { Errno } from './errno';

const CAPACITY_BYTES = 64 * 1024;

/** What all who open one named pipe share. Bytes live as long as somebody has it open. */
export class Fifo {
  private bytes = new Pipe();
  private readers = 0;
  private writers = 0;
  /** Openings there ever were: who waits for the other side goes on though that side has left again. */
  private opened = { read: 0, write: 0 };
  private waiters: (() => void)[] = [];

  /** Opens an end; opened for both, it waits for nobody. */
  open(name: string, flags: OpenFlags): Description {
    const reads = flags.read === true;
    const writes = flags.write === true || flags.append === true;
    const before = { ...this.opened };
    const other = () => (reads ? this.writers > 0 || this.opened.write > before.write : this.otherReads(before.read));
    if (reads) this.enter('read');
    if (writes) this.enter('write');
    let met = reads && writes;
    const ready = async (signal?: AbortSignal) => {
      while (!met && !other()) await waiting(this.waiters, signal);
      met = true;
    };
    return {
      name,
      ready,
      read: async (max, signal) => {
        if (!reads) throw new Errno('EBADF');
        await ready(signal);
        return this.read(max, signal);
      },
      write: async (bytes, signal) => {
        if (!writes) throw new Errno('EBADF');
        await ready(signal);
        await this.write(bytes, signal);
      },
      close: () => {
        if (reads) this.readers--;
        if (writes) this.writers--;
        if (this.readers + this.writers === 0) this.bytes = new Pipe();
        this.wake();
      },
    };
  }

  private otherReads(before: number): boolean {
    return this.readers > 0 || this.opened.read > before;
  }

  private enter(side: 'read' | 'write'): void {
    this.opened[side]++;
    if (side === 'read') this.readers++;
    else this.writers++;
    this.wake();
  }

  private async read(max: number, signal?: AbortSignal): Promise<Uint8Array | null> {
    for (;;) {
      const chunk = this.bytes.take(max);
      if (chunk) {
        this.wake();
        return chunk;
      }
      if (this.writers === 0) return null;
      await waiting(this.waiters, signal);
    }
  }

  private async write(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    while (this.readers > 0 && this.bytes.buffered >= CAPACITY_BYTES) await waiting(this.waiters, signal);
    if (this.readers === 0) throw new BrokenPipe();
    this.bytes.push(bytes);
    this.wake();
  }

  private wake(): void {
    for (const go of this.waiters.splice(0)) go();
  }
}
