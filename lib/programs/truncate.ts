// truncate: makes files longer or shorter.
import type { Program } from '../machine/process';
import { getopt } from './getopt';
import { eachFile, fail, parseSize, quote, refused, usage } from './tool';

export const truncate: Program = async (proc) => {
  const options = getopt(proc.argv, 'cor:s:', { 'no-create': 'c', 'reference=': 'r', 'size=': 's' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const given = options.get('s');
  const reference = options.get('r');
  if (given === undefined && reference === undefined)
    return usage(proc, `truncate: you must specify either ${quote(proc, '--size')} or ${quote(proc, '--reference')}`);
  if (options.rest.length === 0) return usage(proc, 'truncate: missing file operand');
  const sign = /^[-+]/.exec(given ?? '')?.[0] ?? '';
  const size = given === undefined ? proc.files.stat(reference ?? '').size : parseSize(given.slice(sign.length));
  if (size === undefined) return fail(proc, `Invalid number: ${quote(proc, given ?? '')}`);
  return eachFile(
    proc,
    options.rest,
    async (path) => {
      if (options.has('c') && !proc.files.exists(path)) return;
      const old = proc.files.exists(path) ? proc.files.readBytes(path) : new Uint8Array();
      const length = Math.max(0, sign === '+' ? old.length + size : sign === '-' ? old.length - size : size);
      const fresh = new Uint8Array(length);
      fresh.set(old.subarray(0, length));
      proc.files.write(path, fresh);
    },
    (path, reason) => `cannot open ${quote(proc, path)} for writing: ${reason}`,
  );
};
