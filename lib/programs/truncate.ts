// truncate: makes files longer or shorter.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { eachFile, fail, parseSize, quote, refused, usage } from './tool';

const BLOCK_BYTES = 4096; // what -o counts in

/** By the character before the size: the new size from the old one. */
const MODES: Record<string, (old: number, size: number) => number> = {
  '': (_, size) => size,
  '+': (old, size) => old + size,
  '-': (old, size) => Math.max(0, old - size),
  '<': (old, size) => Math.min(old, size),
  '>': (old, size) => Math.max(old, size),
  '/': (old, size) => Math.floor(old / size) * size,
  '%': (old, size) => Math.ceil(old / size) * size,
};

export const truncate: Program = async (proc) => {
  const options = getopt(proc.argv, 'cor:s:', {
    'io-blocks': 'o',
    'no-create': 'c',
    'reference=': 'r',
    'size=': 's',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [, mode = '', digits = ''] = /^\s*([-+<>/%]?)(.*)$/s.exec(options.get('s') ?? '') ?? [];
  const reference = options.get('r');
  const [size, given] = [parseSize(digits), options.get('s')];
  if (given !== undefined && size === undefined) return fail(proc, `Invalid number: ${quote(proc, given)}`);
  if (size === 0 && (mode === '/' || mode === '%')) return fail(proc, 'division by zero');
  if (given === undefined && reference === undefined)
    return usage(proc, `truncate: you must specify either ${quote(proc, '--size')} or ${quote(proc, '--reference')}`);
  if (given !== undefined && reference !== undefined && mode === '')
    return usage(
      proc,
      `truncate: you must specify a relative ${quote(proc, '--size')} with ${quote(proc, '--reference')}`,
    );
  if (options.has('o') && given === undefined)
    return usage(proc, `truncate: ${quote(proc, '--io-blocks')} was specified but ${quote(proc, '--size')} was not`);
  if (options.rest.length === 0) return usage(proc, 'truncate: missing file operand');
  const base = reference === undefined ? undefined : sizeOf(proc, reference);
  if (typeof base === 'string') return fail(proc, `cannot stat ${quote(proc, reference ?? '')}: ${base}`);
  const unit = options.has('o') ? BLOCK_BYTES : 1;
  return eachFile(
    proc,
    options.rest,
    async (path) => {
      if (options.has('c') && !proc.files.exists(path)) return;
      const old = proc.files.exists(path) ? proc.files.readBytes(path) : new Uint8Array();
      const from = base ?? old.length;
      const fresh = new Uint8Array(size === undefined ? from : (MODES[mode]?.(from, size * unit) ?? from));
      fresh.set(old.subarray(0, fresh.length));
      proc.files.write(path, fresh);
    },
    (path, reason) => `cannot open ${quote(proc, path)} for writing: ${reason}`,
  );
};

function sizeOf(proc: Process, path: string): number | string {
  try {
    return proc.files.stat(path).size;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return strerror(error);
  }
}
