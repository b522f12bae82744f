// `git add`, `commit`, `rm`, `mv`, `restore`, `reset`: what goes into the next commit.
import { changesBetween, filesBelow, ignores, place, workTree } from './changes';
import { type Command, flags, type Git, within } from './context';
import { GitError } from './error';
import { modes, short, summary } from './patch';
import { statusText } from './status';

const missing = (given: string): GitError => new GitError(`fatal: pathspec '${given}' did not match any files`);

export const add: Command = async (git, args) => {
  const wish = flags(
    'add [<options>] [--] <pathspec>...',
    args,
    '-A --all -u --update -f --force -n --dry-run -v --verbose -N',
  );
  const given = [...wish.rest, ...wish.paths];
  const all = wish.has('-A --all -u --update');
  if (given.length === 0 && !all) {
    await git.complain(
      'Nothing specified, nothing added.\nhint: Maybe you wanted to say \'git add .\'?\nhint: Turn this message off by running\nhint: "git config advice.addEmptyPathspec false"\n',
    );
    return 0;
  }
  const { repository } = git;
  const { index } = repository;
  const ignored = wish.has('-f --force') ? () => false : ignores(repository);
  const hidden: string[] = [];
  for (const word of given.length > 0 ? given : ['']) {
    const path = word === '' ? '' : git.pathFrom(word);
    const there = filesBelow(repository, path, ignored);
    const known = [...index.keys()].filter((each) => within(each, [path]));
    if (there.length === 0 && known.length === 0) {
      const stat = repository.files.find(repository.work(path), false);
      if (stat && ignored(path, stat.type === 'dir')) hidden.push(word);
      else if (stat?.type !== 'dir') throw missing(word);
    }
    for (const each of new Set([...there, ...known])) {
      if (wish.has('-u --update') && !index.has(each)) continue;
      const entry = repository.entryOf(each);
      if (wish.has('-v --verbose -n --dry-run') && entry?.id !== index.get(each)?.id)
        await git.print(`${entry ? 'add' : 'remove'} '${each}'\n`);
      if (entry) index.set(each, entry);
      else index.delete(each);
    }
  }
  if (!wish.has('-n --dry-run')) repository.index = index;
  if (hidden.length === 0) return 0;
  await git.complain(
    `The following paths are ignored by one of your .gitignore files:\n${hidden.map((path) => `${path}\n`).join('')}hint: Use -f if you really want to add them.\nhint: Turn this message off by running\nhint: "git config advice.addIgnoredFile false"\n`,
  );
  return 1;
};

export const commit: Command = async (git, args) => {
  const wish = flags(
    'commit [<options>] [--] <pathspec>...',
    args,
    '-a --all --amend --allow-empty --no-edit -q --quiet -v -s --signoff',
    '-m --message -F --file --author',
  );
  const { repository } = git;
  if (wish.has('-a --all')) stageKnown(git);
  for (const path of [...wish.rest, ...wish.paths]) await add(git, [path]);
  const author = wish.has('--amend') ? '' : git.identity('AUTHOR');
  const committer = git.identity('COMMITTER');
  const amended = wish.has('--amend') ? repository.head : undefined;
  if (wish.has('--amend') && !amended) throw new GitError('fatal: You have nothing to amend.');
  const old = amended ? repository.commit(amended) : undefined;
  const { text, staged } = statusText(git, true);
  if (!staged && !old && !wish.has('--allow-empty')) {
    await git.print(text);
    return 1;
  }
  const message = messageOf(git, wish, old?.message);
  const parents = old ? old.parents : repository.head ? [repository.head] : [];
  const before = parents[0] ? repository.tree(repository.commit(parents[0]).tree) : new Map();
  const given = wish.get('--author');
  const id = repository.putCommit({
    tree: repository.putTree(repository.index),
    parents,
    author: old?.author ?? (given ? `${given} ${author.split(' ').slice(-2).join(' ')}` : author),
    committer,
    message,
  });
  repository.moveHead(id);
  if (wish.has('-q --quiet')) return 0;
  const changes = changesBetween(before, repository.index);
  const where = repository.branch ?? 'detached HEAD';
  await git.print(`[${where}${parents.length === 0 ? ' (root-commit)' : ''} ${short(id)}] ${message.split('\n')[0]}\n`);
  if (old) await git.print(` Date: ${dateOf(old.author)}\n`);
  if (changes.length > 0) await git.print(summary(repository, changes) + modes(changes));
  return 0;
};

