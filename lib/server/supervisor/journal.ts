// The worlds' logs on their way to the database: whatever arrives while one insert is under way shares the next.
import { serialize } from 'node:v8';
import type { Change } from '../../sim/state';
import type { Database } from '../database/client';

interface Entry {
  attemptId: string;
  seq: number;
  changes: Uint8Array<ArrayBuffer>;
}

interface Waiting {
  entry: Entry;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** PostgreSQL takes 65,535 parameters a statement; three a row, and well below it. */
const MOST_ROWS = 2_000;

export class LogWriter {
  private queue: Waiting[] = [];
  private busy = false;

  constructor(private readonly prisma: Database) {}

  /** Resolves, with the entry's size, when it is durable. */
  async append(attemptId: string, seq: number, changes: Change[]): Promise<number> {
    const entry = { attemptId, seq, changes: new Uint8Array(serialize(changes)) };
    await new Promise<void>((resolve, reject) => {
      this.queue.push({ entry, resolve, reject });
      if (!this.busy) void this.drain();
    });
    return entry.changes.length;
  }

  private async drain(): Promise<void> {
    this.busy = true;
    while (this.queue.length > 0) await this.write(this.queue.splice(0, MOST_ROWS));
    this.busy = false;
  }

  /** If the shared insert fails, each is tried alone: one world's fault must not lose another's write. */
  private async write(batch: Waiting[]): Promise<void> {
    try {
      await this.prisma.attemptLog.createMany({ data: batch.map(({ entry }) => entry) });
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const one of batch) await this.write([one]);
    }
  }
}
