// cp and mv.
import { Errno, strerror } from '../machine/errno';
import { basename, dirname } from '../machine/path';
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { confirm } from './rm';
import { fail, quote, refused, usage } from './tool';

interface Copy {
  proc: Process;
  options: Options;
  recursive: boolean;
  preserve: boolean;
}

const LONG = {
  archive: 'a',
  'attributes-only': 'attributes-only',
  'copy-contents': 'copy-contents',
  dereference: 'L',
  force: 'f',
  link: 'l',
  'no-dereference': 'P',
  'no-preserve=': 'no-preserve',
  parents: 'parents',
  'preserve=': 'preserve',
  'remove-destination': 'remove-destination',
  'sparse=': 'sparse',
  'strip-trailing-slashes': 'strip-trailing-slashes',
  'suffix=': 'S',
  'symbolic-link': 's',
  interactive: 'i',
  'no-clobber': 'n',
  'no-target-directory': 'T',
  preserve: 'p',
  recursive: 'r',
  'target-directory=': 't',
  update: 'u',
  verbose: 'v',
};

export const cp: Program = (proc) =>
  withTargets(proc, getopt(backed(proc.argv), 'abdfHiLlnPprRsS:Tt:uvx', LONG), async (options, from, to) => {
    const recursive = options.has('r') || options.has('R') || options.has('a');
    return copy(
      { proc, options, recursive, preserve: ['p', 'a', 'preserve'].some((letter) => options.has(letter)) },
      from,
      to,
    );
  });

export const mv: Program = (proc) =>
  withTargets(proc, getopt(backed(proc.argv), 'bfinS:Tt:uv', LONG), (options, from, to) =>
    move(proc, options, from, to),
  );

/** `--backup` takes its control only behind a sign. */
const backed = (argv: readonly string[]): string[] => argv.map((arg) => (/^--backup(=.*)?$/.test(arg) ? '-b' : arg));

/** Whether a file that is there may be replaced: not with -n, with -i when the answer is yes; with -b it is kept beside. */
async function mayReplace(proc: Process, options: Options, to: string): Promise<boolean> {
  const last = proc.argv.flatMap((arg) =>
    /^-[a-zA-Z]+$/.test(arg)
      ? [...arg.slice(1)]
      : arg === '--force'
        ? ['f']
        : arg === '--interactive'
          ? ['i']
          : arg === '--no-clobber'
            ? ['n']
            : [],
  );
  const way = last.filter((letter) => /[fin]/.test(letter)).at(-1);
  if (options.has('n') && way !== 'i' && way !== 'f') return false;
  const asks = options.has('i') && (proc.name === 'cp' || way === 'i');
  if (asks && !(await confirm(proc, `${proc.name}: overwrite ${quote(proc, to)}? `))) return false;
  if (options.has('b')) proc.files.rename(to, to + (options.get('S') ?? '~'));
  return true;
}

type One = (options: Options, from: string, to: string) => Promise<number>;

/** Works out where each source goes. */
async function withTargets(proc: Process, options: Options, one: One): Promise<number> {
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const sources = [...options.rest];
  const target = options.get('t') ?? (sources.length > 1 ? sources.pop() : undefined);
  if (sources.length === 0) return usage(proc, `${proc.name}: missing file operand`);
  if (target === undefined) return usage(proc, `${proc.name}: missing destination file operand after '${sources[0]}'`);
  const intoDirectory = !options.has('T') && proc.files.find(target)?.type === 'dir';
  if (sources.length > 1 && !intoDirectory) return fail(proc, `target '${target}' is not a directory`);
  if (!intoDirectory && target.endsWith('/') && proc.files.find(sources[0] ?? '')?.type !== 'dir')
    return fail(proc, `cannot create regular file '${target}': Not a directory`);
  let status = 0;
  for (const source of sources) {
    const name = basename(source.replace(/\/+$/, '')) || source;
    let to = intoDirectory ? `${target.replace(/\/$/, '')}/${name}` : target;
    if (options.has('parents')) {
      if (!intoDirectory) return usage(proc, `${proc.name}: with --parents, the destination must be a directory`);
      to = `${target.replace(/\/$/, '')}/${source.replace(/^\/+/, '')}`;
      const parts = dirname(to).split('/');
      for (const folder of parts.map((_, i) => parts.slice(0, i + 1).join('/')))
        if (folder && !proc.files.exists(folder)) proc.files.mkdir(folder);
    }
    status = (await one(options, source, to)) || status;
  }
  return status;
}

