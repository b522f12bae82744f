// /proc: a directory a process, the mounts, the sockets, the kernel's settings; made when somebody looks. proc(5). What programs
// here do not read is not there.
import { capabilityMask } from './capabilities';
import { type Entry, FileSystem } from './fs';
import { BUILT, KERNEL, kernelSettings, memoryUse, PROCESSORS, RESIDENT_KB } from './kernel';
import { followLinks } from './links';
import type { Machine } from './machine';
import { socketTable } from './proc-net';
import type { Process } from './process';

/** Where a link leads that is different for each process that follows it: `/proc/self`. */
export const OWN_PROCESS = 'own process';

const encoder = new TextEncoder();
const PAGE_KB = 4;
const FIRST_PIPE = 40_000;
const BUFFERS_KB = 100_000;

const STATES = { running: 'S (sleeping)', stopped: 'T (stopped)', zombie: 'Z (zombie)' };
const NO_CAPABILITIES: ReadonlySet<string> = new Set();

function statusOf(proc: Process): string {
  const held = proc.uid === 0 ? proc.machine.capabilities : NO_CAPABILITIES;
  const rows: [string, string | number][] = [
    ['Name', proc.name],
    ['Umask', proc.umask.toString(8).padStart(4, '0')],
    ['State', STATES[proc.state]],
    ['Tgid', proc.pid],
    ['Ngid', 0],
    ['Pid', proc.pid],
    ['PPid', proc.ppid],
    ['TracerPid', 0],
    ['Uid', Array(4).fill(proc.uid).join('\t')],
    ['Gid', Array(4).fill(proc.gid).join('\t')],
    ['FDSize', 64],
    ['Groups', `${[...new Set(proc.machine.groupsOf(proc.uid))].join(' ')} `],
    ['VmPeak', `${2 * RESIDENT_KB} kB`],
    ['VmSize', `${2 * RESIDENT_KB} kB`],
    ['VmRSS', `${RESIDENT_KB + Math.round(proc.memoryBytes / 1024)} kB`],
    ['Threads', 1],
    ['CapInh', capabilityMask(NO_CAPABILITIES)],
    ['CapPrm', capabilityMask(held)],
    ['CapEff', capabilityMask(held)],
    ['CapBnd', capabilityMask(proc.machine.capabilities)],
    ['CapAmb', capabilityMask(NO_CAPABILITIES)],
    ['NoNewPrivs', 0],
    ['Seccomp', proc.machine.isContainer ? 2 : 0],
    ['Cpus_allowed', ((1 << PROCESSORS) - 1).toString(16)],
    ['Cpus_allowed_list', `0-${PROCESSORS - 1}`],
  ];
  return rows.map(([name, value]) => `${name}:\t${value}\n`).join('');
}

/** Device, type and options of what is mounted at a path. */
function mountOf(machine: Machine, at: string, readOnly: boolean): string {
  const mode = readOnly ? 'ro' : 'rw';
  if (at === '/')
    return machine.isContainer ? 'overlay overlay rw,relatime' : '/dev/vda4 xfs rw,relatime,inode64,noquota';
  if (at === '/proc') return 'proc proc rw,nosuid,nodev,noexec,relatime';
  if (at === '/sys/fs/cgroup')
    return `cgroup cgroup2 ${machine.isContainer ? 'ro' : 'rw'},nosuid,nodev,noexec,relatime`;
  if (readOnly && !at.startsWith('/etc/')) return 'tmpfs tmpfs ro,relatime';
  return `/dev/vda4 xfs ${mode},relatime,inode64,noquota`;
}

function mountsOf({ machine }: Process): string {
  const lines = machine.mounts.list().map(({ at, fs }) => {
    const [device, ...rest] = mountOf(machine, at, fs.readOnly).split(' ');
    return `${device} ${at} ${rest.join(' ')} 0 0\n`;
  });
  const [root = '', ...others] = lines;
  const kernel = [
    'tmpfs /dev tmpfs rw,nosuid,size=65536k,mode=755 0 0\n',
    'devpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666 0 0\n',
    'sysfs /sys sysfs ro,nosuid,nodev,noexec,relatime 0 0\n',
    'shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k 0 0\n',
  ];
  return [root, ...kernel, ...others].join('');
}

const LIMIT_ROWS: [name: string, soft: string, hard: string, unit: string][] = [
  ['Max cpu time', 'unlimited', 'unlimited', 'seconds'],
  ['Max file size', 'unlimited', 'unlimited', 'bytes'],
  ['Max stack size', '8388608', 'unlimited', 'bytes'],
  ['Max core file size', 'unlimited', 'unlimited', 'bytes'],
  ['Max processes', 'unlimited', 'unlimited', 'processes'],
  ['Max open files', '1048576', '1048576', 'files'],
];

