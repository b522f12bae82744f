// /sys/fs/cgroup of a container: what its limits are, and what it uses. cgroups(7), version 2.
import { type Entry, FileSystem } from './fs';
import { RESIDENT_KB } from './kernel';
import type { Machine } from './machine';

const encoder = new TextEncoder();
const PERIOD_US = 100_000; // of the scheduler's bandwidth control

const held = ({ processes }: Machine): number =>
  [...processes.values()].reduce((sum, { memoryBytes }) => sum + memoryBytes + RESIDENT_KB * 1024, 0);

const FILES: Record<string, (machine: Machine) => string> = {
  'cgroup.controllers': () => 'cpuset cpu io memory hugetlb pids rdma misc',
  'cgroup.procs': ({ processes }) => [...processes.keys()].join('\n'),
  'cpu.max': ({ cpuMillis }) => `${cpuMillis === undefined ? 'max' : (cpuMillis * PERIOD_US) / 1000} ${PERIOD_US}`,
  'memory.current': (machine) => String(held(machine)),
  'memory.max': ({ memoryBytes }) => (Number.isFinite(memoryBytes) ? String(memoryBytes) : 'max'),
  'pids.current': ({ processes }) => String(processes.size),
  'pids.max': () => 'max',
};

export class CgroupFiles extends FileSystem {
  constructor(private readonly machine: Machine) {
    super(new Map(), undefined, () => machine.clock.now(), true);
  }

  override lookup(path: string): Entry | undefined {
    const common = { uid: 0, gid: 0, mtime: this.machine.clock.now() };
    if (path === '/') return { ...common, type: 'dir', mode: 0o555 };
    const read = FILES[path.slice(1)];
    return read && { ...common, type: 'file', mode: 0o644, data: encoder.encode(`${read(this.machine)}\n`) };
  }

  override list(path: string): string[] {
    return path === '/' ? Object.keys(FILES) : [];
  }
}
