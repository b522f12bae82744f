// `git init`, `clone`, `remote`, `fetch`, `pull`, `push`: other repositories, which are folders of the same machine.
// DIFFERS: over the network nothing can be fetched, since no host of a lab serves git; it is tried, and fails as far as it comes.
import { Errno } from '../../machine/errno';
import { normalize } from '../../machine/path';
import { NameError } from '../../machine/resolve';
import { fastForward } from './branches';
import { goToTree } from './changes';
import { textAt, writeConfig } from './config';
import { type Command, flags, type Git } from './context';
import { GitError } from './error';
import { history } from './look';
import { short } from './patch';
import { Repository } from './repository';

const HINT = `hint: Using 'master' as the name for the initial branch. This default branch name
hint: is subject to change. To configure the initial branch name to use in all
hint: of your new repositories, which will suppress this warning, call:
hint: 
hint: 	git config --global init.defaultBranch <name>
hint: 
hint: Names commonly chosen instead of 'master' are 'main', 'trunk' and
hint: 'development'. The just-created branch can be renamed via this command:
hint: 
hint: 	git branch -m <name>
`;

export const init: Command = async (git, args) => {
  const wish = flags('init [-q | --quiet] [--bare] [<directory>]', args, '-q --quiet', '-b --initial-branch');
  const folder = normalize(git.cwd, wish.rest[0] ?? '.');
  const { files } = git.proc;
  const repository = new Repository(files, folder);
  const again = files.exists(repository.path('HEAD'));
  const asked =
    wish.get('-b --initial-branch') ?? git.settings().findLast(([key]) => key === 'init.defaultbranch')?.[1];
  if (!again) {
    if (asked === undefined && !wish.has('-q --quiet')) await git.complain(HINT);
    repository.create(asked ?? 'master');
  }
  if (!wish.has('-q --quiet'))
    await git.print(
      `${again ? 'Reinitialized existing' : 'Initialized empty'} Git repository in ${folder.replace(/\/$/, '')}/.git/\n`,
    );
  return 0;
};

