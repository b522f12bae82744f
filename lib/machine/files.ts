// The file calls of one process: names are looked up from its directory, with its rights, through symbolic links.
import { type Description, OpenFile, type OpenFlags, RegularFile } from './descriptor';
import { Errno } from './errno';
import { type Entry, toBytes, toText } from './fs';
import { LIMITS } from './limits';
import { dirname, join, parts } from './path';
import { OWN_PROCESS } from './proc-files';
import type { Process } from './process';

export interface Stat extends Entry {
  /** The absolute path with links followed. */
  path: string;
  size: number;
}

const READ = 4;
const WRITE = 2;
const EXECUTE = 1;

const SET_GROUP_ID = 0o2000;
const PIPE: Entry = { type: 'fifo', mode: 0o600, uid: 0, gid: 0, mtime: 0 };

export class Files {
  constructor(private readonly proc: Process) {}

  private get mounts() {
    return this.proc.machine.mounts;
  }

  /** Absolute path with every link followed; the last part need not exist. With `follow` false the last part is kept as it is. */
  realpath(path: string, follow = true): string {
    const at = this.locate(path, follow);
    const { root } = this.proc;
    return root === '/' ? at : at.slice(root.length) || '/';
  }

  /** The same as a path of the machine, for a process whose root is elsewhere. */
  private locate(path: string, follow = true): string {
    const { root } = this.proc;
    if (path === '') throw new Errno('ENOENT', path);
    if (path.length > LIMITS.pathBytes) throw new Errno('ENAMETOOLONG', path);
    let rest = [...(path.startsWith('/') ? [] : parts(this.proc.cwd)), ...parts(path)];
    let at = root;
    let links = 0;
    while (rest.length > 0) {
      const [part, ...more] = rest as [string, ...string[]];
      rest = more;
      if (part === '.') continue;
      if (part === '..') {
        at = at === root ? root : dirname(at);
        continue;
      }
      const next = join(at, part);
      const entry = this.entryAt(next);
      if (entry?.type === 'link' && (rest.length > 0 || follow || path.endsWith('/'))) {
        if (++links > LIMITS.symlinks) throw new Errno('ELOOP', path);
        const target = entry.target ?? '';
        rest = [...parts(target), ...rest];
        if (target.startsWith('/')) at = root;
        continue;
      }
      if (rest.length > 0) this.mustBeDirectory(entry, path);
      at = next;
    }
    if (path.endsWith('/') && at !== root) this.mustBeDirectory(this.mounts.lookup(at), path);
    return at;
  }

  private entryAt(real: string): Entry | undefined {
    const entry = this.mounts.lookup(real);
    return entry && entry.target === OWN_PROCESS ? { ...entry, target: String(this.proc.pid) } : entry;
  }

  stat(path: string, follow = true): Stat {
    const own = /^\/dev\/fd\/(\d+)$/.exec(path);
    if (own && this.proc.fds.has(Number(own[1])))
      return { ...PIPE, path, size: 0, uid: this.proc.uid, gid: this.proc.gid };
    const real = this.locate(path, follow);
    const entry = this.entryAt(real);
    if (!entry) throw new Errno('ENOENT', path);
    return { ...entry, path: real, size: sizeOf(entry) };
  }

  find(path: string, follow = true): Stat | undefined {
    try {
      return this.stat(path, follow);
    } catch (error) {
      if (error instanceof Errno) return undefined;
      throw error;
    }
  }

  exists(path: string): boolean {
    return this.find(path) !== undefined;
  }

  /** Whether this process may read, write, execute. */
  may(entry: Entry, want: 'read' | 'write' | 'execute'): boolean {
    const bit = want === 'read' ? READ : want === 'write' ? WRITE : EXECUTE;
    const { uid, gid } = this.proc;
    if (uid === 0) return want !== 'execute' || entry.type === 'dir' || (entry.mode & 0o111) !== 0;
    const shift =
      entry.uid === uid ? 6 : entry.gid === gid || this.proc.machine.groupsOf(uid).includes(entry.gid) ? 3 : 0;
    return ((entry.mode >> shift) & bit) !== 0;
  }

