import { expect, test } from 'vitest';
import { runBash } from '../../shell/testing/run';
import { programs } from '../index';

/** A repository with one commit; `git` knows who works. */
const READY = `git config --global user.name Me; git config --global user.email me@x; git init -q -b main .
printf 'a\\nb\\nc\\n' >f; mkdir d; echo g >d/g; git add .; git commit -qm first
`;

async function run(script: string) {
  const { stdout, stderr, code } = await runBash(`exec 2>&1\n${script}`, { programs });
  return { text: stdout + stderr, code };
}

// what git 2.39 prints of the same files at the same time
test.each<[string, string]>([
  ['git status', 'On branch main\nnothing to commit, working tree clean\n'],
  ['git log', 'commit 04f59c3'],
  ['git log --oneline', 'first\n'],
  ['echo x >n; git status -s', '?? n\n'],
  [
    'echo x >>f; git status',
    'On branch main\nChanges not staged for commit:\n  (use "git add <file>..." to update what will be committed)\n  (use "git restore <file>..." to discard changes in working directory)\n\tmodified:   f\n\nno changes added to commit (use "git add" and/or "git commit -a")\n',
  ],
  [
    "sed -i 's/b/B/' f; git diff",
    'diff --git a/f b/f\nindex de98044..7be73ce 100644\n--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n',
  ],
  ['echo x >>f; git commit -am second | tail -1', ' 1 file changed, 1 insertion(+)\n'],
  [
    'git mv f h; git commit -m move | tail -2',
    ' 1 file changed, 0 insertions(+), 0 deletions(-)\n rename f => h (100%)\n',
  ],
  ['git checkout -b x', "Switched to a new branch 'x'\n"],
  ['git switch nope; echo $?', 'fatal: invalid reference: nope\n128\n'],
  ['git branch x; git branch -d x', 'Deleted branch x (was '],
  ['git branch x; git branch', '* main\n  x\n'],
  ['echo x >>f; git restore f; cat f', 'a\nb\nc\n'],
  ['echo x >>f; git add f; git reset', 'Unstaged changes after reset:\nM\tf\n'],
  ['echo x >>f; git commit -qam 2; git reset --hard HEAD~1; cat f', 'first\na\nb\nc\n'],
  ['git rm f; ls', "rm 'f'\nd\n"],
  ['git show HEAD:d/g', 'g\n'],
  ['git commit -m again; echo $?', 'nothing to commit, working tree clean\n1\n'],
  ['git add nope; echo $?', "fatal: pathspec 'nope' did not match any files\n128\n"],
  ["echo '*.log' >.gitignore; touch a.log; git status -s", '?? .gitignore\n'],
  ['cat .git/HEAD; cat .git/refs/heads/main | wc -c', 'ref: refs/heads/main\n41\n'],
  ['git remote add origin /nope; git remote -v', 'origin\t/nope (fetch)\norigin\t/nope (push)\n'],
  ['cd ..; git -C work status -s', ''],
  [
    'git stats; echo $?',
    "git: 'stats' is not a git command. See 'git --help'.\n\nThe most similar command is\n\tstatus\n1\n",
  ],
  ['git stash', 'git: not supported: stash\n'],
  [
    'git switch -qc x; echo x >x; git add x; git commit -qm x; git switch main; git merge x',
    'Fast-forward\n x | 1 +\n',
  ],
])('%s', async (script, answer) => {
  const { text } = await run(READY + script);
  if (script === 'git log')
    expect(text).toMatch(
      /^commit [0-9a-f]{40}\nAuthor: Me <me@x>\nDate: {3}Thu Jan 1 00:00:00 2026 \+0000\n\n {4}first\n$/,
    );
  else expect(text).toContain(answer);
});

test('a clone follows, is pushed from and pulled into', async () => {
  const { text } = await run(`${READY}cd /tmp; git clone /work c; cd c; git status | head -2; git branch -a
git switch -c mine; echo y >>f; git commit -qam mine; git push -u origin mine; cd /work; git log mine --oneline | wc -l
echo z >>f; git commit -qam more; cd /tmp/c; git switch main; git pull | tail -2`);
  expect(text).toContain("Cloning into 'c'...\ndone.\nOn branch main\nYour branch is up to date with 'origin/main'.\n");
  expect(text).toContain('* main\n  remotes/origin/HEAD -> origin/main\n  remotes/origin/main\n');
  expect(text).toContain(
    "To /work\n * [new branch]      mine -> mine\nbranch 'mine' set up to track 'origin/mine'.\n2\n",
  );
  expect(text).toContain(' f | 1 +\n 1 file changed, 1 insertion(+)\n');
});

test('outside of a repository and for hosts that are not there', async () => {
  expect(await run('git status')).toEqual({
    text: 'fatal: not a git repository (or any of the parent directories): .git\n',
    code: 128,
  });
  expect((await run('git clone /nope')).text).toBe("fatal: repository '/nope' does not exist\n");
  expect((await run('git clone https://192.168.50.20/x/y.git')).text).toMatch(
    /^Cloning into 'y'\.\.\.\nfatal: unable to access 'https:\/\/192\.168\.50\.20\/x\/y\.git\/': Failed to connect to 192\.168\.50\.20 port 443 after \d+ ms: Couldn't connect to server\n$/,
  );
});

test('changes that a switch would lose keep it from happening', async () => {
  const { text } = await run(
    `${READY}git switch -qc x; echo x >f; git commit -qam x; echo y >f; git switch main; echo $?`,
  );
  expect(text).toContain(
    'error: Your local changes to the following files would be overwritten by checkout:\n\tf\nPlease commit your changes or stash them before you switch branches.\nAborting\n1\n',
  );
});
