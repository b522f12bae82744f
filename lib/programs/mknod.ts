// mkfifo and mknod: names of pipes. Devices are made by nobody here, as in a container without CAP_MKNOD.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { parseMode } from './chmod';
import { getopt, type Options } from './getopt';
import { attempt, fail, quote, refused, usage } from './tool';

const LONG = { 'mode=': 'm', context: 'Z' };
const NEEDS_NUMBERS = 'Special files require major and minor device numbers.';

export const mkfifo: Program = async (proc) => {
  const options = getopt(proc.argv, 'm:Z', LONG);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'mkfifo: missing operand');
  const mode = modeOf(options);
  if (typeof mode === 'string') return fail(proc, mode);
  let status = 0;
  for (const path of options.rest) status = (await make(proc, path, mode, 'cannot create fifo ')) || status;
  return status;
};

export const mknod: Program = async (proc) => {
  const options = getopt(proc.argv, 'm:Z', LONG);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const mode = modeOf(options);
  if (typeof mode === 'string') return fail(proc, mode);
  const [path, kind, major, minor, extra] = options.rest;
  const missing = (after: string, ...more: string[]) =>
    usage(proc, [`mknod: missing operand after ${quote(proc, after)}`, ...more].join('\n'));
  if (path === undefined) return usage(proc, 'mknod: missing operand');
  if (kind === undefined) return missing(path);
  if (kind.startsWith('p')) {
    if (major === undefined) return make(proc, path, mode, '');
    const why = 'Fifos do not have major and minor device numbers.';
    return usage(proc, `mknod: extra operand ${quote(proc, major)}\n${why}`);
  }
  if (major === undefined) return missing(kind, NEEDS_NUMBERS);
  if (minor === undefined) return missing(major);
  if (extra !== undefined) return usage(proc, `mknod: extra operand ${quote(proc, extra)}`);
  if (!/^[bcu]/.test(kind)) return usage(proc, `mknod: invalid device type ${quote(proc, kind)}`);
  if (!isNumber(major)) return fail(proc, `invalid major device number ${quote(proc, major)}`);
  if (!isNumber(minor)) return fail(proc, `invalid minor device number ${quote(proc, minor)}`);
  return fail(proc, `${path}: ${strerror(new Errno('EPERM'))}`);
};

const isNumber = (text: string): boolean => /^(?:0x[\da-f]+|\d+)$/i.test(text);

/** The bits that -m asks for, undefined without it, or what is wrong with it. */
function modeOf(options: Options): number | undefined | string {
  const given = options.get('m');
  if (given === undefined) return undefined;
  const mode = parseMode(given, 0o666);
  if (mode === undefined) return 'invalid mode';
  return mode > 0o777 ? 'mode must specify only file permission bits' : mode;
}

function make(proc: Process, path: string, mode: number | undefined, before: string): Promise<number> {
  const act = () => {
    proc.files.mkfifo(path);
    if (mode !== undefined) proc.files.chmod(path, mode);
  };
  return attempt(proc, act, (why) => `${before}${before ? `'${path}'` : path}: ${why}`);
}
