// The files and commands that an awk program reads from and writes to, each opened once and kept by its name.
import { OpenFile, pipeReader, pipeWriter } from '../../machine/descriptor';
import { Errno } from '../../machine/errno';
import { toText } from '../../machine/fs';
import type { Process, WaitStatus } from '../../machine/process';
import { Pipe } from '../../sim/pipe';
import { AwkError, MOST_TEXT } from './values';

const CHUNK_BYTES = 65_536;

/** Text that comes in pieces, cut into records. */
export class Records {
  private buffer = '';
  private over = false;
  /** What ended the last record. */
  terminator = '';

  constructor(private readonly more: () => Promise<Uint8Array | null>) {}

  /** Whether the next record has not come yet, as far as can be seen. */
  get isWaiting(): boolean {
    return !this.buffer.includes('\n');
  }

  /** The next record as RS says; undefined at the end. */
  async next(separator: string, regex: (source: string) => RegExp): Promise<string | undefined> {
    if (separator === '') return this.paragraph();
    for (;;) {
      const found = this.find(separator, regex);
      if (found) {
        const record = this.buffer.slice(0, found.at);
        this.terminator = this.buffer.slice(found.at, found.at + found.length);
        this.buffer = this.buffer.slice(found.at + found.length);
        return record;
      }
      if (!(await this.fill())) return this.rest();
    }
  }

  private find(separator: string, regex: (source: string) => RegExp): { at: number; length: number } | undefined {
    if (separator.length === 1) {
      const at = this.buffer.indexOf(separator);
      return at < 0 ? undefined : { at, length: 1 };
    }
    const match = regex(separator).exec(this.buffer);
    if (!match || match[0] === '') return undefined;
    // a match at the very end may grow with what comes
    return match.index + match[0].length < this.buffer.length || this.over
      ? { at: match.index, length: match[0].length }
      : undefined;
  }

  private async paragraph(): Promise<string | undefined> {
    for (;;) {
      this.buffer = this.buffer.replace(/^\n+/, '');
      const match = /\n\n+/.exec(this.buffer);
      if (match && (match.index + match[0].length < this.buffer.length || this.over)) {
        const record = this.buffer.slice(0, match.index);
        this.buffer = this.buffer.slice(match.index + match[0].length);
        return record;
      }
      if (!(await this.fill())) return this.rest()?.replace(/\n+$/, '');
    }
  }

  private rest(): string | undefined {
    if (this.buffer === '') return undefined;
    const record = this.buffer;
    this.buffer = '';
    this.terminator = '';
    return record;
  }

  private async fill(): Promise<boolean> {
    if (this.over) return false;
    const bytes = await this.more();
    if (this.buffer.length > MOST_TEXT) throw new AwkError('cannot allocate memory for more input data');
    if (bytes) this.buffer += toText(bytes);
    else this.over = true;
    return bytes !== null;
  }
}

interface Sink {
  write(text: string): Promise<void>;
  close(): Promise<number>;
}

interface Source {
  records: Records;
  close(): Promise<number>;
}

const statusOf = ({ code, signal }: WaitStatus): number => (signal ? 256 + code : code);

export class Streams {
  private readonly sinks = new Map<string, Sink>();
  private readonly sources = new Map<string, Source>();

  constructor(private readonly proc: Process) {}

  /** A file to read; undefined when it cannot be. */
  file(path: string): Records | undefined {
    const known = this.sources.get(path);
    if (known) return known.records;
    const { proc } = this;
    if (path === '-' || path === '/dev/stdin') {
      const records = new Records(() => proc.read());
      this.sources.set(path, { records, close: async () => 0 });
      return records;
    }
    try {
      const opened = proc.files.open(path, { read: true });
      const records = new Records(() => opened.description.read(CHUNK_BYTES, proc.killed));
      const close = async () => {
        opened.release();
        return 0;
      };
      this.sources.set(path, { records, close });
      return records;
    } catch (error) {
      if (error instanceof Errno) return undefined;
      throw error;
    }
  }

  /** What a command prints. */
  command(line: string): Records {
    const known = this.sources.get(line);
    if (known) return known.records;
    const pipe = new Pipe();
    const output = new OpenFile(pipeWriter(pipe));
    const child = this.shell(line, 1, output);
    output.release();
    const reader = pipeReader(pipe);
    const records = new Records(() => reader.read(CHUNK_BYTES, this.proc.killed));
    const close = async () => {
      reader.close();
      return statusOf(await child.exited);
    };
    this.sources.set(line, { records, close });
    return records;
  }

  /** Where `print > file` and `print | command` write. Throws Errno. */
  sink(to: '>' | '>>' | '|', name: string): Sink {
    const known = this.sinks.get(name);
    if (known) return known;
    const made = to === '|' ? this.pipeTo(name) : this.fileTo(name, to === '>>');
    this.sinks.set(name, made);
    return made;
  }

  private fileTo(path: string, append: boolean): Sink {
    const { proc } = this;
    const own = { '/dev/stdout': 1, '-': 1, '/dev/stderr': 2 }[path];
    if (own) return { write: (text) => proc.write(own, text), close: async () => 0 };
    const opened = proc.files.open(path, {
      write: true,
      create: true,
      ...(append ? { append: true } : { truncate: true }),
    });
    return {
      write: (text) => opened.description.write(new TextEncoder().encode(text), proc.killed),
      close: async () => {
        opened.release();
        return 0;
      },
    };
  }

  private pipeTo(line: string): Sink {
    const pipe = new Pipe();
    const input = new OpenFile(pipeReader(pipe));
    const child = this.shell(line, 0, input);
    input.release();
    const writer = pipeWriter(pipe);
    return {
      write: (text) => writer.write(new TextEncoder().encode(text), this.proc.killed),
      close: async () => {
        writer.close();
        return statusOf(await child.exited);
      },
    };
  }

  /** `sh -c LINE` with one descriptor replaced. */
  private shell(line: string, fd: number, file: OpenFile) {
    const fds = new Map([...this.proc.fds].map(([own, open]) => [own, open.share()]));
    fds.get(fd)?.release();
    fds.set(fd, file.share());
    return this.proc.spawn(['sh', '-c', line], { fds });
  }

  async system(line: string): Promise<number> {
    return statusOf(await this.proc.spawn(['sh', '-c', line]).exited);
  }

  async close(name: string): Promise<number> {
    const sink = this.sinks.get(name);
    const source = this.sources.get(name);
    this.sinks.delete(name);
    this.sources.delete(name);
    if (sink) return sink.close();
    return source ? source.close() : -1;
  }

  async closeAll(): Promise<void> {
    for (const name of [...this.sinks.keys(), ...this.sources.keys()]) await this.close(name);
  }
}
