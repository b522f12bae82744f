// `git branch`, `checkout`, `switch`, `tag`, `merge` (as far as nothing has to be merged line by line).
import { changesBetween, goToTree, place, workTree } from './changes';
import { type Command, flags, type Git, within } from './context';
import { GitError } from './error';
import { history } from './look';
import { modes, short, stat } from './patch';

export const branch: Command = async (git, args) => {
  const wish = flags(
    'branch [<options>] [-r | -a] [--merged] [--no-merged]',
    args,
    '-a --all -r --remotes -v -vv --verbose -d -D --delete -m -M --move --show-current --list -f --force -q',
  );
  const { repository } = git;
  const [name, other] = wish.rest;
  if (wish.has('--show-current')) {
    await git.print(repository.branch ? `${repository.branch}\n` : '');
    return 0;
  }
  if (wish.has('-d -D --delete')) return dropBranches(git, wish.rest, wish.has('-D'));
  if (wish.has('-m -M --move')) return renameBranch(git, name, other);
  if (name === undefined || wish.has('--list')) {
    await git.print(branchList(git, wish.has('-a --all'), wish.has('-r --remotes'), wish.has('-v -vv --verbose')));
    return 0;
  }
  if (repository.ref(`refs/heads/${name}`) && !wish.has('-f --force'))
    throw new GitError(`fatal: a branch named '${name}' already exists`);
  makeBranch(git, name, other);
  return 0;
};

