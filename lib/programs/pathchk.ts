// pathchk: whether names would do for files, here or everywhere.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { fail, quote, refused, usage } from './tool';

const OURS = { name: 255, path: 4095 }; // bytes
const POSIX = { name: 14, path: 255 }; // what every system takes at least

export const pathchk: Program = async (proc) => {
  const options = getopt(proc.argv, 'pP', { portability: 'portability' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'pathchk: missing operand');
  const everywhere = options.has('portability');
  const checks = { posix: options.has('p') || everywhere, extra: options.has('P') || everywhere };
  let status = 0;
  for (const path of options.rest) {
    const complaint = complaintAbout(proc, path, checks);
    if (complaint !== undefined) status = await fail(proc, complaint);
  }
  return status;
};

function complaintAbout(proc: Process, path: string, { posix, extra }: { posix: boolean; extra: boolean }) {
  if (extra && /(^|\/)-/.test(path)) return `leading '-' in a component of file name ${quote(proc, path)}`;
  if (path === '' && (posix || extra)) return 'empty file name';
  const odd = posix ? /[^A-Za-z0-9._/-]/u.exec(path)?.[0] : undefined;
  if (odd) return `nonportable character ${quote(proc, odd)} in file name ${quote(proc, path)}`;
  const limits = posix ? POSIX : OURS;
  const bytes = Buffer.byteLength(path);
  if (bytes > limits.path) return `limit ${limits.path} exceeded by length ${bytes} of file name ${quote(proc, path)}`;
  const long = path.split('/').find((part) => Buffer.byteLength(part) > limits.name);
  if (long !== undefined && posix)
    return `limit ${limits.name} exceeded by length ${Buffer.byteLength(long)} of file name component ${quote(proc, long)}`;
  return posix ? undefined : unreachable(proc, path, long !== undefined);
}

/** What lstat(2) would say; a file that is not there yet is well. */
function unreachable(proc: Process, path: string, isLong: boolean): string | undefined {
  if (isLong) return `${path}: File name too long`;
  if (path === '') return "'': No such file or directory";
  try {
    proc.files.stat(path, false);
    return undefined;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return error.code === 'ENOENT' ? undefined : `${path}: ${strerror(error)}`;
  }
}
