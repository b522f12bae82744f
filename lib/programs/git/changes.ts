// What differs between the last commit, the index and the files; what .gitignore hides; how files are put where a commit has them.
import { Errno } from '../../machine/errno';
import { GitError } from './error';
import type { IndexEntry, Repository, Tree } from './repository';

export interface Change {
  path: string;
  letter: 'A' | 'M' | 'D' | 'R';
  from?: string;
  before?: IndexEntry | undefined;
  after?: IndexEntry | undefined;
}

/** From one tree to another, in the order of the paths; a file that was taken away and put elsewhere is a rename. */
export function changesBetween(before: Tree, after: Tree, renames = true): Change[] {
  const found: Change[] = [];
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [a, b] = [before.get(path), after.get(path)];
    if (a && b && (a.id !== b.id || a.mode !== b.mode)) found.push({ path, letter: 'M', before: a, after: b });
    else if (a && !b) found.push({ path, letter: 'D', before: a });
    else if (!a && b) found.push({ path, letter: 'A', after: b });
  }
  return renames ? joinRenames(found) : found;
}

function joinRenames(changes: Change[]): Change[] {
  const gone = changes.filter(({ letter }) => letter === 'D');
  const used = new Set<Change>();
  const joined = changes.map((change): Change => {
    if (change.letter !== 'A') return change;
    const from = gone.find((each) => each.before?.id === change.after?.id && !used.has(each));
    if (!from) return change;
    used.add(from);
    return { ...change, letter: 'R', from: from.path, before: from.before };
  });
  return joined.filter((change) => !used.has(change));
}

/** Files as they are now of what the index knows. */
export function workTree(repository: Repository): Tree {
  const found: Tree = new Map();
  for (const path of repository.index.keys()) {
    const entry = repository.entryNow(path);
    if (entry) found.set(path, entry);
  }
  return found;
}

/** Every file below a folder of the tree, ignored ones left out. */
export function filesBelow(repository: Repository, folder: string, ignored = ignores(repository)): string[] {
  const { files } = repository;
  const found: string[] = [];
  const visit = (path: string) => {
    const at = repository.work(path);
    if (path === '.git' || (path !== '' && ignored(path, files.find(at, false)?.type === 'dir'))) return;
    const stat = files.find(at, false);
    if (stat?.type === 'dir') for (const name of files.list(at)) visit(path === '' ? name : `${path}/${name}`);
    else if (stat) found.push(path);
  };
  visit(folder);
  return found.sort();
}

/** Untracked files; a folder with nothing that is tracked stands for all in it. */
export function untracked(repository: Repository, all = false): string[] {
  const { index } = repository;
  const tracked = [...index.keys()];
  const found = new Set<string>();
  for (const path of filesBelow(repository, '')) {
    if (index.has(path)) continue;
    const parts = path.split('/');
    const depth = parts.findIndex(
      (_, i) => i < parts.length - 1 && !tracked.some((one) => one.startsWith(`${parts.slice(0, i + 1).join('/')}/`)),
    );
    found.add(all || depth < 0 ? path : `${parts.slice(0, depth + 1).join('/')}/`);
  }
  return [...found];
}

/** Whether .gitignore and .git/info/exclude name a path. */
export function ignores(repository: Repository): (path: string, isFolder: boolean) => boolean {
  const texts = [repository.work('.gitignore'), repository.path('info/exclude')].map((path) => {
    try {
      return repository.files.readText(path);
    } catch (error) {
      if (error instanceof Errno) return '';
      throw error;
    }
  });
  const rules = texts
    .join('\n')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ negated: line.startsWith('!'), folder: line.endsWith('/'), pattern: patternOf(line) }));
  return (path, isFolder) => {
    let hidden = false;
    for (const { negated, folder, pattern } of rules)
      if ((!folder || isFolder) && pattern.test(path)) hidden = !negated;
    return hidden;
  };
}

function patternOf(line: string): RegExp {
  const text = line.replace(/^!/, '').replace(/\/$/, '');
  const anchored = text.includes('/');
  const source = text
    .replace(/^\//, '')
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (star) =>
      star === '**/' ? '(?:.*/)?' : star === '**' ? '.*' : star === '*' ? '[^/]*' : '[^/]',
    );
  return new RegExp(anchored ? `^${source}$` : `(^|/)${source}$`);
}

/** Puts one file of a tree where it belongs, or takes it away. */
export function place(repository: Repository, path: string, entry: IndexEntry | undefined): void {
  const { files } = repository;
  const at = repository.work(path);
  if (files.find(at, false)) files.unlink(at);
  if (!entry) return removeEmpty(repository, path);
  if (entry.mode === '120000') return files.symlink(repository.blob(entry.id), at);
  repository.write(at, new Uint8Array(repository.get(entry.id).data), entry.mode === '100755' ? 0o777 : 0o666);
}

function removeEmpty(repository: Repository, path: string): void {
  for (let folder = path.replace(/\/?[^/]*$/, ''); folder !== ''; folder = folder.replace(/\/?[^/]*$/, '')) {
    const at = repository.work(folder);
    if (!repository.files.exists(at) || repository.files.list(at).length > 0) return;
    repository.files.rmdir(at);
  }
}

/** Goes to another commit's files; throws when that would lose changes. */
export function goToTree(repository: Repository, target: Tree): void {
  const { index } = repository;
  const head = repository.headTree();
  const now = workTree(repository);
  const lost: string[] = [];
  const covered: string[] = [];
  const steps = changesBetween(head, target, false);
  for (const { path, after } of steps) {
    const [inIndex, inTree] = [index.get(path), now.get(path)];
    if (!inIndex && repository.entryNow(path) && repository.entryNow(path)?.id !== after?.id) covered.push(path);
    else if (inIndex && (inIndex.id !== head.get(path)?.id || inTree?.id !== inIndex.id) && inTree?.id !== after?.id)
      lost.push(path);
  }
  if (lost.length > 0)
    throw new GitError(
      `error: Your local changes to the following files would be overwritten by checkout:\n${lost.map((path) => `\t${path}\n`).join('')}Please commit your changes or stash them before you switch branches.\nAborting`,
      1,
    );
  if (covered.length > 0)
    throw new GitError(
      `error: The following untracked working tree files would be overwritten by checkout:\n${covered.map((path) => `\t${path}\n`).join('')}Please move or remove them before you switch branches.\nAborting`,
      1,
    );
  for (const { path, after } of steps) {
    place(repository, path, after);
    if (after) index.set(path, after);
    else index.delete(path);
  }
  repository.index = index;
}