/** Another repository by its path; throws git's message. Addresses of the network are tried. */
async function repositoryAt(git: Git, address: string): Promise<Repository> {
  const remote = /^(https?|git|ssh):\/\/(?:[^@/]*@)?([^/:]+)(?::(\d+))?(\/.*)?$/.exec(address);
  if (remote) return unreachable(git, address, remote[1] ?? '', remote[2] ?? '', remote[3]);
  const short_ = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)/.exec(address);
  if (short_ && !git.proc.files.exists(normalize(git.cwd, address)))
    return unreachable(git, address, 'ssh', short_[1] ?? '', undefined);
  const folder = normalize(git.cwd, address.replace(/^file:\/\//, '')).replace(/\/\.git$/, '');
  const repository = new Repository(git.proc.files, folder);
  if (git.proc.files.exists(repository.path('HEAD'))) return repository;
  throw new GitError(`fatal: repository '${address}' does not exist`);
}

const PORTS: Record<string, number> = { http: 80, https: 443, git: 9418, ssh: 22 };

async function unreachable(
  git: Git,
  address: string,
  scheme: string,
  host: string,
  given: string | undefined,
): Promise<never> {
  const { proc } = git;
  const port = Number(given ?? PORTS[scheme]);
  const web = scheme.startsWith('http');
  const started = proc.machine.clock.now();
  const access = (why: string) =>
    new GitError(
      `fatal: unable to access '${address.replace(/\/?$/, web && !address.endsWith('/') ? '/' : '')}': ${why}`,
    );
  const rights =
    '\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.';
  try {
    const [first = host] = await proc.resolve(host);
    const connection = await proc.connect(first, port);
    connection.close();
  } catch (error) {
    if (error instanceof NameError)
      throw web
        ? access(`Could not resolve host: ${host}`)
        : new GitError(
            scheme === 'ssh'
              ? `ssh: Could not resolve hostname ${host}: ${error.message}${rights}`
              : `fatal: unable to look up ${host} (port ${port}) (${error.message})`,
          );
    if (!(error instanceof Errno)) throw error;
    const ms = proc.machine.clock.now() - started;
    throw web
      ? access(`Failed to connect to ${host} port ${port} after ${ms} ms: Couldn't connect to server`)
      : new GitError(`ssh: connect to host ${host} port ${port}: ${error.message}${rights}`);
  }
  throw new GitError(`fatal: not supported: the git protocol over ${scheme}; '${address}' was reached`);
}

export const clone: Command = async (git, args) => {
  const wish = flags(
    'clone [<options>] [--] <repo> [<dir>]',
    args,
    '-q --quiet --single-branch --no-checkout -n --recursive --progress -v',
    '-b --branch --depth -o --origin',
  );
  const [address, given] = [...wish.rest, ...wish.paths];
  if (address === undefined)
    throw new GitError(
      'fatal: You must specify a repository to clone.\n\nusage: git clone [<options>] [--] <repo> [<dir>]',
      129,
    );
  const name =
    given ??
    address
      .replace(/\/+$/, '')
      .replace(/\/\.git$/, '')
      .replace(/^.*[/:]/, '')
      .replace(/\.git$/, '');
  const folder = normalize(git.cwd, name);
  const { files } = git.proc;
  if (files.exists(folder) && (files.stat(folder).type !== 'dir' || files.list(folder).length > 0))
    throw new GitError(`fatal: destination path '${name}' already exists and is not an empty directory.`);
  const isPath = !/^(\w+:\/\/|[\w.-]+@[\w.-]+:)/.test(address);
  if (isPath && !files.exists(normalize(git.cwd, address)))
    throw new GitError(`fatal: repository '${address}' does not exist`);
  if (!wish.has('-q --quiet')) await git.complain(`Cloning into '${name}'...\n`);
  const source = await repositoryAt(git, address);
  const branch = wish.get('-b --branch') ?? source.branch ?? 'master';
  const copy = new Repository(files, folder);
  copy.create(branch);
  const url = isPath ? normalize(git.cwd, address) : address;
  copy.configure('remote.origin.url', url);
  copy.configure('remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*');
  copyObjects(source, copy);
  for (const each of source.refs('refs/heads'))
    copy.setRef(`refs/remotes/origin/${each}`, source.ref(`refs/heads/${each}`) as string);
  for (const each of source.refs('refs/tags'))
    copy.setRef(`refs/tags/${each}`, source.ref(`refs/tags/${each}`) as string);
  const head = source.ref(`refs/heads/${branch}`);
  if (!head) {
    if (wish.get('-b --branch')) throw new GitError(`fatal: Remote branch ${branch} not found in upstream origin`);
    await git.complain(`warning: You appear to have cloned an empty repository.\n`);
  } else {
    goToTree(copy, copy.tree(copy.commit(head).tree));
    copy.setRef(`refs/heads/${branch}`, head);
    copy.write(copy.path('refs/remotes/origin/HEAD'), `ref: refs/remotes/origin/${branch}\n`);
  }
  copy.configure(`branch.${branch}.remote`, 'origin');
  copy.configure(`branch.${branch}.merge`, `refs/heads/${branch}`);
  if (!wish.has('-q --quiet')) await git.complain('done.\n');
  return 0;
};

function copyObjects(from: Repository, to: Repository): void {
  const { files } = from;
  for (const folder of files.list(from.path('objects'))) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const name of files.list(from.path(`objects/${folder}`))) {
      const path = to.path(`objects/${folder}/${name}`);
      if (!files.exists(path)) to.write(path, files.readBytes(from.path(`objects/${folder}/${name}`)), 0o444);
    }
  }
}

