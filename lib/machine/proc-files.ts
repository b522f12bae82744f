// /proc: a directory a process, made when somebody looks. proc(5); what programs here do not read is not there.
import { type Entry, FileSystem } from './fs';
import type { Pids } from './pids';
import type { Process } from './process';

const encoder = new TextEncoder();

const FILES: Record<string, (proc: Process) => string> = {
  cmdline: ({ argv }) => argv.map((word) => `${word}\0`).join(''),
  comm: ({ name }) => `${name}\n`,
  environ: ({ env }) =>
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\0`)
      .join(''),
  status: (proc) =>
    [
      `Name:\t${proc.name}`,
      `State:\t${proc.state === 'running' ? 'S (sleeping)' : proc.state === 'stopped' ? 'T (stopped)' : 'Z (zombie)'}`,
      `Pid:\t${proc.pid}`,
      `PPid:\t${proc.ppid}`,
      `Uid:${`\t${proc.uid}`.repeat(4)}`,
      `Gid:${`\t${proc.gid}`.repeat(4)}`,
      '',
    ].join('\n'),
};

/** A path below /proc: the process, the name in its directory, and what follows. */
const split = (path: string) => /^\/(\d+)(?:\/([^/]+)(\/.*)?)?$/.exec(path);

export class ProcFiles extends FileSystem {
  constructor(
    private readonly pids: Pids,
    private readonly time: () => number,
  ) {
    super(new Map(), undefined, time, true);
  }

  override lookup(path: string): Entry | undefined {
    const dir: Entry = { type: 'dir', mode: 0o555, uid: 0, gid: 0, mtime: this.time() };
    if (path === '/') return dir;
    const [, pid, name, rest = '/'] = split(path) ?? [];
    const proc = this.pids.processes.get(Number(pid));
    if (!proc) return undefined;
    const { uid, gid } = proc;
    if (!name) return { ...dir, uid, gid };
    if (name === 'root') return proc.machine.mounts.lookup(rest);
    const read = rest === '/' ? FILES[name] : undefined;
    const mode = name === 'environ' ? 0o400 : 0o444;
    return read && { type: 'file', mode, uid, gid, mtime: this.time(), data: encoder.encode(read(proc)) };
  }

  override list(path: string): string[] {
    if (path === '/') return [...this.pids.processes.keys()].map(String).sort();
    const [, pid, name, rest = '/'] = split(path) ?? [];
    const proc = this.pids.processes.get(Number(pid));
    if (!proc) return [];
    return name === 'root' ? proc.machine.mounts.names(rest) : [...Object.keys(FILES), 'root'];
  }
}
