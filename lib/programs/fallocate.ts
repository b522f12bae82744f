// fallocate: room for files, and holes in them.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { humanSize } from './stat-text';
import { attempt, fail, parseSize, refused, usage } from './tool';

export const fallocate: Program = async (proc) => {
  const options = getopt(proc.argv, 'cdil:no:pvxz', {
    'collapse-range': 'c',
    'dig-holes': 'd',
    'insert-range': 'i',
    'keep-size': 'n',
    'length=': 'l',
    'offset=': 'o',
    posix: 'x',
    'punch-hole': 'p',
    verbose: 'v',
    'zero-range': 'z',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [path, extra] = options.rest;
  if (path === undefined) return fail(proc, 'no filename specified');
  if (extra !== undefined) return usage(proc, 'fallocate: unexpected number of arguments');
  if (!options.has('l') && !options.has('d')) return fail(proc, 'no length argument specified');
  const length = options.has('l') ? parseSize(options.get('l') ?? '') : 0;
  if (length === undefined || (length === 0 && !options.has('d'))) return fail(proc, 'invalid length value specified');
  const offset = parseSize(options.get('o') ?? '0');
  if (offset === undefined) return fail(proc, 'invalid offset value specified');
  const old = bytesOf(proc, path, options);
  if (typeof old === 'string') return fail(proc, `cannot open ${path}: ${old}`);
  const status = await attempt(
    proc,
    () => proc.files.write(path, changed(old, offset, length, options)),
    (reason) => `fallocate failed: ${reason}`,
  );
  if (status === 0 && options.has('v'))
    await proc.print(`${path}: ${humanSize(length).replace(/^(\d+)$/, '$1 B')} (${length} bytes) allocated.\n`);
  return status;
};

/** What the file holds; a file to make room in may be new. */
function bytesOf(proc: Process, path: string, options: Options): Uint8Array | string {
  try {
    const isNew = !proc.files.exists(path);
    const mustBe = ['p', 'z', 'c', 'i', 'd'].some((letter) => options.has(letter)) && !options.has('z');
    if (isNew && !mustBe) proc.files.write(path, '');
    return proc.files.readBytes(path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return strerror(error);
  }
}

function changed(old: Uint8Array, offset: number, length: number, options: Options): Uint8Array {
  const end = offset + length;
  if (options.has('d')) return old; // nothing here keeps zeros apart from holes
  if (options.has('c')) return Buffer.concat([old.subarray(0, offset), old.subarray(end)]);
  if (options.has('i')) return Buffer.concat([old.subarray(0, offset), new Uint8Array(length), old.subarray(offset)]);
  const isKept = options.has('p') || options.has('n');
  const fresh = new Uint8Array(isKept ? old.length : Math.max(old.length, end));
  fresh.set(old);
  if (options.has('p') || options.has('z')) fresh.fill(0, offset, end);
  return fresh;
}
