// `git status`.
import { changesBetween, untracked, workTree } from './changes';
import { type Command, flags, type Git } from './context';
import { short } from './patch';

const WORDS = { A: 'new file:   ', M: 'modified:   ', D: 'deleted:    ', R: 'renamed:    ' };

export const status: Command = async (git, args) => {
  const wish = flags(
    'status [<options>] [--] [<pathspec>...]',
    args,
    '-s --short --porcelain -b --branch -u -uall --long -v',
  );
  if (wish.has('-s --short --porcelain')) {
    await git.print(shortStatus(git, wish.has('-b --branch')));
    return 0;
  }
  await git.print(statusText(git).text);
  return 0;
};

/** The letters of the paths that differ. */
function shortStatus(git: Git, withBranch: boolean): string {
  const { repository } = git;
  const { index } = repository;
  const letters = new Map<string, [string, string, string]>();
  for (const { path, letter, from } of changesBetween(repository.headTree(), index))
    letters.set(path, [letter, ' ', from ? `${git.shown(from)} -> ` : '']);
  for (const { path, letter } of changesBetween(index, workTree(repository), false)) {
    const [staged = ' ', , from = ''] = letters.get(path) ?? [];
    letters.set(path, [staged, letter, from]);
  }
  const tracked = [...letters].sort(([a], [b]) => (a < b ? -1 : 1));
  const head = withBranch
    ? `## ${repository.head ? '' : 'No commits yet on '}${repository.branch ?? 'HEAD (no branch)'}\n`
    : '';
  return (
    head +
    tracked.map(([path, [x, y, from]]) => `${x}${y} ${from}${git.shown(path)}\n`).join('') +
    untracked(repository)
      .map((path) => `?? ${git.shown(path)}\n`)
      .join('')
  );
}

/** What a commit without anything to commit tells, too. */
export function statusText(git: Git, committing = false): { text: string; staged: boolean } {
  const { repository } = git;
  const { index, branch, head } = repository;
  const staged = changesBetween(repository.headTree(), index);
  const unstaged = changesBetween(index, workTree(repository), false);
  const others = untracked(repository);
  let out = branch === undefined ? `HEAD detached at ${short(head ?? '')}\n` : `On branch ${branch}\n`;
  out += tracking(git);
  if (!head) out += committing ? '\nInitial commit\n\n' : '\nNo commits yet\n\n';
  const hint = head
    ? '  (use "git restore --staged <file>..." to unstage)'
    : '  (use "git rm --cached <file>..." to unstage)';
  if (staged.length > 0)
    out += `Changes to be committed:\n${hint}\n${staged.map((change) => `\t${WORDS[change.letter]}${change.from ? `${git.shown(change.from)} -> ` : ''}${git.shown(change.path)}\n`).join('')}\n`;
  if (unstaged.length > 0)
    out += `Changes not staged for commit:\n  (use "git add${unstaged.some(({ letter }) => letter === 'D') ? '/rm' : ''} <file>..." to update what will be committed)\n  (use "git restore <file>..." to discard changes in working directory)\n${unstaged.map((change) => `\t${WORDS[change.letter]}${git.shown(change.path)}\n`).join('')}\n`;
  if (others.length > 0)
    out += `Untracked files:\n  (use "git add <file>..." to include in what will be committed)\n${others.map((path) => `\t${git.shown(path)}\n`).join('')}\n`;
  if (staged.length === 0) out += nothing(head !== undefined, unstaged.length > 0, others.length > 0);
  return { text: out, staged: staged.length > 0 };
}

function nothing(hasCommits: boolean, hasChanges: boolean, hasOthers: boolean): string {
  if (hasChanges) return 'no changes added to commit (use "git add" and/or "git commit -a")\n';
  if (hasOthers) return 'nothing added to commit but untracked files present (use "git add" to track)\n';
  return hasCommits
    ? 'nothing to commit, working tree clean\n'
    : 'nothing to commit (create/copy files and use "git add" to track)\n';
}

/** Where the branch stands beside the one it follows. */
function tracking(git: Git): string {
  const { repository } = git;
  const { branch, head } = repository;
  const remote = branch && git.setting(`branch.${branch}.remote`);
  const theirs = remote && repository.ref(`refs/remotes/${remote}/${branch}`);
  if (!theirs || !head) return '';
  const name = `${remote}/${branch}`;
  const reach = (from: string) => {
    const seen = new Set<string>();
    for (const queue = [from]; queue.length > 0; ) {
      const id = queue.pop() as string;
      if (seen.has(id)) continue;
      seen.add(id);
      queue.push(...repository.commit(id).parents);
    }
    return seen;
  };
  const [ours, other] = [reach(head), reach(theirs)];
  const ahead = [...ours].filter((id) => !other.has(id)).length;
  const behind = [...other].filter((id) => !ours.has(id)).length;
  const commits = (n: number) => `${n} commit${n === 1 ? '' : 's'}`;
  if (ahead === 0 && behind === 0) return `Your branch is up to date with '${name}'.\n\n`;
  if (behind === 0)
    return `Your branch is ahead of '${name}' by ${commits(ahead)}.\n  (use "git push" to publish your local commits)\n\n`;
  if (ahead === 0)
    return `Your branch is behind '${name}' by ${commits(behind)}, and can be fast-forwarded.\n  (use "git pull" to update your local branch)\n\n`;
  return `Your branch and '${name}' have diverged,\nand have ${ahead} and ${behind} different commits each, respectively.\n\n`;
}
