// A file system held in memory: an image's files below (shared, never changed), a machine's own changes above (a table of
// the world's state, one row a changed path), as an overlay file system has it.
import type { Table } from '../sim/state';
import { Errno } from './errno';
import { Fifo } from './fifo';
import { LIMITS } from './limits';
import { basename, dirname, join, parts } from './path';

/** What stands at a path. `data` of a file is bytes; `target` is a symbolic link's text; a device names its driver. */
export interface Entry {
  type: 'file' | 'dir' | 'link' | 'device' | 'fifo';
  /** Permission bits, 0o755. */
  mode: number;
  uid: number;
  gid: number;
  /** Milliseconds since the epoch. */
  mtime: number;
  data?: Uint8Array;
  target?: string;
  device?: string;
}

/** Files of an image by absolute path. */
export type ImageFiles = ReadonlyMap<string, Entry>;

type Notation = Record<string, string | Uint8Array | null | Partial<Entry>>;

/** The same, made when somebody looks: there are a hundred images, and a world runs five. */
export const imageFilesLater = (files: () => Notation): ImageFiles => new LaterFiles(() => imageFiles(files()));

/** A root with further or other files, made when somebody looks. */
export const imageFilesOver = (root: ImageFiles, files: Notation): ImageFiles =>
  new LaterFiles(() => new Map([...root, ...imageFiles(files)]));

class LaterFiles implements ImageFiles {
  private made: ImageFiles | undefined;

  constructor(private readonly make: () => ImageFiles) {}

  private get map(): ImageFiles {
    this.made ??= this.make();
    return this.made;
  }

  get size() {
    return this.map.size;
  }

  get(path: string) {
    return this.map.get(path);
  }

  has(path: string) {
    return this.map.has(path);
  }

  keys() {
    return this.map.keys();
  }

  values() {
    return this.map.values();
  }

  entries() {
    return this.map.entries();
  }

  forEach(act: (entry: Entry, path: string, map: ImageFiles) => void) {
    this.map.forEach(act);
  }

