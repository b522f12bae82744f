// A machine: a workstation, a node or a container. Files, processes, users, one network namespace (shared by a pod's containers).
import type { Clock } from '../sim/clock';
import type { Random } from '../sim/random';
import { ALL_CAPABILITIES } from './capabilities';
import { CgroupFiles } from './cgroup-files';
import type { Completers } from './completion';
import { type Description, nullDevice, OpenFile } from './descriptor';
import { Errno } from './errno';
import type { Mounts } from './fs';
import { toText } from './fs';
import { LIMITS } from './limits';
import { followLinks } from './links';
import type { NetStack } from './net';
import { Pids } from './pids';
import { ProcFiles } from './proc-files';
import { Process, type Program, type SpawnOptions } from './process';
import { resolveName } from './resolve';
import type { Signal } from './signals';
import { Terminal } from './terminal';

/** Programs by name; which of them a machine has on board is said by its files (`binary('curl')` at /usr/bin/curl). */
export type Programs = ReadonlyMap<string, Program>;

export interface MachineOptions {
  /** Unique in the world: `workstation`, `pod/NS/NAME/CONTAINER`. */
  id: string;
  hostname: string;
  clock: Clock;
  random: Random;
  mounts: Mounts;
  net: NetStack;
  /** Processes of other machines that this one's see; its own alone without it. */
  pids?: Pids;
  programs: Programs;
  /** Tab completion of programs' own words, by command name. */
  completers?: Completers;
  libc?: 'glibc' | 'musl';
  /** Ports under 1024 are free for all (containers: net.ipv4.ip_unprivileged_port_start = 0). */
  lowPorts?: boolean;
  /** A container's first process ends by signals that it does not handle only when they come from outside, as its runtime sends them. */
  initDies?: boolean;
  /** Groups that every process is in besides those of /etc/group: a pod's fsGroup and supplementalGroups. */
  supplementalGroups?: readonly number[];
  /** Bytes that all processes may hold together; a container's limit. */
  memoryBytes?: number;
  /** Thousandths of a processor that all processes may use together; a container's limit. */
  cpuMillis?: number;
  /** What root may do; all without it. */
  capabilities?: ReadonlySet<string>;
  /** Makes durable what was flushed into the state's tables; resolves when a crash would not lose it. */
  sync?: () => Promise<void>;
  /** Told of a bug in a program; gives the id that the user sees. */
  onBug?: (error: unknown) => string;
}

export interface StartOptions {
  env?: Record<string, string>;
  cwd?: string;
  uid?: number;
  gid?: number;
  terminal?: Terminal;
  stdin?: Description;
  stdout?: Description;
  stderr?: Description;
  program?: Program;
}

const MAGIC = '\x7fELF podlab ';

/** The content of an executable file that runs a program of the table. */
export const binary = (program: string) => ({ data: new TextEncoder().encode(MAGIC + program), mode: 0o755 });

/** A user of /etc/passwd. */
export interface User {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
}

export class Machine {
  readonly id: string;
  hostname: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly mounts: Mounts;
  readonly net: NetStack;
  readonly programs: Programs;
  readonly completers: Completers;
  readonly libc: 'glibc' | 'musl';
  private readonly supplementalGroups: readonly number[];
  readonly lowPorts: boolean;
  readonly initDies: boolean;
  readonly memoryBytes: number;
  readonly cpuMillis: number | undefined;
  readonly capabilities: ReadonlySet<string>;
  /** It was killed for holding too much memory. */
  outOfMemory = false;
  /** Its own processes; `pids` has all that they see. */
  readonly processes = new Map<number, Process>();
  readonly pids: Pids;
  readonly devices: Record<string, (proc: Process) => Description>;
  readonly bootedAt: number;
  private nextTerminal = 0;
  /** Resolves when what was flushed before is durable, as fsync(2) does. */
  readonly sync: () => Promise<void>;
  private readonly onBug: (error: unknown) => string;

