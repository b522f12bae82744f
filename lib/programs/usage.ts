// stat, df, du, free, uptime, tree, top: what is used of files, memory and time.

import { MEMORY_KB, memoryUse } from '../machine/kernel';
import { LIMITS } from '../machine/limits';
import type { Process, Program } from '../machine/process';
import { compile, patternSource } from '../shell/pattern';
import { strftime } from '../shell/strftime';
import { version } from './about';
import { getopt } from './getopt';
import { inodeOf } from './ls';
import { humanSize, modeText, nameOfGroup, nameOfUser } from './stat-text';
import { fail, quote, refused, usage } from './tool';

export const stat: Program = async (proc) => {
  const options = getopt(proc.argv, 'c:fLt', {
    'format=': 'c',
    'printf=': 'printf',
    dereference: 'L',
    'file-system': 'f',
    terse: 't',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'stat: missing operand');
  if (options.has('f')) return statFileSystems(proc, options.rest, options.get('c') ?? options.get('printf'));
  let status = 0;
  for (const path of options.rest) {
    const found = proc.files.find(path, options.has('L'));
    if (!found) {
      status = await fail(proc, `cannot statx '${path}': No such file or directory`);
      continue;
    }
    const kind = {
      dir: 'directory',
      file: found.size === 0 ? 'regular empty file' : 'regular file',
      link: 'symbolic link',
      device: 'character special file',
      fifo: 'fifo',
    }[found.type];
    const time = (ms: number) => strftime('%Y-%m-%d %H:%M:%S.%N %z', ms);
    const octal = found.mode.toString(8);
    const values: Record<string, string> = {
      n: path,
      N: found.type === 'link' ? `'${path}' -> '${found.target}'` : `'${path}'`,
      s: String(found.size),
      a: octal,
      A: modeText(found),
      u: String(found.uid),
      U: nameOfUser(proc, found.uid),
      g: String(found.gid),
      G: nameOfGroup(proc, found.gid),
      F: kind,
      i: String(inodeOf(found.path)),
      h: found.type === 'dir' ? '2' : '1',
      b: String(Math.ceil(found.size / 4096) * 8),
      B: '512',
      o: '4096',
      y: time(found.mtime),
      Y: String(Math.floor(found.mtime / 1000)),
      z: time(found.mtime),
      x: time(found.mtime),
      X: String(Math.floor(found.mtime / 1000)),
      '%': '%',
    };
    const format = options.get('c') ?? options.get('printf');
    if (format !== undefined) {
      const text = format.replace(/%(.)/g, (whole, code: string) => values[code] ?? whole);
      await proc.print(options.has('printf') ? text.replaceAll('\\n', '\n').replaceAll('\\t', '\t') : `${text}\n`);
    } else
      await proc.print(
        `  File: ${found.type === 'link' ? `${path} -> ${found.target}` : path}\n  Size: ${String(found.size).padEnd(15)}\tBlocks: ${(values['b'] ?? '').padEnd(10)} IO Block: 4096   ${kind}\nDevice: fd00h/64768d\tInode: ${(values['i'] ?? '').padEnd(11)} Links: ${values['h']}\nAccess: (${octal.padStart(4, '0')}/${modeText(found)})  Uid: (${String(found.uid).padStart(5)}/${nameOfUser(proc, found.uid).padStart(8)})   Gid: (${String(found.gid).padStart(5)}/${nameOfGroup(proc, found.gid).padStart(8)})\nAccess: ${time(found.mtime)}\nModify: ${time(found.mtime)}\nChange: ${time(found.mtime)}\n Birth: -\n`,
      );
  }
  return status;
};

/** `stat -f`: of the file systems that paths lie on. */
async function statFileSystems(proc: Process, paths: readonly string[], format: string | undefined): Promise<number> {
  let status = 0;
  for (const path of paths) {
    if (!proc.files.exists(path)) {
      status = await fail(
        proc,
        `cannot read file system information for ${quote(proc, path)}: No such file or directory`,
      );
      continue;
    }
    const { at, fs } = proc.machine.mounts.find(proc.files.realpath(path));
    const type = FILE_SYSTEMS[at] ?? (fs.readOnly ? 'tmpfs' : 'xfs');
    const [blocks, used] = [Math.floor(LIMITS.diskBytes / BLOCK_BYTES), Math.ceil(fs.usedBytes / BLOCK_BYTES)];
    const values: Record<string, string> = {
      n: path,
      T: type,
      s: String(BLOCK_BYTES),
      S: String(BLOCK_BYTES),
      b: String(blocks),
      f: String(blocks - used),
      a: String(blocks - used),
      c: String(LIMITS.files),
      d: String(LIMITS.files - fs.usedFiles),
      l: '255',
      '%': '%',
    };
    const text =
      format === undefined
        ? `  File: "%n"\n    ID: fd00000000 Namelen: %l     Type: %T\nBlock size: %s       Fundamental block size: %S\nBlocks: Total: %b   Free: %f   Available: %a\nInodes: Total: %c   Free: %d`
        : format;
    await proc.print(`${text.replace(/%(.)/g, (whole, code: string) => values[code] ?? whole)}\n`);
  }
  return status;
}

/** Types by where they are mounted. */
const FILE_SYSTEMS: Record<string, string> = { '/': 'overlayfs', '/proc': 'proc', '/sys/fs/cgroup': 'cgroup2fs' };
const PSEUDO = new Set(['/proc', '/sys/fs/cgroup']); // without blocks

export const df: Program = async (proc) => {
  const options = getopt(proc.argv, 'ahHiklPTt:x:', {
    'human-readable': 'h',
    'print-type': 'T',
    inodes: 'i',
    all: 'a',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  for (const path of options.rest)
    if (!proc.files.exists(path)) return fail(proc, `${path}: No such file or directory`);
  const wanted = new Set(options.rest.map((path) => proc.machine.mounts.find(proc.files.realpath(path)).at));
  const human = options.has('h');
  const inodes = options.has('i');
  const size = (bytes: number) => (human ? humanSize(bytes) : String(Math.ceil(bytes / 1024)));
  const rows = [
    [
      'Filesystem',
      ...(options.has('T') ? ['Type'] : []),
      ...(inodes
        ? ['Inodes', 'IUsed', 'IFree', 'IUse%']
        : [human ? 'Size' : '1K-blocks', 'Used', human ? 'Avail' : 'Available', 'Use%']),
      'Mounted on',
    ],
  ];
  for (const { at, fs } of proc.machine.mounts.list()) {
    if (PSEUDO.has(at) && !options.has('a') && !wanted.has(at)) continue;
    if (options.rest.length > 0 && !wanted.has(at)) continue;
    const [used, most] = inodes ? [fs.usedFiles, LIMITS.files] : [fs.usedBytes, LIMITS.diskBytes];
    const shown = inodes ? String : size;
    const name = at === '/' ? 'overlay' : fs.readOnly ? 'tmpfs' : '/dev/vda4';
    rows.push([
      name,
      ...(options.has('T') ? [at === '/' ? 'overlay' : 'xfs'] : []),
      shown(most),
      shown(used),
      shown(most - used),
      `${Math.ceil((100 * used) / most)}%`,
      at,
    ]);
  }
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const last = widths.length - 1;
  const line = (row: string[]) =>
    row
      .map((cell, i) =>
        i === 0
          ? cell.padEnd(Math.max(14, widths[0] ?? 0))
          : i === last
            ? cell
            : options.has('T') && i === 1
              ? cell.padEnd(widths[1] ?? 0)
              : cell.padStart(widths[i] ?? 0),
      )
      .join(' ');
  await proc.print(rows.map((row) => `${line(row)}\n`).join(''));
  return 0;
};

/** mount: lists what is mounted; nothing can be mounted here. */
export const mount: Program = async (proc) => {
  const options = getopt(proc.argv, 'alo:t:rwv', { types: 't', all: 'a', options: 'o' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [source, target = source] = options.rest;
  if (source !== undefined)
    return proc.uid === 0
      ? fail(proc, `${target}: permission denied.`, 32)
      : fail(proc, `${target}: must be superuser to use mount.`, 1);
  const kinds = options.get('t')?.split(',');
  for (const line of proc.files.readText('/proc/mounts').split('\n').slice(0, -1)) {
    const [device, at, kind = '', flags] = line.split(' ');
    if (!kinds || kinds.includes(kind)) await proc.print(`${device} on ${at} type ${kind} (${flags})\n`);
  }
  return 0;
};

const BLOCK_BYTES = 4096;

export const du: Program = async (proc) => {
  const options = getopt(proc.argv, 'abcd:hkLmsSx', {
    all: 'a',
    'apparent-size': 'apparent-size',
    bytes: 'b',
    dereference: 'L',
    'exclude=': 'exclude',
    'one-file-system': 'x',
    'separate-dirs': 'S',
    total: 'c',
    'max-depth=': 'd',
    'human-readable': 'h',
    summarize: 's',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const depthLimit = options.has('s') ? 0 : Number(options.get('d') ?? Number.POSITIVE_INFINITY);
  const shown = (bytes: number) =>
    options.has('h')
      ? humanSize(bytes)
      : String(options.has('b') ? bytes : Math.ceil(bytes / (options.has('m') ? 1048576 : 1024)));
  const excluded = options.all('exclude').map((pattern) => compile(`^(?:${patternSource(pattern)})$`, 'u'));
  let status = 0;
  let total = 0;
  const measure = async (path: string, depth: number): Promise<number> => {
    await proc.tick();
    const found = proc.files.find(path, false);
    if (!found) {
      status = await fail(proc, `cannot access '${path}': No such file or directory`);
      return 0;
    }
    let bytes =
      options.has('b') || options.has('apparent-size')
        ? found.size
        : found.type === 'link'
          ? 0
          : Math.max(found.type === 'dir' ? 1 : 0, Math.ceil(found.size / BLOCK_BYTES)) * BLOCK_BYTES;
    if (found.type === 'dir' && proc.files.may(found, 'read'))
      for (const name of proc.files.list(path)) {
        if (excluded.some((pattern) => pattern.test(name))) continue;
        const below = `${path.replace(/\/$/, '')}/${name}`;
        const size = await measure(below, depth + 1);
        if (!options.has('S') || proc.files.find(below, false)?.type !== 'dir') bytes += size;
      }
    if (depth <= depthLimit && (found.type === 'dir' || options.has('a') || depth === 0))
      await proc.print(`${shown(bytes)}\t${path}\n`);
    return bytes;
  };
  for (const path of options.rest.length > 0 ? options.rest : ['.']) total += await measure(path, 0);
  if (options.has('c')) await proc.print(`${shown(total)}\ttotal\n`);
  return status;
};

export const free: Program = async (proc) => {
  const options = getopt(proc.argv, 'bghkmtw', { human: 'h', mega: 'm', giga: 'g', bytes: 'b' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const { total, used, cached, free, available } = memoryUse(proc.machine);
  const show = (kb: number) =>
    options.has('h')
      ? `${humanSize(kb * 1024)}i`
      : String(
          Math.floor(
            options.has('b') ? kb * 1024 : options.has('m') ? kb / 1024 : options.has('g') ? kb / 1048576 : kb,
          ),
        );
  const row = (name: string, values: number[]) =>
    `${name.padEnd(9)}${values.map((kb) => show(kb).padStart(11)).join(' ')}\n`;
  await proc.print('               total        used        free      shared  buff/cache   available\n');
  await proc.print(row('Mem:', [total, used, free, 9000, cached, available]));
  await proc.print(row('Swap:', [0, 0, 0]));
  return 0;
};

export function uptimeLine(proc: Process): string {
  const { clock, bootedAt, processes } = proc.machine;
  const minutes = Math.floor((clock.now() - bootedAt) / 60_000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  const time =
    hours > 0 ? `${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, '0')}` : `${minutes % 60} min`;
  const users = new Set([...processes.values()].filter((p) => p.terminal).map((p) => p.sid)).size;
  return ` ${strftime('%H:%M:%S', clock.now())} up ${days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : ''}${time},  ${users} user${users === 1 ? '' : 's'},  load average: 0.08, 0.03, 0.01`;
}

export const uptime: Program = async (proc) => {
  if (/^(-V|--version)$/.test(proc.argv[1] ?? '')) return version(proc);
  await proc.print(`${uptimeLine(proc)}\n`);
  return 0;
};

export const top: Program = async (proc) => {
  const options = getopt(proc.argv, 'bcd:Hin:o:p:su:');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const batch = options.has('b') || !proc.stdout.terminal;
  const rounds = Number(options.get('n') ?? Number.POSITIVE_INFINITY);
  const delay = Number(options.get('d') ?? 3) * 1000;
  let quit = false;
  const { terminal } = proc.stdin;
  if (!batch && terminal) {
    terminal.raw();
    terminal.termios = { ...terminal.termios, isig: true, opost: true };
    proc.onExit(() => terminal.cooked());
  }
  for (let round = 0; round < rounds && !quit; round++) {
    const all = [...proc.machine.pids.processes.values()];
    const stopped = all.filter((p) => p.state === 'stopped').length;
    const rows = all.map(
      (p) =>
        `${String(p.pid).padStart(7)} ${nameOfUser(proc, p.uid).padEnd(8)}  20   0    8192   4096   3072 ${p === proc ? 'R' : p.state === 'stopped' ? 'T' : 'S'}   0.0   0.1   0:00.00 ${p.name}`,
    );
    const head = [
      `top -${uptimeLine(proc).replace(/^ /, ' ')}`,
      `Tasks: ${String(all.length).padStart(3)} total,   1 running, ${String(all.length - 1 - stopped).padStart(3)} sleeping, ${String(stopped).padStart(3)} stopped,   0 zombie`,
      '%Cpu(s):  0.3 us,  0.2 sy,  0.0 ni, 99.5 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st',
      `MiB Mem : ${(MEMORY_KB / 1024).toFixed(1).padStart(8)} total,   4850.2 free,    900.4 used,   2069.8 buff/cache`,
      'MiB Swap:      0.0 total,      0.0 free,      0.0 used.   6650.3 avail Mem',
      '',
      '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
    ];
    const lines = [...head, ...rows];
    if (batch) await proc.print(`${round > 0 ? '\n' : ''}${lines.join('\n')}\n`);
    else
      await proc.print(
        `\x1b[H${lines
          .slice(0, (terminal?.size.rows ?? 24) - 1)
          .map((line) => `${line}\x1b[K`)
          .join('\n')}\x1b[J`,
      );
    if (round + 1 >= rounds) break;
    if (batch || !terminal) await proc.sleep(delay);
    else quit = await keyWithin(proc, delay);
  }
  if (!batch) await proc.print('\n');
  return 0;
};

/** Waits for a key; true when it was `q`. */
async function keyWithin(proc: Process, ms: number): Promise<boolean> {
  const abort = new AbortController();
  const cancel = proc.machine.clock.after(ms, () => abort.abort(new Error('no key')));
  try {
    const key = await proc.read(0, 1, abort.signal);
    return key === null || key[0] === 113;
  } catch (error) {
    if (proc.killed.aborted) throw error;
    return false;
  } finally {
    cancel();
  }
}
