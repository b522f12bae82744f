// Tests of files: `-e`, `-d`, `-x`, `-nt` and so on.
import type { Shell } from '../shell';

export function fileTest(shell: Shell, operator: string, path: string): boolean {
  const { files, uid, gid } = shell.proc;
  const follow = operator !== '-h' && operator !== '-L';
  if (operator === '-p') return isPipe(shell, path);
  const stat = files.find(path, follow);
  if (!stat) return false;
  switch (operator) {
    case '-a':
    case '-e':
      return true;
    case '-f':
      return stat.type === 'file';
    case '-d':
      return stat.type === 'dir';
    case '-h':
    case '-L':
      return stat.type === 'link';
    case '-s':
      return stat.size > 0;
    case '-r':
      return files.may(stat, 'read');
    case '-w':
      return files.may(stat, 'write');
    case '-x':
      return files.may(stat, 'execute');
    case '-c':
      return stat.type === 'device';
    case '-u':
      return (stat.mode & 0o4000) !== 0;
    case '-g':
      return (stat.mode & 0o2000) !== 0;
    case '-k':
      return (stat.mode & 0o1000) !== 0;
    case '-O':
      return stat.uid === uid;
    case '-G':
      return stat.gid === gid;
    default:
      return false; // -b, -S: there are no such files here; -N: access times are not kept
  }
}

const STREAMS: Record<string, number> = { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 };

/** Named pipes, and those that a descriptor is the end of. */
function isPipe(shell: Shell, path: string): boolean {
  const fd = STREAMS[path] ?? Number(/^\/dev\/fd\/(\d+)$/.exec(path)?.[1] ?? Number.NaN);
  const description = shell.proc.fds.get(fd)?.description;
  if (description) return description.name === 'pipe' || description.ready !== undefined;
  return shell.proc.files.find(path)?.type === 'fifo';
}

export function compareFiles(shell: Shell, left: string, operator: string, right: string): boolean {
  const a = shell.proc.files.find(left);
  const b = shell.proc.files.find(right);
  if (operator === '-ef') return a !== undefined && a.path === b?.path;
  if (operator === '-nt') return a !== undefined && (b === undefined || a.mtime > b.mtime);
  return b !== undefined && (a === undefined || a.mtime < b.mtime);
}
