// A process of a machine: what a program sees of its world.
import { BrokenPipe } from '../sim/pipe';
import { type Description, OpenFile } from './descriptor';
import { Errno, strerror } from './errno';
import { Files } from './files';
import { toBytes, toText } from './fs';
import { LIMITS } from './limits';
import type { Machine } from './machine';
import type { Connection, ConnectOptions, Listener, StreamProtocol, UdpSocket } from './net';
import { defaultAction, SIGNAL_NUMBERS, type Signal } from './signals';
import type { Terminal } from './terminal';

/** A program: runs until its promise settles; the number is its exit status. */
export type Program = (proc: Process) => Promise<number> | number;

/** How a process ended. A signal's status in a shell is 128 plus its number. */
export interface WaitStatus {
  code: number;
  signal?: Signal;
}

/** Thrown by `proc.exit`; ends the program. */
export class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** Thrown out of every call of a process that was killed: its program unwinds and is not heard any more. */
export class Terminated extends Error {
  constructor(readonly signal: Signal) {
    super(`terminated by ${signal}`);
  }
}

export interface SpawnOptions {
  env?: Record<string, string>;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Descriptors of the child; default: the parent's own, shared. */
  fds?: Map<number, OpenFile>;
  /** 0 makes the child lead a new process group. */
  pgid?: number;
  /** Makes the child lead a new session with this controlling terminal. */
  session?: { terminal?: Terminal };
  /** Runs this instead of what argv[0] names (a subshell, a function of the shell). */
  program?: Program;
  /** Copies the signals that the parent ignores. */
  inheritIgnored?: boolean;
}

export type ProcessState = 'running' | 'stopped' | 'zombie';

export class Process {
  readonly fds: Map<number, OpenFile>;
  readonly files: Files;
  readonly exited: Promise<WaitStatus>;
  state: ProcessState = 'running';
  status: WaitStatus | undefined;
  stoppedBy: Signal | undefined;
  umask = 0o022;
  env: Record<string, string>;
  readonly startedAt: number;
  private readonly abort = new AbortController();
  private readonly handlers = new Map<Signal, (signal: Signal) => void>();
  private readonly ignored = new Set<Signal>();
  private readonly watchers = new Set<() => void>();
  private resume: (() => void)[] = [];
  private finishExit: (status: WaitStatus) => void = () => {};
  /** Said by a program that only waits to be told to stop: ended and started again, nobody would notice. */
  idles = false;
  private slice = 0;
  private moved = 0;

  constructor(
    readonly machine: Machine,
    readonly pid: number,
    readonly ppid: number,
    public argv: string[],
    options: {
      env: Record<string, string>;
      cwd: string;
      uid: number;
      gid: number;
      fds: Map<number, OpenFile>;
      pgid: number;
      sid: number;
      terminal: Terminal | undefined;
    },
  ) {
    this.env = options.env;
    this.cwd = options.cwd;
    this.uid = options.uid;
    this.gid = options.gid;
    this.fds = options.fds;
    this.pgid = options.pgid;
    this.sid = options.sid;
    this.terminal = options.terminal;
    this.startedAt = machine.clock.now();
    this.files = new Files(this);
    this.exited = new Promise((resolve) => {
      this.finishExit = resolve;
    });
  }

  /** Processors it keeps busy, for programs that only say so. */
  cpuCores = 0;
  private heldBytes = 0;

  /** Memory that it says it holds, in bytes. */
  get memoryBytes(): number {
    return this.heldBytes;
  }

  /** Says how much memory it holds from now on; over the machine's limit, everything on the machine is killed, as a cgroup is. */
  holdMemory(bytes: number): void {
    this.heldBytes = bytes;
    this.machine.checkMemory();
  }

  cwd: string;
  /** Where the process' own `/` lies on the machine (chroot); `cwd` is relative to it. */
  root = '/';
  uid: number;
  gid: number;
  pgid: number;
  sid: number;
  /** The controlling terminal. */
  terminal: Terminal | undefined;

  /** Aborts when the process is killed; pass it to anything that waits. */
  get killed(): AbortSignal {
    return this.abort.signal;
  }