async function copy(job: Copy, from: string, to: string): Promise<number> {
  const { proc, options } = job;
  await proc.tick();
  const follow = !job.recursive && !options.has('P') && !options.has('d');
  const stat = proc.files.find(from, follow);
  if (!stat) return fail(proc, `cannot stat '${from}': ${reason(proc, from)}`);
  const there = proc.files.find(to);
  if (there && there.path === stat.path) return fail(proc, `'${from}' and '${to}' are the same file`);
  if (stat.type === 'dir' && !job.recursive) return fail(proc, `-r not specified; omitting directory '${from}'`);
  try {
    if (stat.type === 'dir') return await copyDirectory(job, from, to);
    if (there?.type === 'dir') return await fail(proc, `cannot overwrite directory '${to}' with non-directory`);
    if (there && options.has('u') && there.mtime >= stat.mtime) return 0;
    if (there && !(await mayReplace(proc, options, to))) return 0;
    if (options.has('s') || options.has('l')) {
      if (options.has('s') && !from.startsWith('/') && to.includes('/'))
        return await fail(proc, `'${to}': can make relative symbolic links only in current directory`);
      if (proc.files.find(to, false)) {
        if (!options.has('f')) throw new Errno('EEXIST', to);
        proc.files.unlink(to);
      }
      if (options.has('s')) proc.files.symlink(from, to);
      else proc.files.write(to, proc.files.readBytes(from), stat.mode & 0o777);
      return 0;
    }
    if (options.has('remove-destination') && there) proc.files.unlink(to);
    if (stat.type === 'link') proc.files.symlink(stat.target ?? '', to);
    else if (stat.type === 'fifo' && job.recursive) proc.files.mkfifo(to, stat.mode);
    else if (stat.type === 'device' || stat.type === 'fifo') await copyStream(proc, from, to);
    else proc.files.write(to, proc.files.readBytes(from), stat.mode & 0o777);
    if (job.preserve && stat.type === 'file') keep(job, stat, to);
    if (options.has('v')) await proc.print(`'${from}' -> '${to}'\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const readable = stat.type !== 'file' || proc.files.may(stat, 'read');
    const what = readable
      ? `cannot create ${stat.type === 'dir' ? 'directory' : 'regular file'} '${to}'`
      : `cannot open '${from}' for reading`;
    return fail(proc, `${what}: ${strerror(error)}`);
  }
}

async function copyStream(proc: Process, from: string, to: string): Promise<void> {
  const source = proc.files.open(from, { read: true });
  const target = proc.files.open(to, { write: true, create: true, truncate: true });
  for (
    let chunk = await source.description.read(65536, proc.killed);
    chunk;
    chunk = await source.description.read(65536, proc.killed)
  )
    await target.description.write(chunk, proc.killed);
  source.release();
  target.release();
}

async function copyDirectory(job: Copy, from: string, to: string): Promise<number> {
  const { proc } = job;
  const there = proc.files.find(to);
  if (there && there.type !== 'dir')
    return fail(proc, `cannot overwrite non-directory '${to}' with directory '${from}'`);
  if (`${proc.files.realpath(to)}/`.startsWith(`${proc.files.realpath(from)}/`))
    return fail(proc, `cannot copy a directory, '${from}', into itself, '${to}'`);
  if (!there) proc.files.mkdir(to, proc.files.stat(from).mode & 0o777);
  if (job.options.has('v')) await proc.print(`'${from}' -> '${to}'\n`);
  let status = 0;
  for (const name of proc.files.list(from))
    status = (await copy(job, `${from.replace(/\/$/, '')}/${name}`, `${to.replace(/\/$/, '')}/${name}`)) || status;
  return status;
}

function keep(job: Copy, stat: { mode: number; uid: number; gid: number; mtime: number }, to: string): void {
  job.proc.files.chmod(to, stat.mode);
  if (job.proc.uid === 0) job.proc.files.chown(to, stat.uid, stat.gid);
  job.proc.files.touch(to, stat.mtime);
}

async function move(proc: Process, options: Options, from: string, to: string): Promise<number> {
  const stat = proc.files.find(from, false);
  if (!stat) return fail(proc, `cannot stat '${from}': ${reason(proc, from)}`);
  const there = proc.files.find(to);
  if (there && there.path === stat.path) return fail(proc, `'${from}' and '${to}' are the same file`);
  if (there && there.type !== 'dir') {
    if (options.has('u') && there.mtime >= stat.mtime) return 0;
    if (!(await mayReplace(proc, options, to))) return 0;
  }
  try {
    proc.files.rename(from, to);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === 'EXDEV') return moveAcross(proc, options, from, to);
    if (error.code === 'ENOTDIR' && stat.type === 'dir' && there && there.type !== 'dir')
      return fail(proc, `cannot overwrite non-directory '${to}' with directory '${from}'`);
    if (error.code === 'EINVAL') return fail(proc, `cannot move '${from}' to a subdirectory of itself, '${to}'`);
    return fail(proc, `cannot move '${from}' to '${to}': ${strerror(error)}`);
  }
  if (options.has('v')) await proc.print(`renamed '${from}' -> '${to}'\n`);
  return 0;
}

async function moveAcross(proc: Process, options: Options, from: string, to: string): Promise<number> {
  const status = await copy({ proc, options, recursive: true, preserve: true }, from, to);
  if (status === 0) removeTree(proc, from);
  return status;
}

function removeTree(proc: Process, path: string): void {
  if (proc.files.stat(path, false).type !== 'dir') return proc.files.unlink(path);
  for (const name of proc.files.list(path)) removeTree(proc, `${path}/${name}`);
  proc.files.rmdir(path);
}

/** Why a path cannot be looked at. */
function reason(proc: Process, path: string): string {
  try {
    proc.files.stat(path, false);
    return 'No such file or directory';
  } catch (error) {
    return strerror(error);
  }
}