  readBytes(path: string): Uint8Array {
    const stat = this.stat(path);
    if (stat.type === 'dir') throw new Errno('EISDIR', path);
    if (!this.may(stat, 'read')) throw new Errno('EACCES', path);
    return stat.data ?? new Uint8Array();
  }

  readText(path: string): string {
    return toText(this.readBytes(path));
  }

  write(path: string, data: string | Uint8Array, mode = 0o666): void {
    const bytes = typeof data === 'string' ? toBytes(data) : data;
    const file = this.open(path, { write: true, create: true, truncate: true }, mode);
    file.release();
    const { fs, inner } = this.mounts.find(this.locate(path));
    if (fs.lookup(inner)?.type === 'file') fs.change(inner, { data: bytes });
  }

  /** Opens a file or device; the caller releases what it gets. */
  open(path: string, flags: OpenFlags, mode = 0o666): OpenFile {
    const own = /^(?:\/dev\/fd|\/proc\/self\/fd)\/(\d+)$/.exec(path);
    if (own) return this.ownDescriptor(Number(own[1]), path);
    const real = this.locate(path);
    let entry = this.mounts.lookup(real);
    if (entry && flags.exclusive && flags.create) throw new Errno('EEXIST', path);
    const writes = flags.write || flags.append;
    if (!entry) {
      if (!flags.create) throw new Errno('ENOENT', path);
      entry = this.make(real, path, { type: 'file', mode: mode & ~this.proc.umask, data: new Uint8Array() });
    } else {
      if (entry.type === 'dir' && writes) throw new Errno('EISDIR', path);
      if (flags.read && !this.may(entry, 'read')) throw new Errno('EACCES', path);
      if (writes && !this.may(entry, 'write')) throw new Errno('EACCES', path);
    }
    if (entry.type === 'device') return new OpenFile(this.device(entry, path));
    const { fs, inner } = this.mounts.find(real);
    if (entry.type === 'fifo') return new OpenFile(fs.fifo(inner).open(real, flags));
    if (writes && fs.readOnly) throw new Errno('EROFS', path);
    if (flags.truncate && writes && (entry.data?.length ?? 0) > 0) fs.change(inner, { data: new Uint8Array() });
    return new OpenFile(new RegularFile(fs, inner, real, flags));
  }

  /** /dev/fd/N: the process' own descriptor once more. */
  private ownDescriptor(fd: number, path: string): OpenFile {
    const file = this.proc.fds.get(fd);
    if (!file) throw new Errno('ENOENT', path);
    return file.share();
  }

  list(path: string): string[] {
    const stat = this.stat(path);
    if (stat.type !== 'dir') throw new Errno('ENOTDIR', path);
    if (!this.may(stat, 'read')) throw new Errno('EACCES', path);
    return this.mounts.names(stat.path);
  }

  mkdir(path: string, mode = 0o777): void {
    const real = this.locate(path.replace(/(.)\/+$/, '$1'), false);
    if (this.mounts.lookup(real)) throw new Errno('EEXIST', path);
    this.make(real, path, { type: 'dir', mode: mode & ~this.proc.umask });
  }

  mkfifo(path: string, mode = 0o666): void {
    const real = this.locate(path, false);
    if (this.mounts.lookup(real)) throw new Errno('EEXIST', path);
    this.make(real, path, { type: 'fifo', mode: mode & ~this.proc.umask });
  }

  symlink(target: string, path: string): void {
    const real = this.locate(path, false);
    if (this.mounts.lookup(real)) throw new Errno('EEXIST', path);
    this.make(real, path, { type: 'link', mode: 0o777, target });
  }

  readlink(path: string): string {
    const stat = this.stat(path, false);
    if (stat.type !== 'link') throw new Errno('EINVAL', path);
    return stat.target ?? '';
  }