  constructor(options: MachineOptions) {
    this.id = options.id;
    this.hostname = options.hostname;
    this.clock = options.clock;
    this.random = options.random;
    this.mounts = options.mounts;
    this.net = options.net;
    this.pids = options.pids ?? new Pids();
    this.programs = options.programs;
    this.completers = options.completers ?? new Map();
    this.libc = options.libc ?? 'glibc';
    this.supplementalGroups = options.supplementalGroups ?? [];
    this.lowPorts = options.lowPorts ?? false;
    this.initDies = options.initDies ?? false;
    this.memoryBytes = options.memoryBytes ?? Number.POSITIVE_INFINITY;
    this.cpuMillis = options.cpuMillis;
    this.capabilities = options.capabilities ?? ALL_CAPABILITIES;
    this.mounts.mount('/proc', new ProcFiles(this));
    this.mounts.mount('/sys/fs/cgroup', new CgroupFiles(this));
    this.sync = options.sync ?? (async () => {});
    this.onBug = options.onBug ?? (() => 'unknown');
    this.bootedAt = options.clock.now();
    this.devices = {
      null: nullDevice,
      zero: () => ({ ...nullDevice(), name: '/dev/zero', read: async (max) => new Uint8Array(max) }),
      random: () => ({ ...nullDevice(), name: '/dev/urandom', read: async (max) => this.random.bytes(max) }),
      full: () => ({
        ...nullDevice(),
        name: '/dev/full',
        read: async (max) => new Uint8Array(max),
        write: async () => {
          throw new Errno('ENOSPC');
        },
      }),
      tty: (proc) => {
        if (!proc.terminal) throw new Errno('ENOENT', '/dev/tty');
        return proc.terminal.open();
      },
      stdin: (proc) => ({ ...bound(proc.descriptor(0)), close: () => {} }),
      stdout: (proc) => ({ ...bound(proc.descriptor(1)), close: () => {} }),
      stderr: (proc) => ({ ...bound(proc.descriptor(2)), close: () => {} }),
    };
  }

  /** Whether it is a container of a pod, which sees no more than its own. */
  get isContainer(): boolean {
    return this.id.startsWith('pod/');
  }

  /** Kills everything when more memory is held than there may be. */
  checkMemory(): void {
    const held = [...this.processes.values()].reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    if (held <= this.memoryBytes) return;
    this.outOfMemory = true;
    for (const proc of [...this.processes.values()].reverse()) proc.signal('SIGKILL');
  }

  /** A terminal of this machine, numbered as /dev/pts does. */
  terminal(size: { columns: number; rows: number }): Terminal {
    const terminal = new Terminal(size, `/dev/pts/${this.nextTerminal++}`);
    terminal.onSignal = (group, signal) => this.signalGroup(group, signal);
    return terminal;
  }

  /** Starts a process that has no parent here: a container's entry point, an exec, a login. */
  start(argv: string[], options: StartOptions = {}): Process {
    const { terminal } = options;
    const open = (description: Description | undefined) =>
      new OpenFile(description ?? terminal?.open() ?? nullDevice());
    const pid = this.takePid();
    const proc = new Process(this, pid, 0, argv, {
      env: { ...options.env },
      cwd: options.cwd ?? '/',
      uid: options.uid ?? 0,
      gid: options.gid ?? 0,
      fds: new Map([
        [0, open(options.stdin)],
        [1, open(options.stdout)],
        [2, open(options.stderr)],
      ]),
      pgid: pid,
      sid: pid,
      terminal,
    });
    if (terminal) terminal.foreground = pid;
    return this.launch(proc, options.program);
  }

  spawn(parent: Process, argv: string[], options: SpawnOptions): Process {
    const pid = this.takePid();
    const fds = options.fds ?? new Map([...parent.fds].map(([fd, file]) => [fd, file.share()]));
    const proc = new Process(this, pid, parent.pid, argv, {
      env: { ...(options.env ?? parent.env) },
      cwd: options.cwd ?? parent.cwd,
      uid: options.uid ?? parent.uid,
      gid: options.gid ?? parent.gid,
      fds,
      pgid: options.session ? pid : options.pgid === 0 ? pid : (options.pgid ?? parent.pgid),
      sid: options.session ? pid : parent.sid,
      terminal: options.session ? options.session.terminal : parent.terminal,
    });
    proc.umask = parent.umask;
    proc.root = parent.root;
    for (const signal of parent.ignoredSignals()) proc.ignore(signal);
    return this.launch(proc, options.program);
  }