function makeBranch(git: Git, name: string, from = 'HEAD'): string {
  const { repository } = git;
  if (!/^[^\s~^:?*[\\]+$/.test(name) || /^-|\.\.|\/$|\.lock$|^\.|\/\//.test(name))
    throw new GitError(`fatal: '${name}' is not a valid branch name`);
  const id = repository.resolve(from);
  if (!id)
    throw new GitError(`fatal: not a valid object name: '${from === 'HEAD' ? (repository.branch ?? 'HEAD') : from}'`);
  repository.setRef(`refs/heads/${name}`, id);
  return id;
}

/** ` -> origin/main` of a remote's HEAD. */
function arrow(git: Git, name: string): string {
  const target = git.repository.pointed(`refs/remotes/${name}`);
  return target === undefined ? '' : ` -> ${target.replace('refs/remotes/', '')}`;
}

function branchList(git: Git, all: boolean, remotes: boolean, verbose: boolean): string {
  const { repository } = git;
  const local = remotes ? [] : repository.refs('refs/heads');
  const far = all || remotes ? repository.refs('refs/remotes') : [];
  const rows: { mark: string; name: string; id: string | undefined }[] = [];
  if (!remotes && repository.branch === undefined)
    rows.push({ mark: '*', name: `(HEAD detached at ${short(repository.head ?? '')})`, id: repository.head });
  for (const name of local)
    rows.push({ mark: name === repository.branch ? '*' : ' ', name, id: repository.ref(`refs/heads/${name}`) });
  for (const name of far)
    rows.push({
      mark: ' ',
      name: `${remotes ? '' : 'remotes/'}${name}${arrow(git, name)}`,
      id: repository.ref(`refs/remotes/${name}`),
    });
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  return rows
    .map(({ mark, name, id }) => {
      if (!verbose || !id || !/^[0-9a-f]{40}$/.test(id)) return `${mark} ${name}\n`;
      return `${mark} ${name.padEnd(width)} ${short(id)} ${repository.commit(id).message.split('\n')[0]}\n`;
    })
    .join('');
}

async function dropBranches(git: Git, names: string[], force: boolean): Promise<number> {
  const { repository } = git;
  if (names.length === 0) throw new GitError('fatal: branch name required');
  let status = 0;
  for (const name of names) {
    const id = repository.ref(`refs/heads/${name}`);
    if (!id) {
      await git.complain(`error: branch '${name}' not found.\n`);
      status = 1;
    } else if (name === repository.branch) {
      await git.complain(`error: Cannot delete branch '${name}' checked out at '${repository.root}'\n`);
      status = 1;
    } else if (!force && !history(git, repository.head ?? id).some((commit) => commit.id === id)) {
      await git.complain(
        `error: The branch '${name}' is not fully merged.\nIf you are sure you want to delete it, run 'git branch -D ${name}'.\n`,
      );
      status = 1;
    } else {
      repository.dropRef(`refs/heads/${name}`);
      await git.print(`Deleted branch ${name} (was ${short(id)}).\n`);
    }
  }
  return status;
}

function renameBranch(git: Git, first: string | undefined, second: string | undefined): Promise<number> {
  const { repository } = git;
  const from = second === undefined ? repository.branch : first;
  const to = second ?? first;
  if (!from || !to) throw new GitError('fatal: branch name required');
  const id = repository.ref(`refs/heads/${from}`);
  if (!id && from !== repository.branch) throw new GitError(`fatal: no branch named '${from}'`);
  if (from !== to && repository.ref(`refs/heads/${to}`))
    throw new GitError(`fatal: a branch named '${to}' already exists`);
  const current = repository.branch === from;
  if (id) {
    repository.setRef(`refs/heads/${to}`, id);
    if (from !== to) repository.dropRef(`refs/heads/${from}`);
  }
  if (current) repository.pointHead(to);
  return Promise.resolve(0);
}

export const switchTo: Command = async (git, args) => {
  const wish = flags('switch [<options>] [<branch>]', args, '-d --detach -f --force -q --quiet', '-c --create -C');
  const fresh = wish.get('-c --create -C');
  if (fresh !== undefined) return startBranch(git, fresh, wish.rest[0], wish.has('-C'));
  const [name] = wish.rest;
  if (name === undefined) throw new GitError('fatal: missing branch or commit argument');
  if (wish.has('-d --detach')) return detach(git, name, false);
  const { repository } = git;
  if (!known(git, name) && repository.resolve(name))
    throw new GitError(
      `fatal: a branch is expected, got commit '${name}'\nhint: If you want to detach HEAD at the commit, try again with the --detach option.`,
    );
  if (!known(git, name)) throw new GitError(`fatal: invalid reference: ${name}`);
  return goToBranch(git, name);
};

export const checkout: Command = async (git, args) => {
  const wish = flags('checkout [<options>] <branch>', args, '-f --force -q --quiet --detach -t', '-b -B');
  const { repository } = git;
  const fresh = wish.get('-b -B');
  if (fresh !== undefined) return startBranch(git, fresh, wish.rest[0], wish.has('-B'));
  const [name, ...more] = wish.rest;
  if (args.includes('--')) return checkoutPaths(git, name, wish.paths, false);
  if (name === undefined) return 0;
  if (more.length === 0 && known(git, name) && !wish.has('--detach')) return goToBranch(git, name);
  if (more.length === 0 && repository.resolve(name)) return detach(git, name, true);
  if (repository.resolve(name) && more.length > 0) return checkoutPaths(git, name, more);
  return checkoutPaths(git, undefined, wish.rest);
};

/** A branch of that name is here, or one of a remote's. */
const known = (git: Git, name: string): boolean =>
  git.repository.branch === name ||
  git.repository.ref(`refs/heads/${name}`) !== undefined ||
  git.repository.ref(`refs/remotes/origin/${name}`) !== undefined;

async function startBranch(git: Git, name: string, from: string | undefined, force: boolean): Promise<number> {
  const { repository } = git;
  if (repository.ref(`refs/heads/${name}`) && !force)
    throw new GitError(`fatal: a branch named '${name}' already exists`);
  if (!repository.head && from === undefined) repository.pointHead(name);
  else {
    const id = git.commitOf(from ?? 'HEAD');
    goToTree(repository, repository.tree(repository.commit(id).tree));
    makeBranch(git, name, from);
    repository.pointHead(name);
  }
  await git.complain(`Switched to a new branch '${name}'\n`);
  return 0;
}

async function goToBranch(git: Git, name: string): Promise<number> {
  const { repository } = git;
  if (name === repository.branch) {
    await git.complain(`Already on '${name}'\n`);
    return 0;
  }
  let follows = '';
  if (!repository.ref(`refs/heads/${name}`)) {
    const theirs = repository.ref(`refs/remotes/origin/${name}`) as string;
    repository.setRef(`refs/heads/${name}`, theirs);
    repository.configure(`branch.${name}.remote`, 'origin');
    repository.configure(`branch.${name}.merge`, `refs/heads/${name}`);
    follows = `branch '${name}' set up to track 'origin/${name}'.\n`;
  }
  const id = repository.ref(`refs/heads/${name}`) as string;
  goToTree(repository, repository.tree(repository.commit(id).tree));
  await git.print(local(git));
  repository.pointHead(name);
  await git.complain(`Switched to ${follows ? 'a new ' : ''}branch '${name}'\n`);
  await git.print(follows);
  return 0;
}

/** The changes that were taken along. */
const local = (git: Git): string =>
  changesBetween(git.repository.index, workTree(git.repository), false)
    .map(({ letter, path }) => `${letter}\t${path}\n`)
    .join('');

async function detach(git: Git, name: string, advises: boolean): Promise<number> {
  const { repository } = git;
  const id = git.commitOf(name);
  goToTree(repository, repository.tree(repository.commit(id).tree));
  const wasOnBranch = repository.branch !== undefined;
  repository.detachHead(id);
  const at = `HEAD is now at ${short(id)} ${repository.commit(id).message.split('\n')[0]}\n`;
  await git.complain(
    advises && wasOnBranch
      ? `Note: switching to '${name}'.\n\nYou are in 'detached HEAD' state. You can look around, make experimental\nchanges and commit them, and you can discard any commits you make in this\nstate without impacting any branches by switching back to a branch.\n\nIf you want to create a new branch to retain commits you create, you may\ndo so (now or later) by using -c with the switch command. Example:\n\n  git switch -c <new-branch-name>\n\nOr undo this operation with:\n\n  git switch -\n\nTurn off this advice by setting config variable advice.detachedHead to false\n\n${at}`
      : at,
  );
  return 0;
}

async function checkoutPaths(git: Git, source: string | undefined, paths: string[], says = true): Promise<number> {
  const { repository } = git;
  const tree = source === undefined ? repository.index : repository.tree(repository.commit(git.commitOf(source)).tree);
  const { index } = repository;
  let count = 0;
  for (const word of paths) {
    const found = [...tree].filter(([path]) => within(path, [git.pathFrom(word)]));
    if (found.length === 0) throw new GitError(`error: pathspec '${word}' did not match any file(s) known to git`, 1);
    for (const [path, entry] of found) {
      if (repository.entryNow(path)?.id !== entry.id) count++;
      place(repository, path, entry);
      index.set(path, entry);
    }
  }
  repository.index = index;
  if (!says) return 0;
  await git.complain(
    `Updated ${count} path${count === 1 ? '' : 's'} from ${source === undefined ? 'the index' : short(repository.commit(git.commitOf(source)).tree)}\n`,
  );
  return 0;
}

export const tag: Command = async (git, args) => {
  const wish = flags(
    'tag [-a | -s | -u <key-id>] [-f] [-m <msg> | -F <file>] <tagname> [<commit>]',
    args,
    '-l --list -d --delete -f --force',
  );
  const { repository } = git;
  const [name, at = 'HEAD'] = wish.rest;
  if (name === undefined || wish.has('-l --list')) {
    await git.print(
      repository
        .refs('refs/tags')
        .map((each) => `${each}\n`)
        .join(''),
    );
    return 0;
  }
  const old = repository.ref(`refs/tags/${name}`);
  if (wish.has('-d --delete')) {
    if (!old) throw new GitError(`error: tag '${name}' not found.`, 1);
    repository.dropRef(`refs/tags/${name}`);
    await git.print(`Deleted tag '${name}' (was ${short(old)})\n`);
    return 0;
  }
  if (old && !wish.has('-f --force')) throw new GitError(`fatal: tag '${name}' already exists`);
  const id = repository.resolve(at);
  if (!id) throw new GitError(`fatal: Failed to resolve '${at}' as a valid ref.`);
  repository.setRef(`refs/tags/${name}`, id);
  return 0;
};

export const merge: Command = async (git, args) => {
  const wish = flags('merge [<options>] [<commit>...]', args, '--ff-only --no-ff --ff -q --no-edit --abort', '-m');
  const { repository } = git;
  const [name] = wish.rest;
  if (name === undefined) throw new GitError('fatal: No remote for the current branch.');
  const theirs = repository.resolve(name);
  if (!theirs) throw new GitError(`merge: ${name} - not something we can merge`, 1);
  const { head } = repository;
  if (head && history(git, head).some(({ id }) => id === theirs)) {
    await git.print('Already up to date.\n');
    return 0;
  }
  if (head && !history(git, theirs).some(({ id }) => id === head))
    throw new GitError(
      wish.has('--ff-only')
        ? 'fatal: Not possible to fast-forward, aborting.'
        : 'fatal: not supported: merging branches that have both moved on',
    );
  return fastForward(git, head, theirs);
};

/** Moves the present branch on to a commit that comes after it. */
export async function fastForward(git: Git, head: string | undefined, to: string): Promise<number> {
  const { repository } = git;
  const before = repository.headTree();
  const after = repository.tree(repository.commit(to).tree);
  goToTree(repository, after);
  repository.moveHead(to);
  const changes = changesBetween(before, after);
  await git.print(
    `${head ? `Updating ${short(head)}..${short(to)}\n` : ''}Fast-forward\n${stat(repository, changes)}${modes(changes)}`,
  );
  return 0;
}
