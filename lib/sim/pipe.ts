// A byte pipe with a bounded buffer: the channel between processes, terminals and the two ends of a connection.
import { waiting } from './wait-queue';

const CAPACITY_BYTES = 64 * 1024; // Linux's default pipe size
const SMALL_BYTES = 4096; // pieces below a page are worth joining

/** Thrown to a writer whose reader has gone (EPIPE). */
export class BrokenPipe extends Error {
  readonly code = 'EPIPE';
  constructor() {
    super('Broken pipe');
  }
}

/**
 * One direction of bytes.
 * @example
 * const pipe = new Pipe();
 * void pipe.write(new TextEncoder().encode('hi')).then(() => pipe.end());
 * await pipe.read(); // Uint8Array 'hi', then null at the end
 */
export class Pipe {
  private chunks: Uint8Array[] = [];
  private size = 0;
  private ended = false;
  private broken = false;
  private failure: Error | undefined;
  private readers: (() => void)[] = [];
  private writers: (() => void)[] = [];

  constructor(private readonly capacity = CAPACITY_BYTES) {}

  /** Bytes waiting to be read. */
  get buffered(): number {
    return this.size;
  }

  /** True once a read would not wait. */
  get readable(): boolean {
    return this.size > 0 || this.ended || this.failure !== undefined;
  }

  /** True when nobody will read any more. */
  get closed(): boolean {
    return this.broken;
  }

  /** The next bytes (at most max), or null at the end. The signal rejects a waiting read with its reason; no byte is lost. */
  async read(max = Number.POSITIVE_INFINITY, signal?: AbortSignal): Promise<Uint8Array | null> {
    while (!this.readable) await waiting(this.readers, signal);
    const chunk = this.take(max);
    if (chunk) return chunk;
    if (this.failure) throw this.failure;
    return null;
  }

  /** Bytes that are there now, without waiting; undefined when there are none. Small pieces come joined. */
  take(max = Number.POSITIVE_INFINITY): Uint8Array | undefined {
    const first = this.chunks[0];
    if (!first) return undefined;
    if (this.chunks.length > 1 && first.length < SMALL_BYTES) this.join();
    let chunk = this.chunks[0] as Uint8Array;
    if (chunk.length > max) {
      this.chunks[0] = chunk.subarray(max);
      chunk = chunk.subarray(0, max);
    } else this.chunks.shift();
    this.size -= chunk.length;
    wake(this.writers);
    return chunk;
  }

  /** Joins the small pieces in front, so that a reader is not called for every byte. */
  private join(): void {
    let count = 0;
    let bytes = 0;
    while (count < this.chunks.length && bytes < SMALL_BYTES) bytes += this.chunks[count++]?.length ?? 0;
    const joined = new Uint8Array(bytes);
    let at = 0;
    for (const chunk of this.chunks.splice(0, count)) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    this.chunks.unshift(joined);
  }

  /** Puts bytes back in front, for a reader that took too many. */
  unread(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.chunks.unshift(chunk);
    this.size += chunk.length;
    wake(this.readers);
  }

  /** Resolves when the bytes are in the buffer and the buffer is below its capacity. */
  async write(chunk: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (chunk.length === 0) return;
    while (this.size >= this.capacity && !this.broken && !this.ended) await waiting(this.writers, signal);
    this.push(chunk);
  }

  /** Puts bytes in without waiting for room. */
  push(chunk: Uint8Array): void {
    if (this.broken || this.ended) throw new BrokenPipe();
    if (chunk.length === 0) return;
    this.chunks.push(chunk);
    this.size += chunk.length;
    wake(this.readers);
  }

  /** No more will be written. */
  end(): void {
    this.ended = true;
    wake(this.readers);
    wake(this.writers);
  }

  /** No more will be read: writers get BrokenPipe. */
  close(): void {
    this.broken = true;
    this.chunks = [];
    this.size = 0;
    wake(this.writers);
    wake(this.readers);
  }

  /** Ends with an error that a reader sees after the bytes that are buffered (a connection reset). */
  fail(error: Error): void {
    this.failure ??= error;
    this.broken = true;
    wake(this.readers);
    wake(this.writers);
  }
}

function wake(waiting: (() => void)[]): void {
  for (const go of waiting.splice(0)) go();
}