const limitsText = (): string =>
  [['Limit', 'Soft Limit', 'Hard Limit', 'Units'], ...LIMIT_ROWS]
    .map(
      ([name = '', soft = '', hard = '', unit = '']) =>
        `${name.padEnd(26)}${soft.padEnd(21)}${hard.padEnd(21)}${unit.padEnd(10)}\n`,
    )
    .join('');

/** Files of a process' directory. */
const OF_PROCESS: Record<string, (proc: Process) => string> = {
  cgroup: ({ machine }) => (machine.isContainer ? '0::/\n' : '0::/user.slice/user-1000.slice/session-1.scope\n'),
  cmdline: ({ argv }) => argv.map((word) => `${word}\0`).join(''),
  comm: ({ name }) => `${name}\n`,
  environ: ({ env }) =>
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\0`)
      .join(''),
  limits: limitsText,
  maps: (proc) => mapsOf(proc),
  mounts: mountsOf,
  oom_score: () => '0\n',
  oom_score_adj: () => '0\n',
  stat: (proc) =>
    `${proc.pid} (${proc.name}) ${STATES[proc.state][0]} ${proc.ppid} ${proc.pgid} ${proc.sid} 0 -1 4194560 ${'0 '.repeat(12)}20 0 1 0 ${Math.floor((proc.startedAt - proc.machine.bootedAt) / 10)} ${2 * RESIDENT_KB * 1024} ${RESIDENT_KB / PAGE_KB}\n`,
  statm: () => `${(2 * RESIDENT_KB) / PAGE_KB} ${RESIDENT_KB / PAGE_KB} ${RESIDENT_KB / PAGE_KB} 1 0 100 0\n`,
  status: statusOf,
};

const NET: Record<string, (machine: Machine) => string> = {
  tcp: (machine) => socketTable(machine, 'TCP', 4),
  tcp6: (machine) => socketTable(machine, 'TCP', 6),
  udp: (machine) => socketTable(machine, 'UDP', 4),
  udp6: (machine) => socketTable(machine, 'UDP', 6),
};

const upSeconds = ({ clock, bootedAt }: Machine): number => (clock.now() - bootedAt) / 1000;

const memoryText = (machine: Machine): string => {
  const { total, cached, free, available } = memoryUse(machine);
  const rows: [string, number][] = [
    ['MemTotal', total],
    ['MemFree', free],
    ['MemAvailable', available],
    ['Buffers', BUFFERS_KB],
    ['Cached', cached - BUFFERS_KB],
    ['SwapTotal', 0],
    ['SwapFree', 0],
  ];
  return rows.map(([name, kb]) => `${`${name}:`.padEnd(16)}${String(kb).padStart(8)} kB\n`).join('');
};

const processorsText = (): string =>
  Array.from({ length: PROCESSORS }, (_, i) =>
    [
      ['processor\t', i],
      ['vendor_id\t', 'AuthenticAMD'],
      ['cpu family\t', 25],
      ['model name\t', 'AMD EPYC Processor'],
      ['cpu MHz\t\t', '2595.124'],
      ['cpu cores\t', PROCESSORS],
    ]
      .map(([name, value]) => `${name}: ${value}\n`)
      .join(''),
  ).join('\n');

/** Files of /proc itself. */
const OF_KERNEL: Record<string, (machine: Machine) => string> = {
  cmdline: () => 'BOOT_IMAGE=(hd0,gpt3)/vmlinuz root=/dev/vda4 rw console=tty0\n',
  cpuinfo: processorsText,
  filesystems: () => 'nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\nnodev\toverlay\n\txfs\n',
  loadavg: ({ pids }) => `0.08 0.03 0.01 1/${pids.processes.size} ${Math.max(...pids.processes.keys())}\n`,
  meminfo: memoryText,
  swaps: () => 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n',
  uptime: (machine) => `${upSeconds(machine).toFixed(2)} ${(upSeconds(machine) * PROCESSORS).toFixed(2)}\n`,
  version: () => `Linux version ${KERNEL} (mockbuild@localhost) (gcc (GCC) 11.4.1) ${BUILT}\n`,
};

const LINKS: Record<string, string> = { self: OWN_PROCESS, mounts: 'self/mounts', net: 'self/net' };

/** A path below /proc: the process, the name in its directory, and what follows. */
const split = (path: string) => /^\/(\d+)(?:\/([^/]+)(?:\/(.*))?)?$/.exec(path);

type Node = { names: string[] } | { text: () => string; mode?: number } | { target: string };

/** The settings below `/proc/sys` as files and directories. */
function setting(machine: Machine, path: string): Node | undefined {
  const known = kernelSettings(machine);
  const name = path.replaceAll('/', '.');
  const value = known.get(name);
  if (value !== undefined) return { text: () => `${value}\n`, mode: 0o644 };
  const start = name === '' ? '' : `${name}.`;
  const names = [...known.keys()]
    .filter((key) => key.startsWith(start))
    .map((key) => key.slice(start.length).split('.')[0] ?? '');
  return names.length > 0 ? { names: [...new Set(names)] } : undefined;
}

/** What a descriptor's link shows: a path, or the kernel's name of what has none. */
const shownName = (name: string, fd: number): string => (/^\/|^\w+:\[/.test(name) ? name : `pipe:[${FIRST_PIPE + fd}]`);

/** The file that a process runs, found as its shell found it. */
function executableOf({ argv: [name = ''], env, machine }: Process): string {
  if (name.startsWith('/')) return name;
  const places = (env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin').split(':').map((place) => `${place}/${name}`);
  return places.find((place) => machine.mounts.lookup(followLinks(machine.mounts, place))) ?? name;
}

const mapsOf = (proc: Process): string =>
  [
    ['555555554000-555555654000 r-xp 00000000 103:04 131082', executableOf(proc)],
    ['7ffff7fc1000-7ffff7fc5000 r--p 00000000 00:00 0', '[vvar]'],
    ['7ffff7fc5000-7ffff7fc7000 r-xp 00000000 00:00 0', '[vdso]'],
    ['7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0', '[stack]'],
  ]
    .map(([place = '', name]) => `${place.padEnd(72)} ${name}\n`)
    .join('');

function ofProcess(proc: Process, name: string | undefined, rest: string): Node | undefined {
  if (name === undefined) return { names: [...Object.keys(OF_PROCESS), 'cwd', 'exe', 'fd', 'net', 'root'] };
  const read = OF_PROCESS[name];
  if (read && rest === '') return { text: () => read(proc), ...(name === 'environ' && { mode: 0o400 }) };
  if (name === 'cwd' && rest === '') return { target: proc.cwd };
  if (name === 'exe' && rest === '') return { target: executableOf(proc) };
  if (name === 'fd') {
    if (rest === '') return { names: [...proc.fds.keys()].map(String) };
    const file = proc.fds.get(Number(rest));
    return file && { target: shownName(file.description.name, Number(rest)) };
  }
  if (name !== 'net') return undefined;
  if (rest === '') return { names: Object.keys(NET) };
  const table = NET[rest];
  return table && { text: () => table(proc.machine) };
}

export class ProcFiles extends FileSystem {
  constructor(private readonly machine: Machine) {
    super(new Map(), undefined, () => machine.clock.now(), true);
  }

  override lookup(path: string): Entry | undefined {
    const [, pid, name, rest = ''] = split(path) ?? [];
    const proc = this.machine.pids.processes.get(Number(pid));
    if (proc && name === 'root') return proc.machine.mounts.lookup(`/${rest}`);
    const node = this.node(path);
    if (!node) return undefined;
    const { uid, gid } = proc ?? { uid: 0, gid: 0 };
    const common = { uid, gid, mtime: this.machine.clock.now() };
    if ('names' in node) return { ...common, type: 'dir', mode: name === 'fd' ? 0o500 : 0o555 };
    if ('target' in node) return { ...common, type: 'link', mode: 0o777, target: node.target };
    return { ...common, type: 'file', mode: node.mode ?? 0o444, data: encoder.encode(node.text()) };
  }

  override list(path: string): string[] {
    const [, pid, name, rest = ''] = split(path) ?? [];
    const proc = this.machine.pids.processes.get(Number(pid));
    if (proc && name === 'root') return proc.machine.mounts.names(`/${rest}`);
    const node = this.node(path);
    return node && 'names' in node ? node.names.sort() : [];
  }

  private node(path: string): Node | undefined {
    const { machine } = this;
    const [, pid, name, rest = ''] = split(path) ?? [];
    const proc = machine.pids.processes.get(Number(pid));
    if (pid !== undefined) return proc && ofProcess(proc, name, rest);
    const below = path.slice(1);
    if (below === '')
      return {
        names: [...machine.pids.processes.keys(), ...Object.keys(OF_KERNEL), ...Object.keys(LINKS), 'sys'].map(String),
      };
    if (below === 'sys' || below.startsWith('sys/')) return setting(machine, below.slice('sys/'.length));
    const target = LINKS[below];
    if (target) return { target };
    const read = OF_KERNEL[below];
    return read && { text: () => read(machine) };
  }
}
