// basename, dirname, readlink, realpath, which.

import { strerror } from '../machine/errno';
import { normalize } from '../machine/path';
import type { Process, Program } from '../machine/process';
import { version } from './about';
import { getopt } from './getopt';
import { fail, refused, usage } from './tool';

export const basename: Program = async (proc) => {
  const options = getopt(proc.argv, 'as:z', { multiple: 'a', 'suffix=': 's', zero: 'z' }, true);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'basename: missing operand');
  const many = options.has('a') || options.has('s');
  if (!many && options.rest.length > 2) return usage(proc, `basename: extra operand '${options.rest[2]}'`);
  const suffix = options.get('s') ?? (many ? '' : (options.rest[1] ?? ''));
  for (const path of many ? options.rest : options.rest.slice(0, 1)) {
    const name = path.replace(/(.)\/+$/, '$1').replace(/^.*\/(?=.)/, '');
    await proc.print(`${suffix && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`);
  }
  return 0;
};

export const dirname: Program = async (proc) => {
  const options = getopt(proc.argv, 'z');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'dirname: missing operand');
  for (const path of options.rest) {
    const trimmed = path.replace(/(.)\/+$/, '$1');
    const at = trimmed.lastIndexOf('/');
    await proc.print(`${at < 0 ? '.' : trimmed.slice(0, at).replace(/\/+$/, '') || '/'}\n`);
  }
  return 0;
};

export const readlink: Program = async (proc) => {
  const options = getopt(proc.argv, 'efmnqsvz', {
    canonicalize: 'f',
    'canonicalize-existing': 'e',
    'canonicalize-missing': 'm',
    'no-newline': 'n',
    quiet: 'q',
    silent: 's',
    verbose: 'v',
    zero: 'z',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, `${proc.name}: missing operand`);
  const isMany = options.rest.length > 1;
  if (options.has('n') && isMany) await fail(proc, 'ignoring --no-newline with multiple arguments');
  const end = options.has('n') && !isMany ? '' : options.has('z') ? '\0' : '\n';
  let status = 0;
  for (const path of options.rest) {
    try {
      const canonical = options.has('f') || options.has('e') || options.has('m');
      const text = options.has('m')
        ? missingPath(proc, path)
        : canonical
          ? proc.files.realpath(path)
          : proc.files.readlink(path);
      if (options.has('e')) proc.files.stat(path);
      await proc.print(text + end);
    } catch (error) {
      status = options.has('v') ? await fail(proc, `${path}: ${strerror(error)}`) : 1;
    }
  }
  return status;
};

export const realpath: Program = async (proc) => {
  const options = getopt(proc.argv, 'emLPqsz', {
    'canonicalize-existing': 'e',
    'canonicalize-missing': 'm',
    logical: 'L',
    'no-symlinks': 's',
    physical: 'P',
    quiet: 'q',
    'relative-base=': 'relative-base',
    'relative-to=': 'relative-to',
    strip: 's',
    zero: 'z',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'realpath: missing operand');
  const resolve = (path: string): string => {
    if (options.has('s')) return normalize(proc.cwd, path);
    if (options.has('m')) return missingPath(proc, path);
    const real = proc.files.realpath(path);
    if (options.has('e')) proc.files.stat(path);
    return real;
  };
  let status = 0;
  try {
    const base = options.has('relative-base') ? resolve(options.get('relative-base') as string) : undefined;
    const to = options.has('relative-to') ? resolve(options.get('relative-to') as string) : base;
    for (const path of options.rest) {
      try {
        const real = resolve(path);
        const within = base === undefined || `${real}/`.startsWith(`${base}/`);
        await proc.print(
          (to !== undefined && within ? relativePath(to, real) : real) + (options.has('z') ? '\0' : '\n'),
        );
      } catch (error) {
        status = options.has('q') ? 1 : await fail(proc, `${path}: ${strerror(error)}`);
      }
    }
  } catch (error) {
    return fail(proc, `${options.get('relative-to') ?? options.get('relative-base')}: ${strerror(error)}`);
  }
  return status;
};

/** The path of a file that need not be there: what is there is followed, the rest taken by its words. */
function missingPath(proc: Process, path: string): string {
  const whole = normalize(proc.cwd, path);
  for (let end = whole.length; end > 0; end = whole.lastIndexOf('/', end - 1)) {
    const head = whole.slice(0, end);
    if (proc.files.exists(head)) return proc.files.realpath(head).replace(/\/$/, '') + whole.slice(end);
  }
  return whole;
}

/** The way from a directory to a path, both from the root and without links. */
export function relativePath(from: string, to: string): string {
  const [a, b] = [from, to].map((path) => path.split('/').filter(Boolean)) as [string[], string[]];
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  return [...a.slice(common).map(() => '..'), ...b.slice(common)].join('/') || '.';
}

export const which: Program = async (proc) => {
  if (proc.argv[1] === '--version') return version(proc);
  const names = proc.argv.slice(1).filter((arg) => !arg.startsWith('-'));
  const path = proc.env['PATH'] ?? '';
  let status = names.length === 0 ? 1 : 0;
  for (const name of names) {
    const found = proc.machine.which(proc, name, path);
    if (found) await proc.print(`${found}\n`);
    else status = await fail(proc, `no ${name} in (${path})`);
  }
  return status;
};
