// git: what a student needs of version 2.43 to keep and look at files; repositories of other machines cannot be reached.
import { Errno, strerror } from '../../machine/errno';
import { normalize } from '../../machine/path';
import type { Program } from '../../machine/process';
import { branch, checkout, merge, switchTo, tag } from './branches';
import { type Command, Git } from './context';
import { GitError } from './error';
import { diff, log, lsFiles, revParse, show } from './look';
import { add, commit, mv, reset, restore, rm } from './record';
import { clone, config, fetch, init, pull, push, remote } from './remotes';
import { status } from './status';

const COMMANDS: Record<string, Command> = {
  add,
  branch,
  checkout,
  clone,
  commit,
  config,
  diff,
  fetch,
  init,
  log,
  'ls-files': lsFiles,
  merge,
  mv,
  pull,
  push,
  remote,
  reset,
  restore,
  'rev-parse': revParse,
  rm,
  show,
  status,
  switch: switchTo,
  tag,
};

/** Commands of the real git that are not here. */
const NOT_THERE = new Set(
  'am apply archive bisect blame bundle cherry-pick clean describe format-patch gc grep lfs notes rebase reflog revert shortlog sparse-checkout stash submodule worktree'.split(
    ' ',
  ),
);

export const git: Program = async (proc) => {
  const args = proc.argv.slice(1);
  let cwd = proc.cwd;
  const given: [string, string][] = [];
  for (let word = args[0]; word?.startsWith('-'); word = args[0]) {
    args.shift();
    if (word === '-C') cwd = normalize(cwd, args.shift() ?? '.');
    else if (word === '-c') {
      const [key = '', value = 'true'] = (args.shift() ?? '').split(/=(.*)/s);
      given.push([key.toLowerCase(), value]);
    } else if (word === '--version' || word === '-v') return proc.print('git version 2.43.5\n').then(() => 0);
    else if (word === '--help' || word === '-h') return proc.print(USAGE).then(() => 0);
    else if (word !== '--no-pager' && word !== '-P')
      return proc.complain(`unknown option: ${word}\n${SHORT_USAGE}`).then(() => 129);
  }
  const [name, ...rest] = args;
  if (name === undefined) return proc.print(USAGE).then(() => 1);
  if (name === 'help') return proc.print(USAGE).then(() => 0);
  if (name === 'version') return proc.print('git version 2.43.5\n').then(() => 0);
  const command = COMMANDS[name];
  if (NOT_THERE.has(name)) return proc.complain(`git: not supported: ${name}\n`).then(() => 1);
  if (!command) return unknown(name, (text) => proc.complain(text));
  try {
    if (!proc.files.exists(cwd)) throw new GitError(`fatal: cannot change to '${cwd}': No such file or directory`);
    return await command(new Git(proc, cwd, given), rest);
  } catch (error) {
    if (error instanceof GitError) return proc.complain(`${error.message}\n`).then(() => error.status);
    if (error instanceof Errno)
      return proc.complain(`fatal: ${error.subject ? `${error.subject}: ` : ''}${strerror(error)}\n`).then(() => 128);
    throw error;
  }
};

async function unknown(name: string, complain: (text: string) => Promise<void>): Promise<number> {
  const near = Object.keys(COMMANDS).filter((each) => distance(each, name) <= Math.max(1, Math.floor(name.length / 3)));
  const hint =
    near.length === 0
      ? ''
      : `\nThe most similar command${near.length > 1 ? 's are' : ' is'}\n${near.map((each) => `\t${each}\n`).join('')}`;
  await complain(`git: '${name}' is not a git command. See 'git --help'.\n${hint}`);
  return 1;
}

/** How many letters must be changed, added, taken away or swapped. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (rows[i - 1]?.[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (rows[i - 1]?.[j - 1] ?? 0) + cost,
          swapped ? (rows[i - 2]?.[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

const SHORT_USAGE =
  'usage: git [-v | --version] [-h | --help] [-C <path>] [-c <name>=<value>] [-P | --no-pager] <command> [<args>]\n';
const USAGE = `${SHORT_USAGE}
These are the Git commands of this machine:

${Object.keys(COMMANDS)
  .sort()
  .join(' ')
  .replace(/(.{1,68})(?: |$)/g, '   $1\n')}`;
