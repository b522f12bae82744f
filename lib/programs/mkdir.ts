// mkdir, touch, ln, mktemp: making things.
import { Errno } from '../machine/errno';
import { dirname } from '../machine/path';
import type { Process, Program } from '../machine/process';
import { parseMode } from './chmod';
import { getopt, type Options } from './getopt';
import { relativePath } from './names';
import { parseDate } from './parse-date';
import { confirm } from './rm';
import { attempt, fail, quote, refused, usage } from './tool';

export const mkdir: Program = async (proc) => {
  const options = getopt(proc.argv, 'm:pvZ', { 'mode=': 'm', parents: 'p', verbose: 'v' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'mkdir: missing operand');
  const given = options.get('m');
  const mode = given === undefined ? undefined : parseMode(given, 0o777, true);
  if (given !== undefined && mode === undefined) return fail(proc, `invalid mode ${quote(proc, given)}`);
  let status = 0;
  for (const path of options.rest) {
    const make = async () => {
      for (const each of options.has('p') ? ancestors(path) : [path]) {
        if (options.has('p') && proc.files.find(each)?.type === 'dir') continue;
        proc.files.mkdir(each);
        if (options.has('v')) await proc.print(`mkdir: created directory '${each}'\n`);
        if (mode !== undefined && each === path) proc.files.chmod(each, mode);
      }
    };
    status = (await attempt(proc, make, (why) => `cannot create directory ${quote(proc, path)}: ${why}`)) || status;
  }
  return status;
};

function ancestors(path: string): string[] {
  const trimmed = path.replace(/(.)\/+$/, '$1');
  const names = trimmed.split('/');
  return names.map((_, i) => names.slice(0, i + 1).join('/')).filter((name) => name !== '');
}

export const touch: Program = async (proc) => {
  const options = getopt(proc.argv, 'acd:fhmr:t:', { 'no-create': 'c', 'date=': 'd', 'reference=': 'r' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'touch: missing file operand');
  const time = touchTime(proc, options.get('d'), options.get('r'), options.get('t'));
  if (time === undefined)
    return fail(proc, `invalid date format ${quote(proc, options.get('d') ?? options.get('t') ?? '')}`);
  let status = 0;
  for (const path of options.rest) {
    const make = () => {
      if (!proc.files.exists(path)) {
        if (options.has('c')) return;
        proc.files.open(path, { write: true, create: true }).release();
      }
      proc.files.touch(path, time);
    };
    status = (await attempt(proc, make, (why) => `cannot touch '${path}': ${why}`)) || status;
  }
  return status;
};

function touchTime(
  proc: Process,
  date: string | undefined,
  reference: string | undefined,
  stamp: string | undefined,
): number | undefined {
  const now = proc.machine.clock.now();
  if (reference !== undefined) return proc.files.find(reference)?.mtime;
  if (date !== undefined) return parseDate(date, now);
  if (stamp === undefined) return now;
  const match = /^(\d{2}|\d{4})?(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{2}))?$/.exec(stamp);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = '0'] = match;
  const full =
    year === undefined ? new Date(now).getUTCFullYear() : year.length === 2 ? 2000 + Number(year) : Number(year);
  return Date.UTC(full, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

export const ln: Program = async (proc) => {
  const options = getopt(proc.argv, 'bfinrsS:t:TvLP', {
    backup: 'b',
    force: 'f',
    interactive: 'i',
    logical: 'L',
    'no-dereference': 'n',
    'no-target-directory': 'T',
    physical: 'P',
    relative: 'r',
    'suffix=': 'S',
    symbolic: 's',
    'target-directory=': 't',
    verbose: 'v',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const words = [...options.rest];
  if (words.length === 0) return usage(proc, 'ln: missing file operand');
  const given = options.get('t');
  const last = given ?? (words.length > 1 ? (words.pop() as string) : '.');
  const intoDirectory = proc.files.find(last, !options.has('n'))?.type === 'dir' && !options.has('T');
  if (!intoDirectory && (words.length > 1 || given !== undefined))
    return fail(proc, `target ${quote(proc, last)} is not a directory`);
  let status = 0;
  for (const source of words) {
    const path = intoDirectory ? `${last}/${source.replace(/\/+$/, '').replace(/.*\//, '')}` : last;
    status = (await linked(proc, options, source, path)) || status;
  }
  return status;
};

async function linked(proc: Process, options: Options, source: string, path: string): Promise<number> {
  const symbolic = options.has('s');
  const old = proc.files.find(path, false);
  if (!symbolic) {
    const stat = proc.files.find(source);
    if (!stat) return fail(proc, `failed to access ${quote(proc, source)}: No such file or directory`);
    if (stat.type === 'dir') return fail(proc, `${source}: hard link not allowed for directory`);
  }
  if (old && options.has('i') && !(await confirm(proc, `ln: replace ${quote(proc, path)}? `))) return 0;
  const target =
    symbolic && options.has('r')
      ? relativePath(dirname(proc.files.realpath(path)), proc.files.realpath(source))
      : source;
  const make = () => {
    if (old && options.has('b')) proc.files.rename(path, path + (options.get('S') ?? '~'));
    else if (old && (options.has('f') || options.has('i'))) proc.files.unlink(path);
    else if (old) throw new Errno('EEXIST', path);
    if (symbolic) proc.files.symlink(target, path);
    else proc.files.write(path, proc.files.readBytes(source)); // DIFFERS: a hard link is a copy; files have no inode here
  };
  const kind = symbolic ? 'symbolic' : 'hard';
  const status = await attempt(proc, make, (why) =>
    symbolic || why !== 'File exists'
      ? `failed to create ${kind} link ${quote(proc, path)}${symbolic ? '' : ` => ${quote(proc, source)}`}: ${why}`
      : `failed to create hard link ${quote(proc, path)}: ${why}`,
  );
  if (status === 0 && options.has('v'))
    await proc.print(`${quote(proc, path)} ${symbolic ? '->' : '=>'} ${quote(proc, target)}\n`);
  return status;
}

export const mktemp: Program = async (proc) => {
  const options = getopt(proc.argv, 'dp:qtu', {
    directory: 'd',
    'dry-run': 'u',
    quiet: 'q',
    'tmpdir=': 'p',
    'suffix=': 'suffix',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [template, extra] = options.rest;
  if (extra !== undefined) return usage(proc, 'mktemp: too many templates');
  const base = options.get('p') ?? (template === undefined || options.has('t') ? proc.env['TMPDIR'] || '/tmp' : '');
  const shape = template ?? 'tmp.XXXXXXXXXX';
  const suffix = options.get('suffix');
  if (suffix !== undefined && !shape.endsWith('X'))
    return fail(proc, `with --suffix, template ${quote(proc, shape)} must end in X`);
  if (suffix?.includes('/')) return fail(proc, `invalid suffix ${quote(proc, suffix)}, contains directory separator`);
  if (options.has('t') && shape.includes('/'))
    return fail(proc, `invalid template, ${quote(proc, shape)}, contains directory separator`);
  if (!/X{3,}/.test(shape)) return fail(proc, `too few X's in template ${quote(proc, shape)}`);
  const { random } = proc.machine;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const name = shape.replace(/X+(?=[^X]*$)/, (xs) =>
    Array.from(xs, () => letters.charAt(random.int(letters.length))).join(''),
  );
  const path = `${base ? `${base}/` : ''}${name}${suffix ?? ''}`;
  const make = () => {
    if (options.has('u')) return;
    if (options.has('d')) proc.files.mkdir(path, 0o700);
    else proc.files.open(path, { write: true, create: true, exclusive: true }, 0o600).release();
  };
  if (options.has('q')) {
    try {
      make();
    } catch (error) {
      if (error instanceof Errno) return 1;
      throw error;
    }
    return proc.print(`${path}\n`).then(() => 0);
  }
  const status = await attempt(
    proc,
    make,
    (why) => `failed to create ${options.has('d') ? 'directory' : 'file'} via template ${quote(proc, path)}: ${why}`,
  );
  if (status === 0) await proc.print(`${path}\n`);
  return status;
};