  unlink(path: string): void {
    const stat = this.stat(path, false);
    if (stat.type === 'dir') throw new Errno('EISDIR', path);
    this.removeAt(stat.path, path);
  }

  rmdir(path: string): void {
    const stat = this.stat(path, false);
    if (stat.type !== 'dir') throw new Errno('ENOTDIR', path);
    this.removeAt(stat.path, path);
  }

  /** Within one file system; EXDEV across two, as Linux. */
  rename(from: string, to: string): void {
    const source = this.stat(from, false);
    const target = this.locate(to.replace(/(.)\/+$/, '$1'), false);
    this.mayChange(source.path, from);
    this.mayChange(target, to);
    const a = this.mounts.find(source.path);
    const b = this.mounts.find(target);
    if (a.fs !== b.fs) throw new Errno('EXDEV', to);
    a.fs.rename(a.inner, b.inner);
  }

  chmod(path: string, mode: number): void {
    this.changeOwned(path, { mode });
  }

  chown(path: string, uid: number, gid: number): void {
    if (this.proc.uid !== 0) throw new Errno('EPERM', path);
    this.changeOwned(path, { uid, gid });
  }

  touch(path: string, mtime: number): void {
    const { fs, inner } = this.mounts.find(this.locate(path));
    fs.change(inner, { mtime });
  }

  private changeOwned(path: string, fields: Partial<Entry>): void {
    const stat = this.stat(path);
    if (this.proc.uid !== 0 && this.proc.uid !== stat.uid) throw new Errno('EPERM', path);
    const { fs, inner } = this.mounts.find(stat.path);
    fs.change(inner, fields);
  }

  private make(real: string, path: string, what: Pick<Entry, 'type' | 'mode'> & Partial<Entry>): Entry {
    const parent = this.mounts.lookup(dirname(real));
    if (!parent) throw new Errno('ENOENT', path);
    this.mustBeDirectory(parent, path);
    this.mayChange(real, path);
    const inherits = (parent.mode & SET_GROUP_ID) !== 0; // what is made in such a directory gets its group
    const entry: Entry = {
      uid: this.proc.uid,
      gid: inherits ? parent.gid : this.proc.gid,
      mtime: this.proc.machine.clock.now(),
      ...what,
      ...(inherits && what.type === 'dir' && { mode: what.mode | SET_GROUP_ID }),
    };
    const { fs, inner } = this.mounts.find(real);
    fs.set(inner, entry);
    return entry;
  }

  private removeAt(real: string, path: string): void {
    this.mayChange(real, path);
    const { fs, inner } = this.mounts.find(real);
    if (inner === '/') throw new Errno('EBUSY', path);
    fs.remove(inner);
  }

  /** Names in a directory may be changed by who may write it; in a sticky one only by the owner. */
  private mayChange(real: string, path: string): void {
    const parent = this.mounts.lookup(dirname(real));
    if (!parent) throw new Errno('ENOENT', path);
    if (!this.may(parent, 'write')) throw new Errno('EACCES', path);
    const entry = this.mounts.lookup(real);
    const sticky = (parent.mode & 0o1000) !== 0;
    if (sticky && entry && this.proc.uid !== 0 && entry.uid !== this.proc.uid && parent.uid !== this.proc.uid)
      throw new Errno('EPERM', path);
  }

  private mustBeDirectory(entry: Entry | undefined, path: string): void {
    if (!entry) throw new Errno('ENOENT', path);
    if (entry.type !== 'dir') throw new Errno('ENOTDIR', path);
    if (!this.may(entry, 'execute')) throw new Errno('EACCES', path);
  }

  private device(entry: Entry, path: string): Description {
    const open = this.proc.machine.devices[entry.device ?? ''];
    if (!open) throw new Errno('ENOENT', path);
    return open(this.proc);
  }
}

const sizeOf = (entry: Entry): number =>
  entry.data?.length ?? entry.target?.length ?? (entry.type === 'dir' ? 4096 : 0);
