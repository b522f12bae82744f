// A repository under .git: objects as git stores them (compressed, named by SHA-1), refs, HEAD, config.
// DIFFERS: the index is a text of our own, and nothing is ever packed.
import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import type { Files } from '../../machine/files';
import { toText } from '../../machine/fs';
import { writeConfig } from './config';
import { GitError } from './error';

export interface IndexEntry {
  mode: string;
  id: string;
}

/** Paths from the top of the tree. */
export type Tree = Map<string, IndexEntry>;

export interface Commit {
  id: string;
  tree: string;
  parents: string[];
  author: string;
  committer: string;
  message: string;
}

export class Repository {
  constructor(
    readonly files: Files,
    /** The folder that has `.git`. */
    readonly root: string,
  ) {}

  /** The repository that a folder is in. */
  static find(files: Files, cwd: string): Repository | undefined {
    for (let at = cwd; ; at = at.replace(/\/[^/]*$/, '')) {
      if (files.exists(`${at}/.git/HEAD`)) return new Repository(files, at === '' ? '/' : at);
      if (at === '') return undefined;
    }
  }

  path(name: string): string {
    return `${this.root.replace(/\/$/, '')}/.git/${name}`;
  }

  /** Where a path of the tree is in the world. */
  work(path: string): string {
    return `${this.root.replace(/\/$/, '')}/${path}`;
  }

  private makeFolders(path: string): void {
    const parts = path.split('/').slice(1, -1);
    for (let n = 1; n <= parts.length; n++) {
      const folder = `/${parts.slice(0, n).join('/')}`;
      if (!this.files.exists(folder)) this.files.mkdir(folder);
    }
  }

  write(path: string, data: string | Uint8Array, mode = 0o666): void {
    this.makeFolders(path);
    this.files.write(path, data, mode);
  }

  private text(name: string): string | undefined {
    const path = this.path(name);
    return this.files.find(path)?.type === 'file' ? this.files.readText(path) : undefined;
  }