export const remote: Command = async (git, args) => {
  const { repository } = git;
  const names = [...new Set(git.settings().flatMap(([key]) => /^remote\.(.*)\.url$/.exec(key)?.[1] ?? []))].sort();
  const [verb, name = '', url] = args;
  const missing = () => new GitError(`error: No such remote '${name}'`, 2);
  if (verb === undefined || verb === '-v' || verb === '--verbose') {
    const rows = names.map((each) => {
      const where = git.setting(`remote.${each}.url`);
      return verb === undefined ? `${each}\n` : `${each}\t${where} (fetch)\n${each}\t${where} (push)\n`;
    });
    await git.print(rows.join(''));
  } else if (verb === 'add' && url !== undefined) {
    if (names.includes(name)) throw new GitError(`error: remote ${name} already exists.`, 3);
    repository.configure(`remote.${name}.url`, url);
    repository.configure(`remote.${name}.fetch`, `+refs/heads/*:refs/remotes/${name}/*`);
  } else if ((verb === 'remove' || verb === 'rm') && name) {
    if (!names.includes(name)) throw new GitError(`error: No such remote: '${name}'`, 2);
    for (const key of ['url', 'fetch']) repository.configure(`remote.${name}.${key}`, undefined);
    for (const each of repository.refs(`refs/remotes/${name}`)) repository.dropRef(`refs/remotes/${name}/${each}`);
  } else if (verb === 'get-url' && name) {
    if (!names.includes(name)) throw missing();
    await git.print(`${git.setting(`remote.${name}.url`)}\n`);
  } else if (verb === 'set-url' && url !== undefined) {
    if (!names.includes(name)) throw missing();
    repository.configure(`remote.${name}.url`, url);
  } else
    throw new GitError(
      'usage: git remote [-v | --verbose]\n   or: git remote add <name> <URL>\n   or: git remote remove <name>\n   or: git remote get-url <name>\n   or: git remote set-url <name> <newurl>',
      129,
    );
  return 0;
};

/** Takes over what a remote has; gives the lines that tell of it. */
async function fetchFrom(git: Git, name: string): Promise<string> {
  const { repository } = git;
  const url = git.setting(`remote.${name}.url`);
  if (url === undefined)
    throw new GitError(
      `fatal: '${name}' does not appear to be a git repository\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.`,
    );
  const source = await repositoryAt(git, url);
  copyObjects(source, repository);
  let out = '';
  for (const branch of source.refs('refs/heads')) {
    const id = source.ref(`refs/heads/${branch}`) as string;
    const old = repository.ref(`refs/remotes/${name}/${branch}`);
    repository.setRef(`refs/remotes/${name}/${branch}`, id);
    if (old === undefined) out += ` * [new branch]      ${branch.padEnd(10)} -> ${name}/${branch}\n`;
    else if (old !== id) out += `   ${short(old)}..${short(id)}  ${branch.padEnd(10)} -> ${name}/${branch}\n`;
  }
  return out === '' ? '' : `From ${url}\n${out}`;
}

export const fetch: Command = async (git, args) => {
  const wish = flags('fetch [<options>] [<repository> [<refspec>...]]', args, '-q --quiet --all -p --prune -t --tags');
  const told = await fetchFrom(git, wish.rest[0] ?? 'origin');
  if (!wish.has('-q --quiet')) await git.complain(told);
  return 0;
};

export const pull: Command = async (git, args) => {
  const wish = flags(
    'pull [<options>] [<repository> [<refspec>...]]',
    args,
    '--ff-only --rebase --no-rebase -q --quiet',
  );
  const { repository } = git;
  const { branch = '', head } = repository;
  const name = wish.rest[0] ?? git.setting(`branch.${branch}.remote`);
  if (name === undefined && repository.branch === undefined)
    throw new GitError(
      'You are not currently on a branch.\nPlease specify which branch you want to merge with.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n',
      1,
    );
  if (name === undefined)
    throw new GitError(
      `There is no tracking information for the current branch.\nPlease specify which branch you want to merge with.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n\nIf you wish to set tracking information for this branch you can do so with:\n\n    git branch --set-upstream-to=<remote>/<branch> ${branch}\n`,
      1,
    );
  await git.complain(await fetchFrom(git, name));
  const theirs = repository.ref(`refs/remotes/${name}/${wish.rest[1] ?? branch}`);
  if (!theirs) throw new GitError(`fatal: couldn't find remote ref ${wish.rest[1] ?? branch}`, 1);
  if (theirs === head || (head && history(git, head).some(({ id }) => id === theirs))) {
    await git.print('Already up to date.\n');
    return 0;
  }
  if (head && !history(git, theirs).some(({ id }) => id === head))
    throw new GitError('fatal: Not possible to fast-forward, aborting.');
  return fastForward(git, head, theirs);
};

