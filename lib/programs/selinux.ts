// chcon and runcon on a system whose kernel has no SELinux.
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { fail, quote, refused, usage } from './tool';

const LONG = {
  dereference: 'L2',
  'no-dereference': 'h',
  'preserve-root': 'K',
  'no-preserve-root': 'K',
  'reference=': 'reference',
  recursive: 'R',
  'user=': 'u',
  'role=': 'r',
  'range=': 'l',
  'type=': 't',
  verbose: 'v',
};

export const chcon: Program = async (proc) => {
  const options = getopt(proc.argv, 'HLPRhvu:r:t:l:', LONG);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const isPartial = ['u', 'r', 't', 'l'].some((letter) => options.has(letter));
  const [first, ...others] = options.rest;
  if (first === undefined) return usage(proc, 'chcon: missing operand');
  const named = isPartial || options.has('reference');
  if (!named && others.length === 0) return usage(proc, `chcon: missing operand after ${quote(proc, first)}`);
  const reference = options.get('reference');
  if (reference !== undefined && !proc.files.exists(reference))
    return fail(proc, `failed to get security context of '${reference}': No such file or directory`);
  let status = 0;
  for (const path of named ? options.rest : others) status = (await change(proc, path, isPartial)) || status;
  return status;
};

function change(proc: Process, path: string, isPartial: boolean): Promise<number> {
  if (!proc.files.exists(path)) return fail(proc, `cannot access '${path}': No such file or directory`);
  return isPartial
    ? fail(proc, `can't apply partial context to unlabeled file '${path}'`)
    : fail(proc, `failed to change context of '${path}': Operation not supported`);
}

export const runcon: Program = async (proc) => {
  const options = getopt(proc.argv, 'cr:t:u:l:', { ...LONG, compute: 'c' }, true);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const isBare = proc.argv.length === 1;
  if (isBare) return fail(proc, 'failed to get current context: Invalid argument');
  return fail(proc, 'runcon may be used only on a SELinux kernel');
};