  get name(): string {
    return (this.argv[0] ?? '').replace(/^.*\//, '');
  }

  // Streams

  get stdin(): Description {
    return this.descriptor(0);
  }

  get stdout(): Description {
    return this.descriptor(1);
  }

  get stderr(): Description {
    return this.descriptor(2);
  }

  descriptor(fd: number): Description {
    const file = this.fds.get(fd);
    if (!file) throw new Errno('EBADF', String(fd));
    return file.description;
  }

  /** The lowest free descriptor from `from` on. */
  attach(file: OpenFile, from = 0): number {
    for (let fd = from; fd < LIMITS.descriptors; fd++) {
      if (this.fds.has(fd)) continue;
      this.fds.set(fd, file);
      return fd;
    }
    throw new Errno('EMFILE');
  }

  close(fd: number): void {
    this.fds.get(fd)?.release();
    this.fds.delete(fd);
  }

  /** The next bytes of a descriptor, null at the end. */
  async read(fd = 0, max = 65536, signal?: AbortSignal): Promise<Uint8Array | null> {
    await this.enter();
    const description = this.descriptor(fd);
    await this.mayUseTerminal(description, 'SIGTTIN');
    return description.read(max, signal ? AbortSignal.any([signal, this.killed]) : this.killed);
  }

  async write(fd: number, data: string | Uint8Array): Promise<void> {
    await this.tick();
    await this.enter();
    const bytes = typeof data === 'string' ? toBytes(data) : data;
    await this.descriptor(fd).write(bytes, this.killed);
    this.moved += bytes.length;
    if (this.moved < BYTES_PER_SLICE) return;
    this.moved = 0;
    await this.machine.clock.compute(BYTES_SLICE_MS); // a flood must not keep the keyboard from being heard
  }

  /** Writes to standard output. */
  print(text: string | Uint8Array): Promise<void> {
    return this.write(1, text);
  }

  /** Writes to standard error. */
  complain(text: string): Promise<void> {
    return this.write(2, text);
  }

  /** All of a descriptor, as bytes. */
  async readAll(fd = 0): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for (let chunk = await this.read(fd); chunk; chunk = await this.read(fd)) chunks.push(chunk);
    return concat(chunks);
  }

