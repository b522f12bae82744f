// Changes as text: `git diff`, `--stat`, the summary of a commit.
import { lineCounts, unifiedHunks } from '../diff/diff';
import type { Change } from './changes';
import type { IndexEntry, Repository } from './repository';

const SHORT = 7;
export const short = (id: string): string => id.slice(0, SHORT);

/** Reads what an entry holds: from the store, or the file itself for what is not stored. */
export type Reader = (path: string, entry: IndexEntry | undefined) => string;

export function patch(changes: Change[], before: Reader, after: Reader): string {
  return changes.map((change) => onePatch(change, before, after)).join('');
}

function onePatch(change: Change, before: Reader, after: Reader): string {
  const { path, from = path, before: a, after: b } = change;
  let out = `diff --git a/${from} b/${path}\n`;
  if (!a) out += `new file mode ${b?.mode}\n`;
  if (!b) out += `deleted file mode ${a?.mode}\n`;
  if (a && b && a.mode !== b.mode) out += `old mode ${a.mode}\nnew mode ${b.mode}\n`;
  if (change.letter === 'R') out += `similarity index 100%\nrename from ${from}\nrename to ${path}\n`;
  if (a?.id === b?.id) return out;
  out += `index ${short(a?.id ?? ZERO)}..${short(b?.id ?? ZERO)}${a && b && a.mode === b.mode ? ` ${a.mode}` : ''}\n`;
  const [old, fresh] = [a ? before(from, a) : '', b ? after(path, b) : ''];
  if (old === fresh) return out;
  if (old.includes('\0') || fresh.includes('\0'))
    return `${out}Binary files ${a ? `a/${from}` : '/dev/null'} and ${b ? `b/${path}` : '/dev/null'} differ\n`;
  const lines = old.split('\n');
  const heading = (line: number) => {
    const found = lines.slice(0, line).findLast((each) => /^[A-Za-z_$]/.test(each));
    return found === undefined ? '' : ` ${found.slice(0, 80).trimEnd()}`;
  };
  return `${out}--- ${a ? `a/${from}` : '/dev/null'}\n+++ ${b ? `b/${path}` : '/dev/null'}\n${unifiedHunks(old, fresh, 3, heading)}`;
}

const ZERO = '0'.repeat(40);

const plural = (n: number, what: string, signs: string): string => `, ${n} ${what}${n === 1 ? '' : 's'}(${signs})`;

/** ` 2 files changed, 3 insertions(+), 1 deletion(-)`. */
export function summary(repository: Repository, changes: Change[]): string {
  const counts = changes.map((change) => countsOf(repository, change));
  const added = counts.reduce((sum, each) => sum + each.added, 0);
  const removed = counts.reduce((sum, each) => sum + each.removed, 0);
  const both = added === 0 && removed === 0;
  return ` ${changes.length} file${changes.length === 1 ? '' : 's'} changed${added > 0 || both ? plural(added, 'insertion', '+') : ''}${removed > 0 || both ? plural(removed, 'deletion', '-') : ''}\n`;
}

const countsOf = (repository: Repository, { before, after }: Change) =>
  lineCounts(before ? repository.blob(before.id) : '', after ? repository.blob(after.id) : '');

const GRAPH = 50; // columns that the longest row of plus and minus may take

export function stat(repository: Repository, changes: Change[]): string {
  const rows = changes.map((change) => ({
    name: change.from ? `${change.from} => ${change.path}` : change.path,
    ...countsOf(repository, change),
  }));
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  const most = Math.max(0, ...rows.map(({ added, removed }) => added + removed));
  const digits = String(most).length;
  const scaled = (n: number) => (most <= GRAPH ? n : n === 0 ? 0 : Math.max(1, Math.floor((n * GRAPH) / most)));
  const lines = rows.map(({ name, added, removed }) =>
    ` ${name.padEnd(width)} | ${String(added + removed).padStart(digits)} ${'+'.repeat(scaled(added))}${'-'.repeat(scaled(removed))}`.trimEnd(),
  );
  return changes.length === 0 ? '' : `${lines.join('\n')}\n${summary(repository, changes)}`;
}

/** ` create mode 100644 f`, as a commit tells of them. */
export const modes = (changes: Change[]): string =>
  changes
    .map(({ letter, path, from, before, after }) => {
      if (letter === 'A') return ` create mode ${after?.mode} ${path}\n`;
      if (letter === 'D') return ` delete mode ${before?.mode} ${path}\n`;
      if (letter === 'R') return ` rename ${from} => ${path} (100%)\n`;
      return before?.mode !== after?.mode ? ` mode change ${before?.mode} => ${after?.mode} ${path}\n` : '';
    })
    .join('');