function stageKnown(git: Git): void {
  const { repository } = git;
  const { index } = repository;
  for (const path of [...index.keys()]) {
    const entry = repository.entryOf(path);
    if (entry) index.set(path, entry);
    else index.delete(path);
  }
  repository.index = index;
}

function messageOf(git: Git, wish: ReturnType<typeof flags>, old: string | undefined): string {
  const given = wish.all('-m --message');
  const file = wish.get('-F --file');
  const text = given.length > 0 ? given.join('\n\n') : file === undefined ? old : git.proc.files.readText(file);
  if (text === undefined)
    throw new GitError(
      'error: not supported: writing the message in an editor\nPlease supply the message using either -m or -F option.',
      1,
    );
  const clean = text.replace(/[ \t]+$/gm, '').trim();
  if (clean === '') throw new GitError('Aborting commit due to empty commit message.', 1);
  return `${clean}\n`;
}

const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `Thu Jan 1 00:00:00 2026 +0000` of an author or committer. */
export function dateOf(who: string): string {
  const date = new Date(Number(/(\d+) [+-]\d+$/.exec(who)?.[1] ?? 0) * 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${date.getUTCFullYear()} +0000`;
}

export const rm: Command = async (git, args) => {
  const wish = flags('rm [<options>] [--] <file>...', args, '-r -f --force --cached -q --quiet -n --dry-run');
  const { repository } = git;
  const { index } = repository;
  const given = [...wish.rest, ...wish.paths];
  if (given.length === 0) throw new GitError('fatal: No pathspec was given. Which files should I remove?');
  const head = repository.headTree();
  const doomed: string[] = [];
  for (const word of given) {
    const path = git.pathFrom(word);
    const found = [...index.keys()].filter((each) => within(each, [path]));
    if (found.length === 0) throw missing(word);
    if (found[0] !== path && !wish.has('-r'))
      throw new GitError(`fatal: not removing '${word}' recursively without -r`);
    doomed.push(...found);
  }
  if (!wish.has('-f --force --cached')) refuseToLose(git, doomed, head);
  for (const path of doomed) {
    if (!wish.has('-q --quiet')) await git.print(`rm '${path}'\n`);
    if (wish.has('-n --dry-run')) continue;
    index.delete(path);
    if (!wish.has('--cached')) place(repository, path, undefined);
  }
  repository.index = index;
  return 0;
};

function refuseToLose(git: Git, paths: string[], head: ReturnType<Git['repository']['headTree']>): void {
  const { repository } = git;
  const now = workTree(repository);
  const { index } = repository;
  const staged = paths.filter((path) => index.get(path)?.id !== head.get(path)?.id);
  const local = paths.filter(
    (path) => now.get(path) && now.get(path)?.id !== index.get(path)?.id && !staged.includes(path),
  );
  const list = (names: string[]) => names.map((name) => `    ${name}\n`).join('');
  const files = (names: string[]) => (names.length === 1 ? 'file has' : 'files have');
  if (staged.length > 0)
    throw new GitError(
      `error: the following ${files(staged)} changes staged in the index:\n${list(staged)}(use --cached to keep the file, or -f to force removal)`,
      1,
    );
  if (local.length > 0)
    throw new GitError(
      `error: the following ${files(local)} local modifications:\n${list(local)}(use --cached to keep the file, or -f to force removal)`,
      1,
    );
}

export const mv: Command = async (git, args) => {
  const wish = flags('mv [<options>] <source>... <destination>', args, '-f --force -v --verbose -n -k');
  const { repository } = git;
  const { files } = repository;
  const { index } = repository;
  const given = [...wish.rest, ...wish.paths];
  const target = given.pop();
  if (target === undefined || given.length === 0)
    throw new GitError('usage: git mv [<options>] <source>... <destination>', 129);
  const to = git.pathFrom(target);
  const intoFolder = files.find(repository.work(to))?.type === 'dir';
  for (const word of given) {
    const from = git.pathFrom(word);
    const goal = intoFolder ? `${to === '' ? '' : `${to}/`}${from.replace(/.*\//, '')}` : to;
    const fail = (why: string) => new GitError(`fatal: ${why}, source=${from}, destination=${goal}`);
    if (!files.exists(repository.work(from))) throw fail('bad source');
    const known = [...index.keys()].filter((each) => within(each, [from]));
    if (known.length === 0) throw fail('not under version control');
    if (files.exists(repository.work(goal)) && !wish.has('-f --force')) throw fail('destination exists');
    files.rename(repository.work(from), repository.work(goal));
    for (const path of known) {
      const entry = index.get(path);
      index.delete(path);
      if (entry) index.set(goal + path.slice(from.length), entry);
    }
  }
  repository.index = index;
  return 0;
};

export const restore: Command = async (git, args) => {
  const wish = flags(
    'restore [<options>] [--source=<branch>] <file>...',
    args,
    '-S --staged -W --worktree -q',
    '-s --source',
  );
  const given = [...wish.rest, ...wish.paths];
  if (given.length === 0) throw new GitError('fatal: you must specify path(s) to restore');
  const { repository } = git;
  const source = wish.get('-s --source');
  const tree = source
    ? repository.tree(repository.commit(git.commitOf(source)).tree)
    : wish.has('-S --staged')
      ? repository.headTree()
      : repository.index;
  const { index } = repository;
  for (const word of given) {
    const path = git.pathFrom(word);
    const names = new Set([...tree.keys(), ...index.keys()].filter((each) => within(each, [path])));
    if (names.size === 0) throw new GitError(`error: pathspec '${word}' did not match any file(s) known to git`, 1);
    for (const name of names) {
      const entry = tree.get(name);
      if (wish.has('-W --worktree') || !wish.has('-S --staged')) place(repository, name, entry);
      if (!wish.has('-S --staged')) continue;
      if (entry) index.set(name, entry);
      else index.delete(name);
    }
  }
  repository.index = index;
  return 0;
};

export const reset: Command = async (git, args) => {
  const wish = flags('reset [--mixed | --soft | --hard] [-q] [<commit>]', args, '--soft --mixed --hard -q --quiet');
  const { repository } = git;
  const [first] = wish.rest;
  const isCommit = first !== undefined && repository.resolve(first) !== undefined;
  const paths = [...(isCommit ? wish.rest.slice(1) : wish.rest), ...wish.paths];
  const id = isCommit ? git.commitOf(first) : repository.head;
  if (paths.length > 0) {
    const tree = id ? repository.tree(repository.commit(id).tree) : new Map();
    if (wish.has('--hard')) throw new GitError('fatal: Cannot do hard reset with paths.');
    for (const word of paths)
      if (
        !repository.files.exists(repository.work(git.pathFrom(word))) &&
        ![...tree.keys(), ...repository.index.keys()].some((each) => within(each, [git.pathFrom(word)]))
      )
        git.commitOf(word);
    const { index } = repository;
    for (const name of new Set([...tree.keys(), ...index.keys()])) {
      if (
        !within(
          name,
          paths.map((word) => git.pathFrom(word)),
        )
      )
        continue;
      const entry = tree.get(name);
      if (entry) index.set(name, entry);
      else index.delete(name);
    }
    repository.index = index;
    return listUnstaged(git, wish.has('-q --quiet'));
  }
  if (!id) {
    repository.index = new Map();
    return 0;
  }
  const target = repository.tree(repository.commit(id).tree);
  const before = repository.index;
  if (repository.head) repository.setRef('ORIG_HEAD', repository.head);
  repository.moveHead(id);
  if (wish.has('--soft')) return 0;
  if (wish.has('--hard')) {
    for (const name of new Set([...before.keys(), ...target.keys()]))
      if (repository.entryNow(name)?.id !== target.get(name)?.id) place(repository, name, target.get(name));
    repository.index = target;
    await git.print(`HEAD is now at ${short(id)} ${repository.commit(id).message.split('\n')[0]}\n`);
    return 0;
  }
  repository.index = target;
  return listUnstaged(git, wish.has('-q --quiet'));
};

async function listUnstaged(git: Git, quiet: boolean): Promise<number> {
  const changes = changesBetween(git.repository.index, workTree(git.repository), false);
  if (changes.length > 0 && !quiet)
    await git.print(
      `Unstaged changes after reset:\n${changes.map(({ letter, path }) => `${letter}\t${path}\n`).join('')}`,
    );
  return 0;
}
