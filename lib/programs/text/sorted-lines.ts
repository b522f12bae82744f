// The lines of one of two sorted files, as comm and join take them.
import type { Process } from '../../machine/process';
import { chunks, lines } from '../tool';

export class SortedLines {
  private readonly source: AsyncGenerator<string>;
  private done = false;
  /** The line that was read before the last one. */
  previous: string | undefined;
  last: string | undefined;
  /** How many lines were read. */
  count = 0;
  /** Whether this file was complained about; that happens once. */
  unsorted = false;

  constructor(
    proc: Process,
    readonly path: string,
    delimiter: number,
  ) {
    this.source = lines(chunks(proc, path), delimiter);
  }

  /** The next line, or nothing at the end. Throws Errno with the file's path. */
  async next(): Promise<string | undefined> {
    if (this.done) return undefined;
    const { value, done } = await this.source.next();
    if (done) {
      this.done = true;
      return undefined;
    }
    this.count++;
    this.previous = this.last;
    this.last = value;
    return value;
  }
}

/** Whether the order of lines is looked at: always, never, or once a line had no partner (the default). */
export type OrderCheck = 'always' | 'never' | 'unpaired';

/** Bytes in the order of the C locale. */
export const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
