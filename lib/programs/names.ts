// basename, dirname, readlink, realpath, which.

import { strerror } from '../machine/errno';
import type { Program } from '../machine/process';
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
  const options = getopt(proc.argv, 'efmnqsv', {
    canonicalize: 'f',
    'canonicalize-existing': 'e',
    'canonicalize-missing': 'm',
    'no-newline': 'n',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, `${proc.name}: missing operand`);
  let status = 0;
  for (const path of options.rest) {
    try {
      const canonical = options.has('f') || options.has('e') || options.has('m');
      const text = canonical ? proc.files.realpath(path) : proc.files.readlink(path);
      if (options.has('e')) proc.files.stat(path);
      await proc.print(text + (options.has('n') ? '' : '\n'));
    } catch {
      status = 1;
    }
  }
  return status;
};

export const realpath: Program = async (proc) => {
  const options = getopt(proc.argv, 'emLPqsz', {
    'canonicalize-existing': 'e',
    'canonicalize-missing': 'm',
    strip: 's',
    quiet: 'q',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'realpath: missing operand');
  let status = 0;
  for (const path of options.rest) {
    try {
      const real = proc.files.realpath(path);
      if (options.has('e')) proc.files.stat(path);
      await proc.print(`${real}\n`);
    } catch (error) {
      status = await fail(proc, `${path}: ${strerror(error)}`);
    }
  }
  return status;
};

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