  /** The lines of a descriptor, without their newline, as they come. */
  async *lines(fd = 0): AsyncGenerator<string> {
    let rest = new Uint8Array();
    for (let chunk = await this.read(fd); chunk; chunk = await this.read(fd)) {
      let bytes = rest.length > 0 ? concat([rest, chunk]) : chunk;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
        yield toText(bytes.subarray(0, end));
        bytes = bytes.subarray(end + 1);
      }
      rest = bytes.slice();
    }
    if (rest.length > 0) yield toText(rest);
  }

  // Time

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await this.enter();
    await this.machine.clock.sleep(ms, signal ? AbortSignal.any([signal, this.killed]) : this.killed);
    await this.enter();
  }

  /** To be called in long computations, with a weight of one a command of the shell: gives way to others every so often, and ends the program if it was killed. */
  async tick(weight = 1): Promise<void> {
    this.slice += weight;
    if (this.slice >= TICKS_PER_SLICE) {
      this.slice = 0;
      await this.machine.clock.compute(TICKS_SLICE_MS);
    }
    if (this.abort.signal.aborted || this.state === 'stopped') await this.enter();
  }

  // Network

  /** Opens a connection to an address, by TCP unless told. Throws Errno: ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH… */
  async connect(address: string, port: number, options: ConnectOptions = {}): Promise<Connection> {
    await this.enter();
    const signal = options.signal ? AbortSignal.any([options.signal, this.killed]) : this.killed;
    const connection = await this.machine.net.connect(address, port, { ...options, signal });
    connection.owner = this.owner;
    this.onExit(() => connection.close());
    return connection;
  }

  /** Listens for connections, by TCP unless told; throws EADDRINUSE, EACCES. */
  listen(port: number, address = '0.0.0.0', protocol: StreamProtocol = 'TCP'): Listener {
    if (port > 0 && port < 1024 && this.uid !== 0 && !this.machine.lowPorts) throw new Errno('EACCES');
    const listener = this.machine.net.listen(port, address, protocol);
    listener.owner = this.owner;
    this.onExit(() => listener.close());
    return listener;
  }

  private get owner() {
    return { machine: this.machine.id, pid: this.pid, name: this.name.replace(/^-/, ''), uid: this.uid };
  }

  udp(port = 0, address = '0.0.0.0'): UdpSocket {
    const socket = this.machine.net.udp(port, address);
    socket.owner = this.owner;
    this.onExit(() => socket.close());
    return socket;
  }

  /** Addresses of a name, by /etc/hosts and DNS as the machine's C library does; throws NameError. */
  async resolve(name: string, family: 4 | 6 | 0 = 0): Promise<string[]> {
    await this.enter();
    return this.machine.resolve(name, family, this.killed);
  }

  // Processes

  /** Starts a program. Throws Errno ENOENT, EACCES, ENOEXEC when argv[0] cannot be run. */
  spawn(argv: string[], options: SpawnOptions = {}): Process {
    return this.machine.spawn(this, argv, options);
  }

  /** Becomes another program in this same process, as execve: `path` with its arguments is what runs, `argv` what it is called. */
  async exec(command: string[], argv: string[], env: Record<string, string>): Promise<number> {
    this.argv = command;
    const [path = ''] = command;
    const found = this.machine.executable(this, path);
    this.argv = found.argv === command ? argv : found.argv;
    this.env = { ...env };
    this.handlers.clear();
    return found.program(this);
  }

  /** Runs a program with its output collected. */
  async run(argv: string[], options: SpawnOptions = {}): Promise<WaitStatus> {
    return this.spawn(argv, options).exited;
  }

  exit(code: number): never {
    throw new Exit(code & 255);
  }

  // Signals

  /** Handles a signal; undefined restores the default. SIGKILL and SIGSTOP cannot be handled. */
  on(signal: Signal, handler: ((signal: Signal) => void) | undefined): void {
    if (signal === 'SIGKILL' || signal === 'SIGSTOP') return;
    this.ignored.delete(signal);
    if (handler) this.handlers.set(signal, handler);
    else this.handlers.delete(signal);
  }

  ignore(signal: Signal): void {
    this.handlers.delete(signal);
    this.ignored.add(signal);
  }

  ignores(signal: Signal): boolean {
    return this.ignored.has(signal);
  }

  ignoredSignals(): Signal[] {
    return [...this.ignored];
  }

  /** Delivers a signal to this process. */
  signal(signal: Signal): void {
    if (this.state === 'zombie') return;
    if (signal === 'SIGCONT') this.continue();
    if (this.ignored.has(signal)) return;
    const handler = this.handlers.get(signal);
    if (handler) return handler(signal);
    const action = defaultAction(signal);
    if (this.pid === 1 && signal !== 'SIGKILL' && action !== 'continue' && !this.machine.initDies) return; // init: no default actions
    if (action === 'terminate') this.finish({ code: 128 + SIGNAL_NUMBERS[signal], signal });
    else if (action === 'stop') this.stop(signal);
  }

  /** Calls back on exit, stop and continue; returns a function that ends that. */
  onChange(callback: () => void): () => void {
    this.watchers.add(callback);
    return () => this.watchers.delete(callback);
  }

  /** Calls back once when the process ends, however it ends. */
  onExit(callback: () => void): void {
    this.exitCallbacks.push(callback);
  }

  private readonly exitCallbacks: (() => void)[] = [];

  /** Runs the program to its end; only the machine calls this. */
  async main(program: Program): Promise<void> {
    try {
      await this.machine.clock.compute(START_MS);
      const code = await program(this);
      this.finish({ code: code & 255 });
    } catch (error) {
      this.finish(await this.failure(error));
    }
  }

  /** Waits while stopped; throws when killed. Every call that a program makes goes through here. */
  async enter(): Promise<void> {
    while (this.state === 'stopped') await new Promise<void>((resolve) => this.resume.push(resolve));
    if (this.abort.signal.aborted) throw this.abort.signal.reason;
  }

  private async failure(error: unknown): Promise<WaitStatus> {
    if (error instanceof Exit) return { code: error.code };
    if (error instanceof Terminated) return { code: 128 + SIGNAL_NUMBERS[error.signal], signal: error.signal };
    if (error instanceof BrokenPipe) return { code: 141, signal: 'SIGPIPE' };
    const text = error instanceof Errno ? strerror(error) : `internal error ${this.machine.reportBug(error)}`;
    const subject = error instanceof Errno && error.subject ? `${error.subject}: ` : '';
    await this.complain(`${this.name}: ${subject}${text}\n`).catch(() => {});
    return { code: error instanceof Errno ? 1 : 139 };
  }

  private finish(status: WaitStatus): void {
    if (this.state === 'zombie') return;
    this.state = 'zombie';
    this.status = status;
    this.abort.abort(new Terminated(status.signal ?? 'SIGKILL'));
    for (const go of this.resume.splice(0)) go();
    for (const callback of this.exitCallbacks.splice(0)) callback();
    for (const file of this.fds.values()) file.release();
    this.fds.clear();
    this.machine.reap(this);
    this.changed();
    this.finishExit(status);
  }

  private stop(signal: Signal): void {
    if (this.state !== 'running') return;
    this.state = 'stopped';
    this.stoppedBy = signal;
    this.changed();
  }

  private continue(): void {
    if (this.state !== 'stopped') return;
    this.state = 'running';
    this.stoppedBy = undefined;
    for (const go of this.resume.splice(0)) go();
    this.changed();
  }

  private changed(): void {
    for (const watcher of [...this.watchers]) watcher();
  }

  /** A background process that reads its terminal is stopped, as job control demands. */
  private async mayUseTerminal(description: Description, signal: Signal): Promise<void> {
    const terminal = description.terminal;
    while (terminal && terminal === this.terminal && terminal.foreground !== 0 && terminal.foreground !== this.pgid) {
      if (this.ignores(signal)) throw new Errno('EIO');
      this.machine.signalGroup(this.pgid, signal);
      await this.machine.clock.yield();
      await this.enter();
    }
  }
}

const BYTES_PER_SLICE = 256 * 1024; // some milliseconds of output
const TICKS_PER_SLICE = 128; // about a quarter of a millisecond of interpreted shell
// What these cost on a clock that jumps; longer than here, so that a world with a pod that spins is still graded quickly.
const BYTES_SLICE_MS = 1;
const TICKS_SLICE_MS = 2;
const START_MS = 1;

export function concat(chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

export { OpenFile };
