// chmod, chown, chgrp.
import type { Stat } from '../machine/files';
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { modeText } from './stat-text';
import { attempt, fail, quote, refused, usage } from './tool';

const WHO: Record<string, number> = { u: 0o700, g: 0o070, o: 0o007 };
const BITS: Record<string, number> = { r: 0o444, w: 0o222, x: 0o111 };

/** A mode, octal or symbolic, applied to an old one; undefined when it is none. */
export function parseMode(text: string, old: number, isDirectory = false): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let mode = old;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=][rwxXst]*)+)$/.exec(clause);
    if (!match) return undefined;
    const who = match[1] || 'a';
    const mask = who.includes('a') ? 0o777 : [...who].reduce((bits, c) => bits | (WHO[c] ?? 0), 0);
    for (const [, sign, letters = ''] of (match[2] ?? '').matchAll(/([-+=])([rwxXst]*)/g)) {
      const executable = isDirectory || (old & 0o111) !== 0;
      let bits = [...letters].reduce((sum, c) => sum | (BITS[c] ?? (c === 'X' && executable ? 0o111 : 0)), 0) & mask;
      if (letters.includes('t')) bits |= 0o1000;
      if (letters.includes('s')) bits |= (mask & 0o100 ? 0o4000 : 0) | (mask & 0o010 ? 0o2000 : 0);
      if (sign === '+') mode |= bits;
      else if (sign === '-') mode &= ~bits;
      else mode = (mode & ~mask) | bits;
    }
  }
  return mode;
}

/** The path and, when asked, all below it. */
function* tree(proc: Process, path: string, recursive: boolean): Generator<string> {
  yield path;
  if (recursive && proc.files.find(path, false)?.type === 'dir')
    for (const name of proc.files.list(path)) yield* tree(proc, `${path}/${name}`, true);
}

export const chmod: Program = async (proc) => {
  // `-x` and the like are modes, not options
  const argv = proc.argv.map((arg) => (/^-[rwxXst]+$/.test(arg) ? `a${arg}` : arg));
  const options = getopt(argv, 'cfRv', {
    changes: 'c',
    recursive: 'R',
    'reference=': 'reference',
    verbose: 'v',
    quiet: 'f',
    silent: 'f',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const reference = options.get('reference');
  const model = reference === undefined ? undefined : proc.files.find(reference);
  if (reference !== undefined && !model)
    return fail(proc, `failed to get attributes of ${quote(proc, reference)}: No such file or directory`);
  const [mode, ...paths] = model ? [model.mode.toString(8).padStart(4, '0'), ...options.rest] : options.rest;
  if (mode === undefined || (model && paths.length === 0)) return usage(proc, 'chmod: missing operand');
  if (paths.length === 0) return usage(proc, `chmod: missing operand after ${quote(proc, mode)}`);
  if (parseMode(mode, 0) === undefined) return usage(proc, `chmod: invalid mode: ${quote(proc, mode)}`);
  let status = 0;
  for (const top of paths)
    for (const path of tree(proc, top, options.has('R'))) {
      const stat = proc.files.find(path);
      if (!stat) {
        status = options.has('f')
          ? 1
          : await fail(proc, `cannot access ${quote(proc, path)}: No such file or directory`);
        continue;
      }
      const changed = parseMode(mode, stat.mode, stat.type === 'dir') ?? stat.mode;
      status =
        (await attempt(
          proc,
          () => proc.files.chmod(path, changed),
          (why) => `changing permissions of ${quote(proc, path)}: ${why}`,
        )) || status;
      if (options.has('v') || (options.has('c') && changed !== stat.mode))
        await proc.print(told(proc, path, stat, changed));
    }
  return status;
};

/** What -v and -c say of a file. */
function told(proc: Process, path: string, stat: Stat, mode: number): string {
  const shown = (bits: number) =>
    `${bits.toString(8).padStart(4, '0')} (${modeText({ type: stat.type, mode: bits }).slice(1)})`;
  return mode === stat.mode
    ? `mode of ${quote(proc, path)} retained as ${shown(mode)}\n`
    : `mode of ${quote(proc, path)} changed from ${shown(stat.mode)} to ${shown(mode)}\n`;
}

export const chown: Program = async (proc) => {
  const options = getopt(proc.argv, 'cfhRv', { recursive: 'R', verbose: 'v', 'no-dereference': 'h' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [spec, ...paths] = options.rest;
  if (spec === undefined) return usage(proc, `${proc.name}: missing operand`);
  if (paths.length === 0) return usage(proc, `${proc.name}: missing operand after ${quote(proc, spec)}`);
  const owner = parseOwner(proc, proc.name === 'chgrp' ? `:${spec}` : spec);
  if (typeof owner === 'string') return fail(proc, `invalid ${owner}: ${quote(proc, spec)}`);
  let status = 0;
  for (const top of paths)
    for (const path of tree(proc, top, options.has('R'))) {
      const stat = proc.files.find(path);
      if (!stat) status = await fail(proc, `cannot access '${path}': No such file or directory`);
      else
        status =
          (await attempt(
            proc,
            () => proc.files.chown(path, owner.uid ?? stat.uid, owner.gid ?? stat.gid),
            (why) => `changing ${proc.name === 'chgrp' ? 'group' : 'ownership'} of '${path}': ${why}`,
          )) || status;
    }
  return status;
};

/** `USER:GROUP` as numbers, or which of them is not known. */
export function parseOwner(proc: Process, spec: string): { uid?: number; gid?: number } | 'user' | 'group' {
  const [user = '', group] = spec.split(/[:.]/);
  const owner: { uid?: number; gid?: number } = {};
  if (user) {
    const found = proc.machine.user(user);
    if (!found && !/^\d+$/.test(user)) return 'user';
    owner.uid = found?.uid ?? Number(user);
  }
  if (group) {
    const line = (proc.machine.text('/etc/group') ?? '').split('\n').find((row) => row.startsWith(`${group}:`));
    if (!line && !/^\d+$/.test(group)) return 'group';
    owner.gid = line ? Number(line.split(':')[2]) : Number(group);
  }
  return owner;
}