export const push: Command = async (git, args) => {
  const wish = flags(
    'push [<options>] [<repository> [<refspec>...]]',
    args,
    '-u --set-upstream -f --force -q --quiet --all --tags',
  );
  const { repository } = git;
  const { branch = '', head } = repository;
  const name = wish.rest[0] ?? git.setting(`branch.${branch}.remote`);
  const what = wish.rest[1] ?? branch;
  if (what === '')
    throw new GitError(
      'fatal: You are not currently on a branch.\nTo push the history leading to the current (detached HEAD)\nstate now, use\n\n    git push origin HEAD:<name-of-remote-branch>\n',
    );
  if (name === undefined)
    throw new GitError(
      'fatal: No configured push destination.\nEither specify the URL from the command-line or configure a remote repository using\n\n    git remote add <name> <url>\n\nand then push using the remote name\n\n    git push <name>\n',
    );
  const url = git.setting(`remote.${name}.url`) ?? name;
  const target = await repositoryAt(git, url).catch((error: unknown) => {
    if (!(error instanceof GitError) || !error.message.endsWith('does not exist')) throw error;
    throw new GitError(
      `fatal: '${name}' does not appear to be a git repository\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.`,
    );
  });
  const id = repository.ref(`refs/heads/${what}`) ?? (what === branch ? head : undefined);
  if (!id)
    throw new GitError(`error: src refspec ${what} does not match any\nerror: failed to push some refs to '${url}'`, 1);
  const old = target.ref(`refs/heads/${what}`);
  const failed = `error: failed to push some refs to '${url}'`;
  if (old === id) return git.complain('Everything up-to-date\n').then(() => 0);
  if (target.branch === what && old)
    throw new GitError(
      `To ${url}\n ! [remote rejected] ${what} -> ${what} (branch is currently checked out)\n${failed}`,
      1,
    );
  if (old && !wish.has('-f --force') && !history(git, id).some((commit) => commit.id === old))
    throw new GitError(`To ${url}\n ! [rejected]        ${what} -> ${what} (fetch first)\n${failed}`, 1);
  copyObjects(repository, target);
  target.setRef(`refs/heads/${what}`, id);
  repository.setRef(`refs/remotes/${name}/${what}`, id);
  await git.complain(
    `To ${url}\n${old ? `   ${short(old)}..${short(id)}  ` : ' * [new branch]      '}${what} -> ${what}\n`,
  );
  if (!wish.has('-u --set-upstream')) return 0;
  repository.configure(`branch.${what}.remote`, name);
  repository.configure(`branch.${what}.merge`, `refs/heads/${what}`);
  await git.print(`branch '${what}' set up to track '${name}/${what}'.\n`);
  return 0;
};

export const config: Command = async (git, args) => {
  const wish = flags(
    'config [<options>]',
    args,
    '--global --local --system -l --list --get --get-all --unset --add -e --show-origin',
  );
  const { files } = git.proc;
  const path = wish.has('--global') ? git.globalPath : wish.has('--system') ? '/etc/gitconfig' : undefined;
  if (wish.has('-e')) throw new GitError('fatal: not supported: editing the configuration in an editor');
  const only =
    path === undefined
      ? git.settings()
      : git.settings().filter(([key, value]) => textAt(files, path).includes(value) && key);
  if (wish.has('-l --list')) {
    if (path !== undefined && !files.exists(path))
      throw new GitError(`fatal: unable to read config file '${path}': No such file or directory`);
    await git.print(only.map(([key, value]) => `${key}=${value}\n`).join(''));
    return 0;
  }
  const [given, value] = wish.rest;
  if (given === undefined) throw new GitError('usage: git config [<options>]', 129);
  if (!/^[\w-]+\..*[\w-]$/.test(given))
    throw new GitError(`error: key does not contain a section: ${given}`, wish.rest.length > 1 ? 2 : 1);
  const parts = given.split('.');
  const key = [parts[0]?.toLowerCase(), ...parts.slice(1, -1), parts.at(-1)?.toLowerCase()].join('.');
  if (value === undefined && !wish.has('--unset')) {
    const found = only.filter(([name]) => name === key);
    await git.print((wish.has('--get-all') ? found : found.slice(-1)).map(([, text]) => `${text}\n`).join(''));
    return found.length > 0 ? 0 : 1;
  }
  if (path === undefined && !git.inRepository) throw new GitError('fatal: not in a git directory');
  const target = path ?? git.repository.path('config');
  if (wish.has('--unset') && !git.settings().some(([name]) => name === key)) return 5;
  files.write(target, writeConfig(textAt(files, target), given, wish.has('--unset') ? undefined : value));
  return 0;
};
