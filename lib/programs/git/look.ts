// `git log`, `show`, `diff`, `rev-parse`, `ls-files`.
import { type Change, changesBetween, workTree } from './changes';
import { type Command, flags, type Git, within } from './context';
import { GitError } from './error';
import { patch, type Reader, short, stat } from './patch';
import { dateOf } from './record';
import type { Commit, Tree } from './repository';

const stored =
  (git: Git): Reader =>
  (_, entry) =>
    entry ? git.repository.blob(entry.id) : '';
const asItIs =
  (git: Git): Reader =>
  (path, entry) =>
    entry?.mode === '120000'
      ? git.repository.files.readlink(git.repository.work(path))
      : git.repository.files.readText(git.repository.work(path));

export const diff: Command = async (git, args) => {
  const wish = parsed(
    (word) => new GitError(`error: invalid option: ${word}`, 129),
    'diff [<options>] [<commit>] [--] [<path>...]',
    args,
    '--cached --staged --stat --name-only --name-status -p --no-color --color --exit-code --quiet -w',
  );
  const { repository } = git;
  const revisions: string[] = [];
  const paths = [...wish.paths];
  for (const word of wish.rest) {
    const parts = word.split('..');
    if (paths.length === 0 && parts.length === 2) revisions.push(...parts.map((part) => part || 'HEAD'));
    else if (paths.length === 0 && repository.resolve(word)) revisions.push(word);
    else if (repository.files.exists(repository.work(git.pathFrom(word))) || repository.index.has(git.pathFrom(word)))
      paths.push(word);
    else git.commitOf(word);
  }
  const tree = (name: string): Tree => repository.tree(repository.commit(git.commitOf(name)).tree);
  const [first, second] = revisions;
  const cached = wish.has('--cached --staged');
  const before = first ? tree(first) : cached ? repository.headTree() : repository.index;
  const after = second ? tree(second) : cached ? repository.index : workTree(repository);
  const wanted = paths.map((word) => git.pathFrom(word));
  const changes = changesBetween(before, after).filter(({ path }) => within(path, wanted));
  await git.print(shape(git, wish, changes, second || cached ? stored(git) : asItIs(git)));
  return wish.has('--exit-code --quiet') && changes.length > 0 ? 1 : 0;
};

function shape(git: Git, wish: ReturnType<typeof flags>, changes: Change[], after: Reader): string {
  if (wish.has('--quiet')) return '';
  if (wish.has('--name-only')) return changes.map(({ path }) => `${path}\n`).join('');
  if (wish.has('--name-status'))
    return changes.map(({ path, letter, from }) => `${letter}${from ? `100\t${from}` : ''}\t${path}\n`).join('');
  if (wish.has('--stat')) {
    for (const { path, after: entry } of changes) if (entry && after !== stored(git)) git.repository.entryOf(path);
    return stat(git.repository, changes);
  }
  return patch(changes, stored(git), after);
}

/** Commits from one back, newest first. */
export function history(git: Git, from: string): Commit[] {
  const { repository } = git;
  const seen = new Map<string, Commit>();
  const queue = [from];
  for (let id = queue.shift(); id; id = queue.shift()) {
    if (seen.has(id)) continue;
    const commit = repository.commit(id);
    seen.set(id, commit);
    queue.push(...commit.parents);
  }
  const time = (commit: Commit) => Number(/(\d+) [+-]\d+$/.exec(commit.committer)?.[1] ?? 0);
  return [...seen.values()].sort((a, b) => time(b) - time(a)); // stable: children stay before their parents
}

const commitChanges = (git: Git, commit: Commit): Change[] => {
  const { repository } = git;
  const parent = commit.parents[0];
  return changesBetween(
    parent ? repository.tree(repository.commit(parent).tree) : new Map(),
    repository.tree(commit.tree),
  );
};

