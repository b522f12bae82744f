// rename: of util-linux, one string in the names of files for another.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { fail, refused, usage } from './tool';

const [SOME_FAILED, NOTHING_DONE] = [2, 4]; // statuses, besides 0 and 1

export const rename: Program = async (proc) => {
  const options = getopt(
    proc.argv,
    'alnosv',
    { all: 'a', last: 'l', 'no-act': 'n', 'no-overwrite': 'o', symlink: 's', verbose: 'v' },
    true,
  );
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [from, to, ...paths] = options.rest;
  if (from === undefined || to === undefined || paths.length === 0) return usage(proc, 'rename: not enough arguments');
  let [done, failed] = [0, 0];
  for (const path of paths) {
    const answer = await renamed(proc, options, path, (name) => changed(name, from, to, options));
    if (answer === 'done') done++;
    if (answer === 'failed') failed++;
  }
  if (failed > 0) return done > 0 ? SOME_FAILED : 1;
  return done > 0 ? 0 : NOTHING_DONE;
};

/** Of a path its last part, once unless it is all of them or the last one. */
function changed(path: string, from: string, to: string, options: Options): string {
  const at = from.includes('/') ? 0 : path.replace(/\/+$/, '').lastIndexOf('/') + 1;
  const [dir, name] = [path.slice(0, at), path.slice(at)];
  if (options.has('a') && from !== '') return dir + name.replaceAll(from, to);
  const where = options.has('l') ? name.lastIndexOf(from) : name.indexOf(from);
  return where < 0 ? path : dir + name.slice(0, where) + to + name.slice(where + from.length);
}

async function renamed(
  proc: Process,
  options: Options,
  path: string,
  change: (name: string) => string,
): Promise<'done' | 'failed' | undefined> {
  try {
    const stat = proc.files.stat(path, false);
    const isTarget = options.has('s');
    if (isTarget && stat.type !== 'link') {
      await fail(proc, `${path}: not a symbolic link`);
      return 'failed';
    }
    const old = isTarget ? (stat.target ?? '') : path;
    const fresh = change(old);
    if (fresh === old) return undefined;
    if (options.has('o') && proc.files.exists(fresh)) {
      if (options.has('v')) await proc.print(`Skipping existing file: \`${fresh}'\n`);
      return undefined;
    }
    if (options.has('v'))
      await proc.print(isTarget ? `${path}: \`${old}' -> \`${fresh}'\n` : `\`${old}' -> \`${fresh}'\n`);
    if (options.has('n')) return 'done';
    if (isTarget) {
      proc.files.unlink(path);
      proc.files.symlink(fresh, path);
    } else proc.files.rename(old, fresh);
    return 'done';
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const isThere = proc.files.find(path, false) !== undefined;
    await fail(
      proc,
      isThere
        ? `${path}: rename to ${change(path)} failed: ${strerror(error)}`
        : `${path}: not accessible: ${strerror(error)}`,
    );
    return 'failed';
  }
}
