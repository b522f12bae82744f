// rm and rmdir.
import { Errno, strerror } from '../machine/errno';
import { dirname } from '../machine/path';
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { fail, quote, refused, usage } from './tool';

export const rm: Program = async (proc) => {
  const argv = proc.argv.map((arg) =>
    arg === '--interactive' || arg === '--interactive=always' ? '-i' : arg === '--interactive=once' ? '-I' : arg,
  );
  const options = getopt(argv, 'dfiIrRv', {
    dir: 'd',
    force: 'f',
    'interactive=': 'interactive',
    'one-file-system': 'one-file-system',
    recursive: 'r',
    verbose: 'v',
    'preserve-root': 'preserve-root',
    'no-preserve-root': 'no-preserve-root',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return options.has('f') ? 0 : usage(proc, 'rm: missing operand');
  const recursive = options.has('r') || options.has('R');
  if (options.has('I') && (recursive || options.rest.length > 3)) {
    const count = `${options.rest.length} argument${options.rest.length > 1 ? 's' : ''}`;
    if (!(await confirm(proc, `rm: remove ${count}${recursive ? ' recursively' : ''}? `))) return 0;
  }
  let status = 0;
  for (const path of options.rest) status = (await remove(proc, options, path)) || status;
  return status;
};

async function remove(proc: Process, options: Options, path: string): Promise<number> {
  await proc.tick();
  const recursive = options.has('r') || options.has('R');
  const name = path.replace(/(.)\/+$/, '$1');
  if (recursive && /(^|\/)\.{1,2}$/.test(name))
    return fail(proc, `refusing to remove '.' or '..' directory: skipping '${path}'`);
  const stat = proc.files.find(name, false);
  if (!stat) {
    const why = missingReason(proc, name);
    return options.has('f') && why === 'No such file or directory' ? 0 : fail(proc, `cannot remove '${path}': ${why}`);
  }
  if (stat.type === 'dir' && recursive && stat.path === '/') {
    await fail(proc, "it is dangerous to operate recursively on '/'");
    return fail(proc, 'use --no-preserve-root to override this failsafe');
  }
  if (stat.type === 'dir' && !recursive && !options.has('d'))
    return fail(proc, `cannot remove '${path}': Is a directory`);
  const asks = options.has('i') && !options.has('f');
  const full = stat.type === 'dir' && recursive && proc.files.may(stat, 'read') && proc.files.list(name).length > 0;
  const guarded = stat.type === 'file' && !proc.files.may(stat, 'write') && !options.has('f') && proc.stdin?.terminal;
  const kind = { dir: 'directory', link: 'symbolic link', device: 'character special file', fifo: 'fifo' };
  const what = stat.type === 'file' ? `regular ${stat.size === 0 ? 'empty ' : ''}file` : kind[stat.type];
  if (asks && full && !(await confirm(proc, `rm: descend into directory '${path}'? `))) return 0;
  if (
    !full &&
    (asks || guarded) &&
    !(await confirm(proc, `rm: remove ${guarded ? 'write-protected ' : ''}${what} '${path}'? `))
  )
    return 0;
  let status = 0;
  try {
    if (stat.type === 'dir') {
      if (recursive)
        for (const child of proc.files.list(name)) status = (await remove(proc, options, `${name}/${child}`)) || status;
      if (
        asks &&
        full &&
        proc.files.list(name).length === 0 &&
        !(await confirm(proc, `rm: remove directory '${path}'? `))
      )
        return status;
      if (status === 0 && !(asks && proc.files.list(name).length > 0)) proc.files.rmdir(name);
    } else proc.files.unlink(name);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(proc, `cannot remove '${path}': ${strerror(error)}`);
  }
  if (status === 0 && options.has('v'))
    await proc.print(`removed ${stat.type === 'dir' ? 'directory ' : ''}'${path}'\n`);
  return status;
}

/** The answers that a process reads: one read from a pipe may hold several. */
const answers = new WeakMap<Process, AsyncGenerator<string>>();

/** Asks on standard error; the end of the input is a no. */
export async function confirm(proc: Process, question: string): Promise<boolean> {
  await proc.complain(question);
  const lines = answers.get(proc) ?? proc.lines();
  answers.set(proc, lines);
  const { value } = await lines.next();
  return /^[yY]/.test(value ?? '');
}

function missingReason(proc: Process, path: string): string {
  try {
    proc.files.stat(path, false);
    return 'No such file or directory';
  } catch (error) {
    return strerror(error);
  }
}

export const rmdir: Program = async (proc) => {
  const options = getopt(proc.argv, 'pv', { parents: 'p', verbose: 'v', 'ignore-fail-on-non-empty': 'ignore' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'rmdir: missing operand');
  let status = 0;
  for (const path of options.rest) {
    for (
      let at = path.replace(/\/+$/, '');
      at && at !== '/' && at !== '.';
      at = options.has('p') && at.includes('/') ? dirname(at) : ''
    ) {
      if (options.has('v')) await proc.print(`rmdir: removing directory, ${quote(proc, at)}\n`);
      try {
        proc.files.rmdir(at);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        if (error.code !== 'ENOTEMPTY' || !options.has('ignore'))
          status = await fail(proc, `failed to remove ${quote(proc, at)}: ${strerror(error)}`);
        break;
      }
    }
  }
  return status;
};