/** ` (HEAD -> main, origin/main)`, on a terminal or when asked for. */
function decoration(git: Git, id: string): string {
  const { repository } = git;
  const { branch, head } = repository;
  const names: string[] = [];
  if (head === id) names.push(branch ? `HEAD -> ${branch}` : 'HEAD');
  for (const tag of repository.refs('refs/tags'))
    if (repository.ref(`refs/tags/${tag}`) === id) names.push(`tag: ${tag}`);
  for (const remote of repository.refs('refs/remotes'))
    if (repository.ref(`refs/remotes/${remote}`) === id) names.push(remote);
  for (const name of repository.refs('refs/heads'))
    if (name !== branch && repository.ref(`refs/heads/${name}`) === id) names.push(name);
  return names.length > 0 ? ` (${names.join(', ')})` : '';
}

function commitText(git: Git, commit: Commit, decorated: boolean): string {
  const author = commit.author.replace(/ \d+ [+-]\d+$/, '');
  const merge = commit.parents.length > 1 ? `Merge: ${commit.parents.map(short).join(' ')}\n` : '';
  const body = commit.message
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
  return `commit ${commit.id}${decorated ? decoration(git, commit.id) : ''}\n${merge}Author: ${author}\nDate:   ${dateOf(commit.author)}\n\n${body}\n`;
}