  /** Finds what an executable path runs: a program, or a script's interpreter with its arguments. */
  executable(proc: Process, path: string): { program: Program; argv: string[] } {
    const stat = proc.files.stat(path);
    if (stat.type === 'dir' || !proc.files.may(stat, 'execute')) throw new Errno('EACCES', path);
    const head = toText((stat.data ?? new Uint8Array()).subarray(0, 256));
    if (head.startsWith(MAGIC)) {
      const program = this.programs.get(head.slice(MAGIC.length));
      if (!program) throw new Errno('ENOEXEC', path);
      return { program, argv: proc.argv };
    }
    if (!head.startsWith('#!')) throw new Errno('ENOEXEC', path);
    const [interpreter = '', ...rest] = (head.slice(2).split('\n')[0] ?? '').trim().split(/\s+/);
    const script = [interpreter, ...(rest.length > 0 ? [rest.join(' ')] : []), path, ...proc.argv.slice(1)];
    const found = this.executable(proc, interpreter);
    return { program: found.program, argv: script };
  }

  /** The path that a command name stands for, by PATH; undefined when there is none. */
  which(
    proc: Process,
    name: string,
    path = proc.env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ): string | undefined {
    if (name.includes('/')) return proc.files.exists(name) ? name : undefined;
    for (const dir of path.split(':')) {
      const candidate = `${dir || '.'}/${name}`;
      const stat = proc.files.find(candidate);
      if (stat && stat.type !== 'dir' && proc.files.may(stat, 'execute')) return candidate;
    }
    return undefined;
  }

  signalGroup(pgid: number, signal: Signal): void {
    for (const proc of [...this.processes.values()]) if (proc.pgid === pgid) proc.signal(signal);
  }

  /** Ends all processes at once, as a machine that is switched off. */
  powerOff(): void {
    for (const proc of [...this.processes.values()].reverse()) proc.signal('SIGKILL');
  }

  /** Makes all files durable: called when a command has ended, before the next prompt. */
  commitFiles(): Promise<void> {
    this.mounts.flush();
    return this.sync();
  }

  reap(proc: Process): void {
    this.processes.delete(proc.pid);
    this.pids.processes.delete(proc.pid);
    void this.commitFiles();
  }

  reportBug(error: unknown): string {
    return this.onBug(error);
  }

  resolve(name: string, family: 4 | 6 | 0, signal?: AbortSignal): Promise<string[]> {
    return resolveName(this, name, family, signal);
  }

  /** A file's text, or undefined; for the machine's own look at /etc. */
  text(path: string): string | undefined {
    const found = this.mounts.lookup(path);
    const entry = found?.type === 'file' ? found : this.mounts.lookup(followLinks(this.mounts, path));
    return entry?.type === 'file' ? toText(entry.data ?? new Uint8Array()) : undefined;
  }

  users(): User[] {
    return rows(this.text('/etc/passwd')).flatMap(([name, , uid, gid, , home, shell]) =>
      name ? [{ name, uid: Number(uid), gid: Number(gid), home: home || '/', shell: shell || '/bin/sh' }] : [],
    );
  }

  user(who: string | number): User | undefined {
    return this.users().find((user) => user.name === who || user.uid === Number(who));
  }

  groupsOf(uid: number): number[] {
    const user = this.user(uid);
    if (!user) return [...this.supplementalGroups];
    const member = rows(this.text('/etc/group')).filter(([, , , names]) =>
      (names ?? '').split(',').includes(user.name),
    );
    return [user.gid, ...member.map(([, , gid]) => Number(gid)), ...this.supplementalGroups];
  }

  private takePid(): number {
    if (this.processes.size >= LIMITS.processes) throw new Errno('EAGAIN');
    return this.pids.take();
  }

  private launch(proc: Process, given: Program | undefined): Process {
    let program = given;
    if (!program) {
      const path = this.which(proc, (proc.argv[0] ?? '').replace(/^-/, '')); // a login shell is called `-bash`
      if (!path) {
        for (const file of proc.fds.values()) file.release();
        throw new Errno('ENOENT', proc.argv[0]);
      }
      try {
        const found = this.executable(proc, path);
        program = found.program;
        proc.argv = found.argv;
      } catch (error) {
        for (const file of proc.fds.values()) file.release();
        throw error;
      }
    }
    this.processes.set(proc.pid, proc);
    this.pids.processes.set(proc.pid, proc);
    void proc.main(program);
    return proc;
  }
}

const bound = (d: Description): Description => ({
  name: d.name,
  read: (max, signal) => d.read(max, signal),
  write: (bytes, signal) => d.write(bytes, signal),
  close: () => d.close(),
  ...(d.terminal ? { terminal: d.terminal } : {}),
});

const rows = (text: string | undefined): string[][] =>
  (text ?? '')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(':'));

export type { Process, Program };
