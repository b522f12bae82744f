// Open file descriptions: what a descriptor of a process points to. Shared by dup and fork, closed with the last one.
import { BrokenPipe, type Pipe } from '../sim/pipe';
import { Errno } from './errno';
import type { FileSystem } from './fs';
import type { Terminal } from './terminal';

/** An open file, pipe end, terminal or socket. read gives null at the end of input. */
export interface Description {
  read(max: number, signal?: AbortSignal): Promise<Uint8Array | null>;
  write(bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Named pipes only: waits until the other side is open, as their open(2) does. */
  ready?(signal?: AbortSignal): Promise<void>;
  /** Called when no descriptor points here any more. */
  close(): void;
  readonly terminal?: Terminal;
  /** The path it was opened by, or a name like `pipe:[7]`. */
  readonly name: string;
  /** Regular files only. */
  seek?(offset: number): void;
  readonly offset?: number;
}

/** A description with a count of the descriptors that point to it. */
export class OpenFile {
  private references = 1;

  constructor(readonly description: Description) {}

  share(): OpenFile {
    this.references++;
    return this;
  }

  release(): void {
    if (--this.references === 0) this.description.close();
  }
}

const no = (): never => {
  throw new Errno('EBADF');
};

export function pipeReader(pipe: Pipe, name = 'pipe'): Description {
  return { name, read: (max, signal) => pipe.read(max, signal), write: no, close: () => pipe.close() };
}

export function pipeWriter(pipe: Pipe, name = 'pipe'): Description {
  return { name, read: no, write: (bytes, signal) => pipe.write(bytes, signal), close: () => pipe.end() };
}

export const nullDevice = (): Description => ({
  name: '/dev/null',
  read: async () => null,
  write: async () => {},
  close: () => {},
});

/** Calls back with every write: for output that somebody collects. */
export function sink(write: (bytes: Uint8Array) => void): Description {
  return { name: 'sink', read: no, write: async (bytes) => write(bytes), close: () => {} };
}

export interface OpenFlags {
  read?: boolean;
  write?: boolean;
  append?: boolean;
  create?: boolean;
  truncate?: boolean;
  exclusive?: boolean;
}

/** A regular file, read and written at an offset. */
export class RegularFile implements Description {
  offset = 0;

  constructor(
    private readonly fs: FileSystem,
    private readonly path: string,
    readonly name: string,
    private readonly flags: OpenFlags,
  ) {}

  async read(max: number): Promise<Uint8Array | null> {
    if (!this.flags.read) throw new Errno('EBADF');
    const data = this.fs.lookup(this.path)?.data ?? new Uint8Array();
    if (this.offset >= data.length) return null;
    const chunk = data.subarray(this.offset, Math.min(data.length, this.offset + max));
    this.offset += chunk.length;
    return chunk;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.flags.write && !this.flags.append) throw new Errno('EBADF');
    const entry = this.fs.lookup(this.path);
    if (!entry) return; // removed while open: what is written goes nowhere
    const old = entry.data ?? new Uint8Array();
    const at = this.flags.append ? old.length : this.offset;
    const end = at + bytes.length;
    this.fs.change(this.path, { data: splice(old, at, bytes) });
    this.offset = end;
  }

  seek(offset: number): void {
    this.offset = offset;
  }

  close(): void {}
}

// Appending byte by byte must not copy the whole file each time, so data is a view on a buffer that grows by doubling.
// A view is never changed behind a reader's back: bytes are added only after the end of the newest view of the buffer.
const filled = new WeakMap<ArrayBufferLike, number>();

function splice(old: Uint8Array, at: number, bytes: Uint8Array): Uint8Array {
  const end = at + bytes.length;
  const used = filled.get(old.buffer);
  if (at === old.length && used === old.byteOffset + old.length && old.byteOffset + end <= old.buffer.byteLength) {
    const whole = new Uint8Array(old.buffer, old.byteOffset, end);
    whole.set(bytes, at);
    filled.set(old.buffer, old.byteOffset + end);
    return whole;
  }
  const size = Math.max(end, old.length);
  const grown = new Uint8Array(new ArrayBuffer(at > 0 ? size * 2 : size), 0, size);
  grown.set(old);
  grown.set(bytes, at);
  filled.set(grown.buffer, size);
  return grown;
}

export { BrokenPipe };