/** Flags, with the message that a command of its own has for those it does not know. */
function parsed(refuse: (word: string) => GitError, ...given: Parameters<typeof flags>): ReturnType<typeof flags> {
  try {
    return flags(...given);
  } catch (error) {
    const unknown =
      error instanceof GitError ? /unknown (?:option|switch) `([^']*)'/.exec(error.message)?.[1] : undefined;
    throw unknown === undefined ? error : refuse(unknown.length === 1 ? `-${unknown}` : `--${unknown}`);
  }
}

const unrecognized = (word: string): GitError => new GitError(`fatal: unrecognized argument: ${word}`);

export const log: Command = async (git, args) => {
  const counted = args.map((word) => (/^-\d+$/.test(word) ? `-n${word.slice(1)}` : word));
  const wish = parsed(
    unrecognized,
    'log [<options>] [<revision-range>] [[--] <path>...]',
    counted,
    '--oneline --stat -p --patch --decorate --no-decorate --all --graph --reverse --name-only --name-status --color --no-color',
    '-n --max-count --pretty --format --author --grep',
  );
  if (wish.has('--graph')) throw new GitError('fatal: not supported: --graph');
  const { repository, proc } = git;
  const [start = 'HEAD', ...more] = wish.rest;
  if (start === 'HEAD' && !repository.head)
    throw new GitError(`fatal: your current branch '${repository.branch}' does not have any commits yet`);
  const isPath = wish.rest.length > 0 && !repository.resolve(start.split('..')[0] || 'HEAD');
  if (isPath && !repository.index.has(git.pathFrom(start))) git.commitOf(start);
  const [excluded, end] = !isPath && start.includes('..') ? start.split('..') : [undefined, isPath ? 'HEAD' : start];
  let commits = history(git, git.commitOf(end || 'HEAD'));
  if (excluded !== undefined) {
    const known = new Set(history(git, git.commitOf(excluded || 'HEAD')).map(({ id }) => id));
    commits = commits.filter(({ id }) => !known.has(id));
  }
  const wanted = [...(isPath ? [start] : []), ...more, ...wish.paths].map((word) => git.pathFrom(word));
  if (wanted.length > 0)
    commits = commits.filter((commit) => commitChanges(git, commit).some(({ path }) => within(path, wanted)));
  const author = wish.get('--author');
  if (author) commits = commits.filter((commit) => commit.author.includes(author));
  const grep = wish.get('--grep');
  if (grep) commits = commits.filter(({ message }) => message.includes(grep));
  commits = commits.slice(0, Number(wish.get('-n --max-count') ?? commits.length));
  if (wish.has('--reverse')) commits.reverse();
  const decorated = wish.has('--decorate') || (proc.stdout.terminal !== undefined && !wish.has('--no-decorate'));
  const format = wish.get('--pretty --format')?.replace(/^(t?format):/, '');
  const oneLine = wish.has('--oneline') || format === 'oneline';
  const parts = commits.map((commit) => {
    if (oneLine)
      return `${format ? commit.id : short(commit.id)}${decorated ? decoration(git, commit.id) : ''} ${subject(commit)}\n`;
    if (format !== undefined && !/^(short|medium|full)$/.test(format)) return `${formatted(format, commit)}\n`;
    return commitText(git, commit, decorated);
  });
  const extra = (commit: Commit) => {
    const changes = commitChanges(git, commit);
    if (wish.has('--stat --name-only --name-status') || wish.has('-p --patch'))
      return `${oneLine ? '' : '\n'}${shape(git, wish, changes, stored(git))}`;
    return '';
  };
  await git.print(
    parts.map((part, i) => part + extra(commits[i] as Commit)).join(oneLine || format !== undefined ? '' : '\n'),
  );
  return 0;
};

const subject = (commit: Commit): string => commit.message.split('\n')[0] ?? '';

function formatted(format: string, commit: Commit): string {
  const [, name = '', email = ''] = /^(.*) <(.*)> \d+ [+-]\d+$/.exec(commit.author) ?? [];
  const values: Record<string, string> = {
    H: commit.id,
    h: short(commit.id),
    T: commit.tree,
    P: commit.parents.join(' '),
    p: commit.parents.map(short).join(' '),
    an: name,
    ae: email,
    ad: dateOf(commit.author),
    s: subject(commit),
    B: commit.message,
    b: commit.message.split('\n').slice(2).join('\n'),
    n: '\n',
    '%': '%',
  };
  return format.replace(/%(an|ae|ad|[HhTPpsBbn%])/g, (_, code: string) => values[code] ?? '');
}

export const show: Command = async (git, args) => {
  const wish = parsed(
    unrecognized,
    'show [<options>] <object>...',
    args,
    '--stat --name-only --name-status -s --no-patch -p --oneline --color --no-color',
  );
  const { repository, proc } = git;
  for (const name of wish.rest.length > 0 ? wish.rest : ['HEAD']) {
    const [revision = '', path] = name.split(/:(.*)/s);
    if (path !== undefined) {
      const tree = revision === '' ? repository.index : repository.tree(repository.commit(git.commitOf(revision)).tree);
      const entry = tree.get(path);
      if (!entry) throw new GitError(`fatal: path '${path}' does not exist in '${revision}'`);
      await git.print(repository.blob(entry.id));
      continue;
    }
    if (name === 'HEAD' && !repository.head)
      throw new GitError(`fatal: your current branch '${repository.branch}' does not have any commits yet`);
    const commit = repository.commit(git.commitOf(name));
    const head = wish.has('--oneline')
      ? `${short(commit.id)} ${subject(commit)}\n`
      : commitText(git, commit, proc.stdout.terminal !== undefined);
    const body = wish.has('-s --no-patch') ? '' : shape(git, wish, commitChanges(git, commit), stored(git));
    await git.print(head + (body && !wish.has('--oneline') ? '\n' : '') + body);
  }
  return 0;
};

export const revParse: Command = async (git, args) => {
  for (const word of args) {
    const { repository } = git;
    if (word === '--show-toplevel') await git.print(`${repository.root}\n`);
    else if (word === '--is-inside-work-tree') await git.print('true\n');
    else if (word === '--git-dir')
      await git.print(git.cwd === repository.root ? '.git\n' : `${repository.root}/.git\n`);
    else if (word === '--short' || word === '--abbrev-ref' || word === '--verify') continue;
    else if (args.includes('--abbrev-ref') && word === 'HEAD') await git.print(`${repository.branch ?? 'HEAD'}\n`);
    else {
      const id = repository.resolve(word);
      if (!id && !args.includes('--verify')) await git.print(`${word}\n`);
      const full = id ?? git.commitOf(word);
      await git.print(`${args.includes('--short') ? short(full) : full}\n`);
    }
  }
  return 0;
};

export const lsFiles: Command = async (git, args) => {
  const wish = flags('ls-files [<options>] [<file>...]', args, '-c --cached -s --stage');
  const wanted = [...wish.rest, ...wish.paths].map((word) => git.pathFrom(word));
  const rows = [...git.repository.index].filter(([path]) => within(path, wanted));
  await git.print(
    rows
      .map(([path, { mode, id }]) => `${wish.has('-s --stage') ? `${mode} ${id} 0\t` : ''}${git.shown(path)}\n`)
      .join(''),
  );
  return 0;
};