  create(branch: string): void {
    for (const name of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'hooks', 'info'])
      this.makeFolders(`${this.path(name)}/x`);
    this.write(this.path('HEAD'), `ref: refs/heads/${branch}\n`);
    this.write(
      this.path('config'),
      '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n',
    );
    this.write(this.path('description'), "Unnamed repository; edit this file 'description' to name the repository.\n");
    this.write(this.path('info/exclude'), '# git ls-files --others --exclude-from=.git/info/exclude\n');
  }

  // Objects

  put(kind: 'blob' | 'tree' | 'commit', data: Uint8Array): string {
    const bytes = Buffer.concat([Buffer.from(`${kind} ${data.length}\0`), data]);
    const id = createHash('sha1').update(bytes).digest('hex');
    const path = this.path(`objects/${id.slice(0, 2)}/${id.slice(2)}`);
    if (!this.files.exists(path)) this.write(path, new Uint8Array(deflateSync(bytes)), 0o444);
    return id;
  }

  get(id: string): { kind: string; data: Buffer } {
    const path = this.path(`objects/${id.slice(0, 2)}/${id.slice(2)}`);
    if (!this.files.exists(path)) throw new GitError(`fatal: bad object ${id}`);
    const bytes = inflateSync(this.files.readBytes(path));
    const end = bytes.indexOf(0);
    return { kind: bytes.subarray(0, end).toString().split(' ')[0] ?? '', data: bytes.subarray(end + 1) };
  }

  blob(id: string): string {
    return toText(new Uint8Array(this.get(id).data));
  }

  putTree(tree: Tree): string {
    const folders = new Map<string, Tree>();
    const rows: { name: string; mode: string; id: string; key: string }[] = [];
    for (const [path, entry] of tree) {
      const slash = path.indexOf('/');
      if (slash < 0) rows.push({ name: path, ...entry, key: path });
      else {
        const name = path.slice(0, slash);
        const inner = folders.get(name) ?? new Map<string, IndexEntry>();
        folders.set(name, inner.set(path.slice(slash + 1), entry));
      }
    }
    for (const [name, inner] of folders) rows.push({ name, mode: '40000', id: this.putTree(inner), key: `${name}/` });
    rows.sort((a, b) => (a.key < b.key ? -1 : 1));
    const parts = rows.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);
    return this.put('tree', Buffer.concat(parts));
  }

  tree(id: string, prefix = ''): Tree {
    const { data } = this.get(id);
    const found: Tree = new Map();
    for (let at = 0; at < data.length; ) {
      const end = data.indexOf(0, at);
      const [mode = '', name = ''] = data.subarray(at, end).toString().split(/ (.*)/s);
      const child = data.subarray(end + 1, end + 21).toString('hex');
      at = end + 21;
      if (mode === '40000') for (const [path, entry] of this.tree(child, `${prefix}${name}/`)) found.set(path, entry);
      else found.set(`${prefix}${name}`, { mode, id: child });
    }
    return found;
  }

  putCommit(commit: Omit<Commit, 'id'>): string {
    const head = [
      `tree ${commit.tree}`,
      ...commit.parents.map((parent) => `parent ${parent}`),
      `author ${commit.author}`,
      `committer ${commit.committer}`,
    ];
    return this.put('commit', Buffer.from(`${head.join('\n')}\n\n${commit.message}`));
  }

  commit(id: string): Commit {
    const text = this.get(id).data.toString();
    const end = text.indexOf('\n\n');
    const fields = text.slice(0, end).split('\n');
    const all = (name: string) =>
      fields.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
    return {
      id,
      tree: all('tree')[0] ?? '',
      parents: all('parent'),
      author: all('author')[0] ?? '',
      committer: all('committer')[0] ?? '',
      message: text.slice(end + 2),
    };
  }

  // Refs

  /** The branch that HEAD is on; undefined when it is detached. */
  get branch(): string | undefined {
    return /^ref: refs\/heads\/(.*)\n/.exec(this.text('HEAD') ?? '')?.[1];
  }

  get head(): string | undefined {
    const { branch } = this;
    return branch === undefined ? this.text('HEAD')?.trim() : this.ref(`refs/heads/${branch}`);
  }

  ref(name: string): string | undefined {
    const target = this.pointed(name);
    return target === undefined ? this.text(name)?.trim() : this.ref(target);
  }

  /** The ref that a symbolic one points to. */
  pointed(name: string): string | undefined {
    return /^ref: (.*)\n/.exec(this.text(name) ?? '')?.[1];
  }

  /** Sets a value of this repository's configuration, or takes it out. */
  configure(key: string, value: string | undefined): void {
    this.write(this.path('config'), writeConfig(this.text('config') ?? '', key, value));
  }

  setRef(name: string, id: string): void {
    this.write(this.path(name), `${id}\n`);
  }

  dropRef(name: string): void {
    this.files.unlink(this.path(name));
  }

  /** Moves the present branch, or HEAD itself when it is detached. */
  moveHead(id: string): void {
    const { branch } = this;
    if (branch === undefined) this.write(this.path('HEAD'), `${id}\n`);
    else this.setRef(`refs/heads/${branch}`, id);
  }

  pointHead(branch: string): void {
    this.write(this.path('HEAD'), `ref: refs/heads/${branch}\n`);
  }

  detachHead(id: string): void {
    this.write(this.path('HEAD'), `${id}\n`);
  }

  /** Names below a folder of refs, sorted. */
  refs(folder: string): string[] {
    const found: string[] = [];
    const visit = (path: string, prefix: string) => {
      if (!this.files.exists(path)) return;
      for (const name of this.files.list(path))
        if (this.files.stat(`${path}/${name}`).type === 'dir') visit(`${path}/${name}`, `${prefix}${name}/`);
        else found.push(prefix + name);
    };
    visit(this.path(folder), '');
    return found.sort();
  }

  /** The commit that a name stands for: a branch, a tag, an id or its beginning, `HEAD~2`, `main^`. */
  resolve(name: string): string | undefined {
    const steps = /^(.*?)((?:~\d*|\^)+)$/.exec(name);
    if (steps) {
      let id = this.resolve(steps[1] ?? '');
      for (const step of steps[2]?.match(/~\d*|\^/g) ?? [])
        for (let n = step === '^' ? 1 : Number(step.slice(1) || 1); n > 0; n--) id = id && this.commit(id).parents[0];
      return id;
    }
    if (name === 'HEAD' || name === '@') return this.head;
    for (const folder of ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'])
      if (/^(refs\/|ORIG_HEAD$)/.test(folder + name)) {
        const id = this.ref(folder + name);
        if (id && /^[0-9a-f]{40}$/.test(id)) return id;
      }
    return /^[0-9a-f]{4,40}$/.test(name) ? this.byBeginning(name) : undefined;
  }

  private byBeginning(start: string): string | undefined {
    const folder = this.path(`objects/${start.slice(0, 2)}`);
    if (!this.files.exists(folder)) return undefined;
    const found = this.files.list(folder).filter((name) => name.startsWith(start.slice(2)));
    const id = found.length === 1 ? start.slice(0, 2) + found[0] : undefined;
    return id && this.get(id).kind === 'commit' ? id : undefined;
  }

  // The index

  get index(): Tree {
    const rows = (this.text('index') ?? '').split('\n').filter(Boolean);
    return new Map(
      rows.map((row) => {
        const [mode = '', id = '', path = ''] = row.split(/ (\S+) (.*)/);
        return [path, { mode, id }];
      }),
    );
  }

  set index(tree: Tree) {
    const rows = [...tree]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, { mode, id }]) => `${mode} ${id} ${path}\n`);
    this.write(this.path('index'), rows.join(''));
  }

  headTree(): Tree {
    const { head } = this;
    return head === undefined ? new Map() : this.tree(this.commit(head).tree);
  }

  /** A file of the work tree as an entry, stored. */
  entryOf(path: string): IndexEntry | undefined {
    const stat = this.files.find(this.work(path), false);
    if (!stat || stat.type === 'dir' || stat.type === 'device' || stat.type === 'fifo') return undefined;
    if (stat.type === 'link') return { mode: '120000', id: this.put('blob', Buffer.from(stat.target ?? '')) };
    return {
      mode: stat.mode & 0o100 ? '100755' : '100644',
      id: this.put('blob', this.files.readBytes(this.work(path))),
    };
  }

  /** The entry without storing it. */
  entryNow(path: string): IndexEntry | undefined {
    const stat = this.files.find(this.work(path), false);
    if (!stat || stat.type === 'dir' || stat.type === 'device' || stat.type === 'fifo') return undefined;
    const data = stat.type === 'link' ? Buffer.from(stat.target ?? '') : this.files.readBytes(this.work(path));
    const id = createHash('sha1')
      .update(Buffer.concat([Buffer.from(`blob ${data.length}\0`), data]))
      .digest('hex');
    return { mode: stat.type === 'link' ? '120000' : stat.mode & 0o100 ? '100755' : '100644', id };
  }
}