  [Symbol.iterator]() {
    return this.map[Symbol.iterator]();
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Makes the file map of an image from a short notation: text or bytes are files, `null` a directory. Parents are made. */
export function imageFiles(files: Notation, mtime = Date.UTC(2024, 10, 5, 9, 30)): ImageFiles {
  const map = new Map<string, Entry>();
  const dir: Entry = { type: 'dir', mode: 0o755, uid: 0, gid: 0, mtime };
  const addParents = (path: string) => {
    for (let up = dirname(path); !map.has(up); up = dirname(up)) {
      map.set(up, dir);
      if (up === '/') break;
    }
  };
  map.set('/', dir);
  for (const [path, what] of Object.entries(files)) {
    addParents(path);
    if (what === null) map.set(path, dir);
    else if (typeof what === 'string')
      map.set(path, { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime, data: encoder.encode(what) });
    else if (what instanceof Uint8Array)
      map.set(path, { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime, data: what });
    else map.set(path, { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime, ...what });
  }
  return map;
}

const childrenOf = new WeakMap<ImageFiles, Map<string, string[]>>();

function imageChildren(files: ImageFiles): Map<string, string[]> {
  let index = childrenOf.get(files);
  if (index) return index;
  index = new Map();
  for (const path of files.keys()) {
    if (path === '/') continue;
    const names = index.get(dirname(path));
    if (names) names.push(basename(path));
    else index.set(dirname(path), [basename(path)]);
  }
  childrenOf.set(files, index);
  return index;
}

/**
 * One file system (a root, or a volume mounted in it). Paths are absolute inside it and already normalised; symbolic links are
 * followed by the machine's name lookup, not here.
 */
export class FileSystem {
  private readonly own = new Map<string, Entry | null>(); // null: deleted
  private readonly ownChildren = new Map<string, Set<string>>();
  private readonly dirty = new Set<string>();
  private readonly watchers = new Map<string, () => void>();
  private readonly fifos = new Map<string, Fifo>();
  private bytes = 0;

  constructor(
    private readonly image: ImageFiles,
    private readonly table: Table | undefined,
    private readonly now: () => number,
    readonly readOnly = false,
  ) {
    for (const [path, entry] of table?.entries<Entry | null>() ?? []) this.put(path, entry);
  }

  lookup(path: string): Entry | undefined {
    const own = this.own.get(path);
    return own === undefined ? this.image.get(path) : (own ?? undefined);
  }

  /** What flows through a named pipe: one for all who open it. */
  fifo(path: string): Fifo {
    const fifo = this.fifos.get(path) ?? new Fifo();
    this.fifos.set(path, fifo);
    return fifo;
  }

  /** Tells of every change of a directory's own entries. One watcher a directory; inotify(7). */
  watch(directory: string, tell: () => void): void {
    this.watchers.set(directory, tell);
  }

  /** Names in a directory, sorted by code unit. */
  list(path: string): string[] {
    const names = new Set(imageChildren(this.image).get(path));
    for (const name of this.ownChildren.get(path) ?? []) {
      if (this.own.get(join(path, name))) names.add(name);
      else names.delete(name);
    }
    return [...names].sort();
  }

  /** Puts an entry at a path whose parent is a directory. */
  set(path: string, entry: Entry): void {
    this.check(path);
    const parent = this.lookup(dirname(path));
    if (!parent) throw new Errno('ENOENT', path);
    if (parent.type !== 'dir') throw new Errno('ENOTDIR', path);
    const grown = (entry.data?.length ?? 0) - (this.own.get(path)?.data?.length ?? 0);
    if (grown > 0 && this.bytes + grown > LIMITS.diskBytes) throw new Errno('ENOSPC', path);
    if (!this.own.has(path) && this.own.size >= LIMITS.files) throw new Errno('ENOSPC', path);
    this.put(path, entry);
    this.dirty.add(path);
    this.watchers.get(dirname(path))?.();
  }

  /** Changes fields of an entry; a changed `data` sets the time of change. */
  change(path: string, fields: Partial<Entry>): void {
    const entry = this.lookup(path);
    if (!entry) throw new Errno('ENOENT', path);
    this.set(path, { ...entry, ...(fields.data ? { mtime: this.now() } : {}), ...fields });
  }

  /** Removes a file, link or empty directory. */
  remove(path: string): void {
    this.check(path);
    const entry = this.lookup(path);
    if (!entry) throw new Errno('ENOENT', path);
    if (entry.type === 'dir' && this.list(path).length > 0) throw new Errno('ENOTEMPTY', path);
    this.put(path, this.image.has(path) ? null : undefined);
    this.fifos.delete(path);
    this.dirty.add(path);
    this.watchers.get(dirname(path))?.();
  }

  /** Moves an entry and, for a directory, all below it. */
  rename(from: string, to: string): void {
    const entry = this.lookup(from);
    if (!entry) throw new Errno('ENOENT', from);
    if (to === from) return;
    if (to.startsWith(`${from}/`)) throw new Errno('EINVAL', to);
    const there = this.lookup(to);
    if (there?.type === 'dir' && entry.type !== 'dir') throw new Errno('EISDIR', to);
    if (there && there.type !== 'dir' && entry.type === 'dir') throw new Errno('ENOTDIR', to);
    if (there) this.remove(to);
    this.set(to, entry);
    if (entry.type === 'fifo') this.fifos.set(to, this.fifo(from));
    if (entry.type === 'dir') for (const name of this.list(from)) this.rename(join(from, name), join(to, name));
    this.remove(from);
  }

  /** Writes what changed into the state's table. */
  flush(): void {
    if (!this.table) return;
    for (const path of this.dirty) {
      const own = this.own.get(path);
      if (own === undefined) this.table.delete(path);
      else this.table.set(path, own);
    }
    this.dirty.clear();
  }

  get usedBytes(): number {
    return this.bytes;
  }

  /** Files of its own, as its limit counts them. */
  get usedFiles(): number {
    return this.own.size;
  }

  private check(path: string): void {
    if (this.readOnly) throw new Errno('EROFS', path);
    if (path.length > LIMITS.pathBytes || basename(path).length > LIMITS.nameBytes)
      throw new Errno('ENAMETOOLONG', path);
  }

  private put(path: string, entry: Entry | null | undefined): void {
    this.bytes += (entry?.data?.length ?? 0) - (this.own.get(path)?.data?.length ?? 0);
    if (entry === undefined) this.own.delete(path);
    else this.own.set(path, entry);
    if (path === '/') return;
    const up = dirname(path);
    const names = this.ownChildren.get(up);
    if (names) names.add(basename(path));
    else this.ownChildren.set(up, new Set([basename(path)]));
  }
}

/** A file system as it is seen through a mount that may not be written to. */
export class ReadOnlyView extends FileSystem {
  constructor(private readonly behind: FileSystem) {
    super(new Map(), undefined, () => 0, true);
  }

  override lookup(path: string): Entry | undefined {
    return this.behind.lookup(path);
  }

  override list(path: string): string[] {
    return this.behind.list(path);
  }

  override fifo(path: string): Fifo {
    return this.behind.fifo(path);
  }

  override flush(): void {
    this.behind.flush();
  }
}

/** A directory or file of another file system, seen as a root of its own. */
export class Subtree extends FileSystem {
  constructor(
    private readonly whole: FileSystem,
    private readonly base: string,
  ) {
    super(new Map(), undefined, () => 0, whole.readOnly);
  }

  private at(path: string): string {
    return path === '/' ? this.base : this.base + path;
  }

  override lookup(path: string): Entry | undefined {
    return this.whole.lookup(this.at(path));
  }

  override list(path: string): string[] {
    return this.whole.list(this.at(path));
  }

  override fifo(path: string): Fifo {
    return this.whole.fifo(this.at(path));
  }

  override set(path: string, entry: Entry): void {
    this.whole.set(this.at(path), entry);
  }

  override change(path: string, fields: Partial<Entry>): void {
    this.whole.change(this.at(path), fields);
  }

  override remove(path: string): void {
    this.whole.remove(this.at(path));
  }

  override rename(from: string, to: string): void {
    this.whole.rename(this.at(from), this.at(to));
  }

  override flush(): void {
    this.whole.flush();
  }

  override get usedBytes(): number {
    return this.whole.usedBytes;
  }

  override get usedFiles(): number {
    return this.whole.usedFiles;
  }
}

/** A directory tree that programs see at `/`: a root file system and others mounted in it. */
export class Mounts {
  private readonly mounts: { at: string; fs: FileSystem; inside: string }[];

  constructor(root: FileSystem) {
    this.mounts = [{ at: '/', fs: root, inside: '' }];
  }

  /** Mounts at a path, which need not exist below; `inside`: only this directory or file of it, `/data`. */
  mount(at: string, fs: FileSystem, inside = ''): void {
    this.mounts.push({ at, fs, inside });
    this.mounts.sort((a, b) => b.at.length - a.at.length);
  }

  unmount(at: string): void {
    const i = this.mounts.findIndex((m) => m.at === at);
    if (i >= 0 && at !== '/') this.mounts.splice(i, 1);
  }

  list(): { at: string; fs: FileSystem }[] {
    return [...this.mounts].reverse();
  }

  /** The file system that holds a path, and the path inside it. */
  find(path: string): { fs: FileSystem; inner: string; at: string } {
    for (const { at, fs, inside } of this.mounts) {
      if (at === '/') return { fs, inner: path, at };
      if (path === at) return { fs, inner: inside || '/', at };
      if (path.startsWith(`${at}/`)) return { fs, inner: inside + path.slice(at.length), at };
    }
    throw new Errno('ENOENT', path);
  }

  flush(): void {
    for (const { fs } of this.mounts) fs.flush();
  }

  lookup(path: string): Entry | undefined {
    const { fs, inner } = this.find(path);
    return fs.lookup(inner) ?? (this.holdsMount(path) ? DIRECTORY : undefined);
  }

  names(path: string): string[] {
    const { fs, inner } = this.find(path);
    const names = new Set(fs.list(inner));
    for (const { at } of this.mounts) {
      const below = at !== path && at.startsWith(path === '/' ? '/' : `${path}/`);
      if (below) names.add(parts(at)[parts(path).length] as string);
    }
    return [...names].sort();
  }

  private holdsMount(path: string): boolean {
    return this.mounts.some(({ at }) => at.startsWith(`${path}/`));
  }
}

const DIRECTORY: Entry = { type: 'dir', mode: 0o755, uid: 0, gid: 0, mtime: 0 };

/** Bytes of a text; a lone surrogate U+DC80…DCFF stands for the byte that is no character, as the shell keeps it. */
export function toBytes(text: string): Uint8Array {
  if (!STRAY_BYTES.test(text)) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (character.length === 1 && code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}

const STRAY_BYTES = /(?<![\ud800-\udbff])[\udc80-\udcff]/;
export const toText = (bytes: Uint8Array): string => decoder.decode(bytes);
