// Container logs: lines in the world's state, one table a run of a container, so that a restored world still has them.
import type { Clock } from '../../sim/clock';
import type { State, Table } from '../../sim/state';

export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  stream: 'stdout' | 'stderr';
  bytes: Uint8Array;
  /** Without a newline at its end. */
  partial?: boolean;
}

const MAX_BYTES = 2 * 1024 * 1024; // of one run; a real node rotates at 10 MiB
const NEWLINE = 10;

/** The log of one run of a container. */
export class Log {
  private bytes = 0;
  private next = 0;
  private first = 0;
  private readonly followers = new Set<(line: LogLine) => void>();
  private readonly rest: Record<LogLine['stream'], Uint8Array> = { stdout: new Uint8Array(), stderr: new Uint8Array() };
  private closed = false;
  private readonly closers = new Set<() => void>();

  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {
    for (const [key, line] of table.entries<LogLine>()) {
      this.bytes += line.bytes.length;
      this.next = Number(key) + 1;
    }
    const oldest = table.keys().next().value;
    this.first = oldest === undefined ? 0 : Number(oldest);
  }

  /** Adds output; lines are kept when they are complete. */
  write(stream: LogLine['stream'], chunk: Uint8Array): void {
    let bytes = this.rest[stream].length > 0 ? joined(this.rest[stream], chunk) : chunk;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE)) {
      this.add({ at: this.clock.now(), stream, bytes: bytes.slice(0, end + 1) });
      bytes = bytes.subarray(end + 1);
    }
    this.rest[stream] = bytes.slice();
  }

  /** The container ended: what has no newline is kept as it is. */
  close(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const bytes = this.rest[stream];
      if (bytes.length > 0) this.add({ at: this.clock.now(), stream, bytes, partial: true });
      this.rest[stream] = new Uint8Array();
    }
    this.closed = true;
    for (const done of [...this.closers]) done();
    this.closers.clear();
  }

  get isEmpty(): boolean {
    return this.next === this.first;
  }

  get ended(): boolean {
    return this.closed;
  }

  /** A run goes on in a world that was restored. */
  reopen(): void {
    this.closed = false;
  }

  *lines(): Iterable<LogLine> {
    for (const [, line] of this.table.entries<LogLine>()) yield line;
  }

  get isFollowed(): boolean {
    return this.followers.size > 0 || this.closers.size > 0;
  }

  /** Told of every later line, and once of the end. */
  follow(onLine: (line: LogLine) => void, onEnd: () => void): () => void {
    this.followers.add(onLine);
    if (this.closed) onEnd();
    else this.closers.add(onEnd);
    return () => {
      this.followers.delete(onLine);
      this.closers.delete(onEnd);
    };
  }

  private add(line: LogLine): void {
    this.table.set(String(this.next++), line);
    this.bytes += line.bytes.length;
    while (this.bytes > MAX_BYTES) {
      const oldest = this.table.get<LogLine>(String(this.first));
      this.table.delete(String(this.first++));
      this.bytes -= oldest?.bytes.length ?? 0;
    }
    for (const follower of [...this.followers]) follower(line);
  }
}

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
};

/** All logs of a cluster's containers. */
export class Logs {
  private readonly open = new Map<string, Log>();

  constructor(
    private readonly state: State,
    private readonly clock: Clock,
  ) {}

  /** The log of run `run` (the restart count) of a container; made when it is first asked for. */
  get(uid: string, container: string, run: number): Log {
    const name = tableName(uid, container, run);
    let log = this.open.get(name);
    if (!log) this.open.set(name, (log = new Log(this.state.table(name), this.clock)));
    return log;
  }

  has(uid: string, container: string, run: number): boolean {
    return (
      this.open.has(tableName(uid, container, run)) || this.state.tableNames().includes(tableName(uid, container, run))
    );
  }

  /** Lets go of a log that nobody follows; its lines stay. */
  rest(uid: string, container: string, run: number): void {
    const name = tableName(uid, container, run);
    const log = this.open.get(name);
    if (!log || log.isFollowed) return;
    this.open.delete(name);
    if (log.isEmpty) this.state.drop(name);
  }

  drop(uid: string, container: string, run: number): void {
    const name = tableName(uid, container, run);
    this.open.get(name)?.close();
    this.open.delete(name);
    this.state.drop(name);
  }
}

const tableName = (uid: string, container: string, run: number): string => `log/${uid}/${container}/${run}`;
